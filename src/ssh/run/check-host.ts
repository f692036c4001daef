import { randomBytes } from 'node:crypto';
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
import { isGuardRefusal, sudoRefusal } from '../../workflow/host/refusals.ts';
import type { RemoteHost, RemoteOutcome } from '../../workflow/ports/host.ts';
import { remoteText } from '../wire/remote-text.ts';

/** The guard's exit statuses for input that is not a request (guard.sh). */
const GUARD_REFUSES: readonly number[] = [64, 69, 78];

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
  const plain = await askWho(remote, { ...onHost, ssh: { ...host.ssh, sudo: false } });
  const plainFailure = loginFailure(host, plain);
  if (plainFailure?.what === 'forced-command') {
    return checksUpTo([...CONNECTION_CHECKS, 'forced-command'], plainFailure.what, plainFailure.why);
  }
  if (plainFailure !== null) return checksUpTo(steps, plainFailure.what, plainFailure.why);
  const sudoFailure = host.ssh.sudo ? whySudoFailed(host, await askWho(remote, onHost)) : null;
  if (sudoFailure !== null) return checksUpTo(steps, 'sudo', sudoFailure);
  const enterFailure = host.enter.length > 0 ? whyEnteringFailed(host, await askWho(remote, host)) : null;
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
  if (answer.kind === 'no-end' && answer.why.code === 'guard-refused') return answer.why.why;
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
  const { outcome, uid } = await askWho(remote, asTrial);
  if (outcome.kind !== 'exited') return 'unclear';
  if (uid !== null) return 'commands';
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

/** How a harmless command ended, and the user id that it printed. Null: it printed none. */
type Who = { readonly outcome: RemoteOutcome; readonly uid: string | null };

/** Has the login print its effective user id. A random word tells that from whatever its start-up files print. */
async function askWho(remote: RemoteHost, host: HostSettings): Promise<Who> {
  const word = `uid-${randomBytes(8).toString('hex')}`;
  const outcome = await remote.run(host, `echo "${word} $(id -u)"`, LIMITS);
  const text = outcome.kind === 'exited' ? new TextDecoder().decode(outcome.output.stdout) : '';
  return { outcome, uid: new RegExp(`^${word} (\\d+)$`, 'm').exec(text)?.[1] ?? null };
}

/** Why the enter command failed. The user inside does not matter, only whether a shell ran. */
function whyEnteringFailed(host: HostSettings, { outcome, uid }: Who): TrialNote | null {
  if (outcome.kind === 'not-connected') return { code: 'ssh', problem: outcome.why };
  const refusal = sudoRefusal(outcome);
  if (refusal !== null) return { code: 'sudo-refused', ...whatEnded(host, outcome), ...refusal };
  if (uid !== null) return null;
  return { code: 'entered-nothing', enter: host.enter, end: endOf(outcome) };
}

function loginFailure(host: HostSettings, { outcome, uid }: Who): { what: HostCheckName; why: TrialNote } | null {
  if (outcome.kind === 'not-connected') {
    return { what: CHECK_FAILED_BY[outcome.reason], why: { code: 'ssh', problem: outcome.why } };
  }
  if (uid !== null) return null;
  if (outcome.kind === 'exited' && isGuardRefusal(outcome.exitCode, outcome.output)) {
    return { what: 'forced-command', why: { code: 'guard-not-expected', host: host.name } };
  }
  return { what: 'login', why: { code: 'account-runs-nothing', ...whatEnded(host, outcome) } };
}

function whySudoFailed(host: HostSettings, { outcome, uid }: Who): TrialNote | null {
  if (outcome.kind === 'not-connected') return { code: 'ssh', problem: outcome.why };
  const refusal = sudoRefusal(outcome);
  if (refusal !== null) return { code: 'sudo-refused', ...whatEnded(host, outcome), ...refusal };
  if (uid === '0') return null;
  return { code: 'sudo-not-root', ...whatEnded(host, outcome) };
}

function whatEnded(host: HostSettings, outcome: Exclude<RemoteOutcome, { kind: 'not-connected' }>) {
  return { host: host.name, at: placeOf(host.ssh), end: endOf(outcome) };
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
