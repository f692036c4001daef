import type { GuardFileState } from '../../model/connection/guard-version.ts';
import type { SudoProblem } from '../../model/connection/no-answer.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { GuardSettings } from '../../model/settings/settings.ts';
import { withoutStop } from '../from-host.ts';
import { visibleText } from '../visible-text.ts';
import { guardReason } from './guard-reasons.ts';
import { planAdvice } from './plan-advice.ts';
import { sudoAdvice } from './sudo-advice.ts';

/** What `check` says of an installed guard: what is wrong, what follows, what to do. */

const MAX_LENGTH = 200;

export function guardInstalled({ path, approverSignature }: GuardSettings, digest: string): string {
  const approvers = approverSignature === 'high-risk' ? "; high-risk plans need an approver's own signature" : '';
  return `installed as ${path}, version matches (sha256 ${digest.slice(0, 12)}…), accepts only signed plans${approvers}`;
}

export function guardSudoRefused(host: HostName, problem: SudoProblem, said: string): string {
  return `sudo on ${host} does not let the login run the guard as root: ${said}. ${sudoAdvice(problem, host)}.`;
}

export function guardSilent(host: HostName, path: string, said: string): string {
  return `no guard answered as ${path} on ${host}: ${said}. The bot can’t check or fix that host until it does. Install it as ${setup(host)} says. If it is installed, check the account’s login shell and its start-up files.`;
}

export function guardNotInstalled(host: HostName, path: string): string {
  return `what answered on ${host} is not the file ${path}. Install the guard as ${setup(host)} says.`;
}

/** The key gets a shell where it should get the guard: sshd(8) takes the first line of authorized_keys that has the key. */
export function keyRunsCommands(host: HostName, user: string): string {
  return `the SSH key can run any command on ${host} as ${user}, not only the guard. The line in authorized_keys is not the guard’s: an older line with this key comes first, or the guard’s line was not added. Run the key’s step of ${setup(host)}, which replaces it.`;
}

/** Neither the guard's refusal nor a command's output came back. */
export function loginUnclear(host: HostName): string {
  return `I couldn’t tell whether the SSH key on ${host} can run anything but the guard. Check that authorized_keys has one line with this key, the one that ${setup(host)} prints, and that the account’s start-up files print nothing.`;
}

export function guardNotRoot(host: HostName, uid: number): string {
  return `the guard on ${host} ran as uid ${uid}, not as root, so it can’t fix anything. The forced command in authorized_keys starts it without sudo. Replace that line with the one that ${setup(host)} prints.`;
}

export function guardOfOtherVersion(host: HostName, found: string, expected: string): string {
  return `the guard on ${host} is a different version (sha256 ${found.slice(0, 12)}…, expected ${expected.slice(0, 12)}…). If you have just upgraded the bot, install the new one as ${setup(host)} says. Otherwise find out who changed it.`;
}

export function guardVersionUnknown(host: HostName): string {
  return `the version of the guard on ${host} is unknown: there is no sha256sum on this host. Install coreutils there.`;
}

const FILE_STATES: Record<Exclude<GuardFileState, 'good'>, string> = {
  absent: 'is not there',
  'open to others': 'can be changed by others than root',
  'no ssh-keygen': 'cannot be used, because the host has no ssh-keygen',
};

export function guardFile(host: HostName, file: string, state: GuardFileState): string {
  const is = state === 'good' ? 'is good' : FILE_STATES[state];
  return `${file} beside the guard on ${host} ${is}, so the guard takes no plan. Make it as ${setup(host)} says.`;
}

export function guardCantRecord(host: HostName, because: GuardReason): string {
  return `no plan can run on ${host}: ${guardReason(because)}. ${planAdvice(because, host)}.`;
}

export function guardWantsApprovers(host: HostName): string {
  return `${host} has approver_signers beside its guard, so it wants an approver's own signature for plans of high risk, and the config does not say so. Set guard.approverSignature to high-risk for this host, or remove that file there.`;
}

export function endedWith(exitCode: number, stderr: string): string {
  const said = saidByHost(stderr);
  return said === '' ? `it ended with status ${exitCode}` : `it ended with status ${exitCode}: ${said}`;
}

/** A host's own words, fit for a sentence. */
export function saidByHost(text: string): string {
  return withoutStop(visibleText(text.replace(/\s+/g, ' ').trim()).slice(0, MAX_LENGTH));
}

function setup(host: HostName): string {
  return `\`registry-doctor host setup ${host}\``;
}
