import type { HostCheckName } from '../../model/host/host-check.ts';
import type { WitnessTrial } from '../../model/record/checkpoint.ts';
import type { HostName } from '../../model/record/ids.ts';
import { grouped } from '../moment.ts';
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

/** What a trial of the witness of the record's checkpoints found, and what to do. */
export function witnessFound(url: string, trial: WitnessTrial): string {
  switch (trial.kind) {
    case 'cosigned':
      return trial.entries === 0 ? url : `${url}, which cosigned ${entries(trial.entries)}`;
    case 'ahead':
      return `${url} cosigned ${entries(trial.size)}, and the record has ${grouped(trial.entries)}. The record is an older copy, or the witness saw another record. ${COMPARE} If entries are missing, restore the newest backup.`;
    case 'contradicted':
      return `${url} cosigned ${entries(trial.entries)}, and the record has others in their place. The record was rewritten, or the witness saw another record. ${COMPARE} If the record was altered, keep it as evidence and restore a backup.`;
    case 'not-as-signed':
      return `the record is not the one that its newest checkpoint was signed over, so ${url} was not asked to cosign it. Run \`registry-doctor audit verify\`.`;
    case 'record-unread':
      return `${url} cosigned ${entries(trial.size)}. The record can’t be read, so they can’t be compared and store.witness.key was not tested. Run \`registry-doctor audit verify\`.`;
    case 'not-cosigned':
      return `${url} answers without a cosignature by its key. Check store.witness.key.`;
    case 'no-answer':
      return `${url} does not answer: ${trial.said}. Checkpoints are kept without its cosignature.`;
    case 'refused':
      return `${url} refuses (HTTP status ${trial.status}). ${trial.status === 404 || trial.status === 403 ? TELL_THE_WITNESS : ''}Checkpoints are kept without its cosignature.`;
  }
}

const COMPARE =
  'Run `registry-doctor audit verify --checkpoint FILE` with the checkpoints that are kept outside of the record.';
const TELL_THE_WITNESS =
  'Tell the witness about this log (the line that `registry-doctor audit key` prints), or check store.witness.url. ';

function entries(amount: number): string {
  return count(amount, 'entry', 'entries');
}
