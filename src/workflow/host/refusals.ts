import { parseGuardReason } from '../../host/frame/parse-guard-reason.ts';
import type { SudoProblem } from '../../model/connection/no-answer.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { RemoteOutcome, RemoteOutput } from '../ports/host.ts';

/** Why sudo ran nothing. `said` is the line in which it, or the shell that missed it, says so. */
export type SudoRefusal = { readonly problem: SudoProblem; readonly said: string };

/** What sudo says under LC_ALL=C when it runs nothing (sudo 1.9, plugins/sudoers; sudo-rs names itself too). */
const REFUSAL = /^(?:sudo(?:-rs)?: |Sorry, user ).*/m;
/** Warnings after which sudo continues; it has no leave to set limits in some containers. */
const WARNING = /^sudo: (?:unable to resolve host |unable to send audit message|setrlimit\().*$/gm;
/** What the usual shells say of a program that is not there: dash, bash, mksh, tcsh; zsh; fish. */
const MISSING = /^.*(?:\bsudo: (?:inaccessible or |command )?not found|not found: sudo|Unknown command: '?sudo).*/im;
/** sudoers(5), requiretty. */
const WANTS_TERMINAL = /\btty\b/;
/** With which a shell ends if a program is not there. tcsh ends with 1. */
const NO_SUCH_COMMAND = [127, 1];

/**
 * Whether `sudo -n` refused to run the script (a password is required, the rule or sudo itself is missing). Then
 * nothing of the script has run. Recognized by the exit code, a stdout in which no guard has begun to answer, and sudo's
 * own words on stderr. With only the exit code, a script's own 1 would look the same.
 */
export function sudoRefusal(outcome: RemoteOutcome): SudoRefusal | null {
  if (outcome.kind !== 'exited' || hasBegun(outcome.output)) return null;
  const stderr = textOf(outcome.output.stderr).replace(WARNING, '');
  const missing = NO_SUCH_COMMAND.includes(outcome.exitCode) ? MISSING.exec(stderr) : null;
  if (missing !== null) return { problem: 'missing', said: bounded(missing[0]) };
  const refused = outcome.exitCode === 1 ? REFUSAL.exec(stderr) : null;
  if (refused === null) return null;
  return { problem: WANTS_TERMINAL.test(refused[0]) ? 'wants-terminal' : 'not-allowed', said: bounded(refused[0]) };
}

/** EX_CONFIG (sysexits.h): accounts other than root can change the guard or its files (scripts/guard.sh). */
const NOT_TRUSTED = 78;
/** EX_UNAVAILABLE (sysexits.h): the host has no program that the guard needs. */
const NO_TOOL = 69;
/** EX_USAGE (sysexits.h): what it read is no request. */
const NOT_A_REQUEST = 64;
const SAID = /^registry-doctor guard: ([ -~]{1,300})$/m;

/**
 * Whether an installed guard refused what was sent. A host without `guard:` in the config is sent no request, so this
 * shows that its key is forced to a guard.
 */
export function isGuardRefusal(exitCode: number, output: RemoteOutput): boolean {
  if (hasBegun(output) || ![NOT_A_REQUEST, NOT_TRUSTED].includes(exitCode)) return false;
  return SAID.test(textOf(output.stderr));
}

/**
 * Why the guard read no request. Null if that is not certain. Recognized by its status and its words before any answer:
 * it checks its own path and its tools before anything else.
 */
export function guardRefusal(outcome: Extract<RemoteOutcome, { kind: 'exited' }>): GuardReason | null {
  if (![NO_TOOL, NOT_TRUSTED].includes(outcome.exitCode) || hasBegun(outcome.output)) return null;
  const [, said = null] = SAID.exec(textOf(outcome.output.stderr)) ?? [];
  return said === null ? null : parseGuardReason(said);
}

/** What every answer of a guard begins with (scripts/lib/frame.sh). Start-up files of the login can print before it. */
const BEGINNING = 'registry-doctor/1';

/** Whether a guard might have begun to answer. Of an output that was cut off no one knows. */
export function hasBegun({ stdout, truncated }: RemoteOutput): boolean {
  return truncated || textOf(stdout).includes(BEGINNING);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const MAX_SAID = 400;

function bounded(line: string): string {
  return line.slice(0, MAX_SAID);
}
