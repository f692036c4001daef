import type { HostCheckName } from '../../model/host/host-check.ts';
import type { WitnessAnswer } from '../../model/record/checkpoint.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { NeverApproved } from '../never-approved.ts';
import { count } from './time.ts';

/** What `registry-doctor check` prints, but for what it says about Slack and an installed guard. */

export const CHECK_RESULTS = { ok: 'ok', failed: 'FAILED', skipped: 'skipped', note: 'note' } as const;

/** One check; `detail` is empty where there is nothing to add. */
export function checkLine(what: string, detail: string): string {
  return detail === '' ? what : `${what}: ${detail}`;
}

export function configIsGood(file: string, hosts: number): string {
  return `${file}, ${count(hosts, 'host')}`;
}

/** Root can do what the bot's user can't. `command`: how to check as that user. */
export function ranAsRootInsteadOf(user: string, command: string): string {
  return `this ran as root. The service runs as ${user}: check as that user (\`${command}\`)`;
}

export function neverApprovedOn(never: NeverApproved): string {
  const { host, risk, needed } = never;
  const plans = risk === 'any' ? `plans for ${host}` : `${risk}-risk plans for ${host}`;
  switch (never.why) {
    case 'no-one-named':
      return `no one can approve ${plans}. Add people to policy.approvers`;
    case 'too-few-named':
      return `${plans} need ${count(needed, 'approver')}, but policy.approvers names ${never.named}. Add more, or set approvalsNeeded.${risk}: ${never.named}`;
    case 'only-approvers-request':
      return `no one can approve ${plans}: they need ${count(needed, 'approver')}, and without the requester ${areLeft(never.left)}. Only approvers can request them. Add approvers or requesters, or set policy.allowSelfApproval: true`;
    case 'if-approver-requests':
      return `if an approver requests them, no one can approve ${plans}: they need ${count(needed, 'approver')}, and without the requester ${areLeft(never.left)}. Add approvers, or set policy.allowSelfApproval: true`;
  }
}

/** Warnings of a watched host open no incident. Only deeper looks and the nightly look tell them. */
export function warningsUntold(watched: number): string {
  return `no fleetLook: section and watch.deepLookMinutes: 0, so no one is told of warnings on ${count(watched, 'watched host')}. An ending certificate or a nearly full disk opens no incident. Set fleetLook.at, for example "03:00"`;
}

function areLeft(left: number): string {
  if (left === 0) return 'no one is left';
  return `only ${left} ${left === 1 ? 'is' : 'are'} left`;
}

/** What is checked of one host, in this order as far as it applies. */
const HOST_CHECKS = {
  key: 'SSH key',
  'known-hosts': 'known hosts',
  reach: 'reached',
  'host-key': 'host key',
  login: 'login',
  'forced-command': 'forced command',
  sudo: 'sudo',
  enter: 'enter',
  guard: 'guard',
  watch: 'monitoring',
} as const satisfies Record<HostCheckName, string>;

export const CHECKS = {
  trying: 'checking everything',
  config: 'config file',
  user: 'user',
  policy: 'policy',
  nightlyLook: 'nightly look',
  breakGlass: 'break glass',
  breakGlassUnreadable: (file: string) => `can’t read ${file}, so \`fix\` would reject every key`,
  breakGlassNoKey: (file: string) =>
    `no line of ${file} is a key that may sign for break glass, so \`fix\` would reject every key. A line looks like: ann namespaces="registry-doctor-break-glass" ssh-ed25519 AAAA…`,
  environment: 'environment',
  environmentGood: 'all required variables are set',
  record: 'record',
  noStore:
    'no store: section, so `serve` doesn’t start. Set store.url, for example sqlite:/var/lib/registry-doctor-bot/registry-doctor.db',
  noSlack: 'no slack: section, so `diagnose` works and `serve` doesn’t',
  slack: 'Slack',
  signing: 'signing key',
  witness: 'witness of the record',
  noSignedCheckpoint: 'no checkpoint can be signed: see signing.key',
  host: (host: HostName, what: HostCheckName) => `${host}: ${HOST_CHECKS[what]}`,
  earlierFailed: 'an earlier check failed',
} as const;

/** "All checks passed" is said only where nothing failed and nothing was skipped. */
export function checkSummary({
  failed,
  skipped,
  notes,
}: Readonly<Record<'failed' | 'skipped' | 'notes', number>>): string {
  const noted = notes === 0 ? '' : `, ${count(notes, 'note')}`;
  if (failed + skipped === 0) return `All checks passed${noted}.`;
  const failures = failed === 0 ? 'No check failed' : `${count(failed, 'check')} failed`;
  return `${failures}${skipped === 0 ? '' : `, ${skipped} skipped`}${noted}.`;
}

/** What the witness of the record's checkpoints answered, and what to do. */
export function witnessAnswered(url: string, answer: WitnessAnswer): string {
  switch (answer.kind) {
    case 'cosigned':
      return url;
    case 'at':
      return `${url}, which cosigned ${count(answer.size, 'entry', 'entries')}`;
    case 'not-cosigned':
      return `${url} answers without a cosignature by its key. Check store.witness.key.`;
    case 'no-answer':
      return `${url} does not answer: ${answer.said}. Checkpoints are kept without its cosignature.`;
    case 'refused':
      return `${url} refuses (HTTP status ${answer.status})${answer.status === 404 || answer.status === 403 ? '. Give its operator the line that `registry-doctor audit key` prints' : ''}. Checkpoints are kept without its cosignature.`;
  }
}
