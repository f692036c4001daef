import type { RemoteOutcome } from './ports.ts';

const NO_SUCH_COMMAND = 127;

/** What sudo says under LC_ALL=C when it runs nothing (sudo 1.9, plugins/sudoers; sudo-rs names itself as well). */
const REFUSAL = /^(sudo(-rs)?: |Sorry, user )/m;
/** A warning after which sudo goes on. */
const WARNING = /^sudo: unable to resolve host .*$/gm;
const MISSING = /\bsudo: (command )?not found/;

/**
 * Whether `sudo -n` refused to run the script (a password is wanted, the rule is missing, there is no sudo at all). Then
 * nothing of the script has run. Told by the exit code, an empty stdout and sudo's own words on stderr: for the exit code
 * alone a script's own 1 would look the same.
 */
export function isSudoRefusal(outcome: RemoteOutcome): boolean {
  if (outcome.kind !== 'exited' || outcome.output.stdout.length > 0) return false;
  const stderr = new TextDecoder().decode(outcome.output.stderr);
  if (outcome.exitCode === NO_SUCH_COMMAND) return MISSING.test(stderr);
  return outcome.exitCode === 1 && REFUSAL.test(stderr.replace(WARNING, ''));
}
