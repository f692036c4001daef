import type { GuardFileState } from '../../model/guard-version.ts';
import type { HostName } from '../../model/ids.ts';
import type { GuardSettings } from '../../model/settings.ts';
import { visibleText } from '../visible-text.ts';

/** What `check` says of an installed guard: what is wrong, what follows, what to do. */

const LONGEST = 200;

export function guardInstalled({ path, approverSignature }: GuardSettings, digest: string): string {
  const approvers = approverSignature === 'high-risk' ? "; plans of high risk need an approver's own signature" : '';
  return `installed as ${path}, the one of this bot (sha256 ${digest.slice(0, 12)}…), takes signed plans alone${approvers}`;
}

export function guardSudoRefused(host: HostName, said: string): string {
  return `sudo on ${host} does not let the login run the guard as root: ${said}. Install the sudoers line that ${setup(host)} prints.`;
}

export function guardSilent(host: HostName, path: string, said: string): string {
  return `no guard answered as ${path} on ${host}: ${said}. Nothing on that host can be looked at or mended until it does. Install it as ${setup(host)} says.`;
}

export function guardNotInstalled(host: HostName, path: string): string {
  return `what answered on ${host} is not the file ${path}. Install the guard as ${setup(host)} says.`;
}

export function guardNotRoot(host: HostName, uid: number): string {
  return `the guard on ${host} runs as uid ${uid}, not as root, so it can mend nothing. Set "sudo: true" for this host and install the sudoers line that ${setup(host)} prints.`;
}

export function guardOfOtherVersion(host: HostName, found: string, expected: string): string {
  return `the guard on ${host} is another one (sha256 ${found.slice(0, 12)}…) than this bot brings (${expected.slice(0, 12)}…). Look who changed it; then install this one as ${setup(host)} says.`;
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

export function guardWantsApprovers(host: HostName): string {
  return `${host} has approver_signers beside its guard, so it wants an approver's own signature for plans of high risk, and the config does not say so. Set guard.approverSignature to high-risk for this host, or remove that file there.`;
}

export function endedWith(exitCode: number, stderr: string): string {
  const said = saidByHost(stderr);
  return said === '' ? `it ended with status ${exitCode}` : `it ended with status ${exitCode}: ${said}`;
}

/** A host's own words, fit for a sentence. */
export function saidByHost(text: string): string {
  return visibleText(text.replace(/\s+/g, ' ').trim()).slice(0, LONGEST);
}

function setup(host: HostName): string {
  return `\`registry-doctor host setup ${host}\``;
}
