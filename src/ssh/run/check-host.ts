import { placeOf } from '../../model/connection/ssh-problem.ts';
import {
  checksUpTo,
  type HostCheck,
  type HostCheckName,
  type TrialEnd,
  type TrialNote,
} from '../../model/host/host-check.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { askGuardVersion } from '../../workflow/host/ask-guard-version.ts';
import { CHECK_FAILED_BY, CONNECTION_CHECKS } from '../../workflow/host/connection-checks.ts';
import { isGuardRefusal, isSudoRefusal } from '../../workflow/host/run-guard.ts';
import type { RemoteHost, RemoteOutcome } from '../../workflow/ports.ts';
import { remoteText } from '../wire/remote-text.ts';

/** The guard's exit statuses for input that is not a request (guard.sh). */
const GUARD_REFUSES: readonly number[] = [64, 78];

/** Prints the effective user id. That is harmless and proves that the account runs commands. */
const WHO_AM_I = 'id -u';
const LIMITS = { timeoutMs: 15_000, maxOutputBytes: 4096 };
/**
 * Checks a host whose guard comes over standard input: connection, host key, login and (if configured) sudo and the
 * enter command, each by a real round trip.
 */
export async function checkHost(remote: RemoteHost, host: HostSettings): Promise<readonly HostCheck<TrialNote>[]> {
  const steps: HostCheckName[] = [
    ...CONNECTION_CHECKS,
    ...(host.ssh.sudo ? (['sudo'] as const) : []),
    ...(host.enter.length > 0 ? (['enter'] as const) : []),
  ];
  const onHost = { ...host, enter: [] };
  const plain = await remote.run({ ...onHost, ssh: { ...host.ssh, sudo: false } }, WHO_AM_I, LIMITS);
  const plainFailure = loginFailure(host, plain);
  if (plainFailure?.what === 'forced-command') {
    return checksUpTo([...CONNECTION_CHECKS, 'forced-command'], plainFailure.what, plainFailure.why);
  }
  if (plainFailure !== null) return checksUpTo(steps, plainFailure.what, plainFailure.why);
  const sudoFailure = host.ssh.sudo ? whySudoFailed(host, await remote.run(onHost, WHO_AM_I, LIMITS)) : null;
  if (sudoFailure !== null) return checksUpTo(steps, 'sudo', sudoFailure);
  const enterFailure = host.enter.length > 0 ? whyEnteringFailed(host, await remote.run(host, WHO_AM_I, LIMITS)) : null;
  if (enterFailure !== null) return checksUpTo(steps, 'enter', enterFailure);
  const good = checksUpTo<TrialNote>(steps, null, null);
  if (!isRootThere(host)) return [...good, noSudo(host), guardCheck(host, null)];
  return [...good, guardCheck(host, await whyRecordRefused(remote, host))];
}

function isRootThere({ ssh }: HostSettings): boolean {
  return ssh.sudo || ssh.user === 'root';
}

/** Why the guard, sent there, could record no plan. Null: it could, or gave no answer, which the diagnosis tells. */
async function whyRecordRefused(remote: RemoteHost, host: HostSettings): Promise<GuardReason | null> {
  const answer = await askGuardVersion(remote, host);
  return answer.kind === 'version' ? answer.version.recordRefused : null;
}

/**
 * What a login runs. `guard`: sshd runs the guard whatever is requested, and the guard refused. `unclear`: neither was
 * shown.
 */
export type LoginRuns = 'commands' | 'guard' | 'unclear';

/**
 * Finds out what the login runs if it is asked for a harmless command. On a host with an installed guard, the key must
 * not be able to run it.
 */
export async function whatLoginRuns(remote: RemoteHost, host: HostSettings): Promise<LoginRuns> {
  const asTrial = { ...host, guard: null, enter: [], ssh: { ...host.ssh, sudo: false } };
  const outcome = await remote.run(asTrial, WHO_AM_I, LIMITS);
  if (outcome.kind !== 'exited') return 'unclear';
  if (/^\d+$/m.test(new TextDecoder().decode(outcome.output.stdout))) return 'commands';
  return GUARD_REFUSES.includes(outcome.exitCode) ? 'guard' : 'unclear';
}

function noSudo({ ssh }: HostSettings): HostCheck<TrialNote> {
  return { what: 'sudo', result: 'note', why: { code: 'without-sudo', user: ssh.user } };
}

function guardCheck(host: HostSettings, because: GuardReason | null): HostCheck<TrialNote> {
  const { name, ssh } = host;
  if (because !== null) {
    return { what: 'guard', result: 'failed', why: { code: 'record-refused', host: name, because } };
  }
  const why: TrialNote = { code: 'guard-over-stdin', host: name, user: ssh.user, asRoot: isRootThere(host) };
  return { what: 'guard', result: 'ok', why };
}

/** Why the enter command failed. The user inside does not matter, only whether a shell ran. */
function whyEnteringFailed(host: HostSettings, outcome: RemoteOutcome): TrialNote | null {
  if (outcome.kind === 'not-connected') return { code: 'ssh', problem: outcome.why };
  if (isSudoRefusal(outcome)) return { code: 'sudo-refused', ...whatEnded(host, outcome) };
  if (userIdIn(outcome) !== null) return null;
  return { code: 'entered-nothing', enter: host.enter, end: endOf(outcome) };
}

function loginFailure(host: HostSettings, outcome: RemoteOutcome): { what: HostCheckName; why: TrialNote } | null {
  if (outcome.kind === 'not-connected') {
    return { what: CHECK_FAILED_BY[outcome.reason], why: { code: 'ssh', problem: outcome.why } };
  }
  if (userIdIn(outcome) !== null) return null;
  if (outcome.kind === 'exited' && isGuardRefusal(outcome.exitCode, outcome.output)) {
    return { what: 'forced-command', why: { code: 'guard-not-expected', host: host.name } };
  }
  return { what: 'login', why: { code: 'account-runs-nothing', ...whatEnded(host, outcome) } };
}

function whySudoFailed(host: HostSettings, outcome: RemoteOutcome): TrialNote | null {
  if (outcome.kind === 'not-connected') return { code: 'ssh', problem: outcome.why };
  if (isSudoRefusal(outcome)) return { code: 'sudo-refused', ...whatEnded(host, outcome) };
  if (userIdIn(outcome) === '0') return null;
  return { code: 'sudo-not-root', ...whatEnded(host, outcome) };
}

function whatEnded(host: HostSettings, outcome: Exclude<RemoteOutcome, { kind: 'not-connected' }>) {
  return { host: host.name, at: placeOf(host.ssh), end: endOf(outcome) };
}

function userIdIn(outcome: RemoteOutcome): string | null {
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) return null;
  const text = new TextDecoder().decode(outcome.output.stdout);
  return /^(\d+)\n$/.exec(text)?.[1] ?? null;
}

function endOf(outcome: Exclude<RemoteOutcome, { kind: 'not-connected' }>): TrialEnd {
  switch (outcome.kind) {
    case 'exited': {
      const { stdout, stderr } = outcome.output;
      const said = [stderr, stdout]
        .map((bytes) => remoteText(new TextDecoder().decode(bytes)))
        .find((text) => text !== '');
      return { code: 'exited', exitCode: outcome.exitCode, said: said ?? '' };
    }
    case 'timed-out':
      return { code: 'no-answer', timeoutMs: outcome.timeoutMs };
    case 'no-exit-status':
      return { code: 'ssh', problem: outcome.why };
  }
}
