import type { PlanDraft } from '../../model/plan/plan.ts';
import type { HostName, IncidentId } from '../../model/record/ids.ts';
import { shellWord } from '../setup-words.ts';
import { count } from './time.ts';

/** What the command line says; what it says about a diagnosis or the record is shared with the thread. */

export const DESCRIPTIONS = {
  program: 'Find out why a container registry can’t use its storage, and fix it with approval.',
  serve: 'Run the Slack bot',
  drain: 'let the bot that runs with this config finish its work and end, and wait for it',
  diagnose: 'Diagnose a host (read-only)',
  diagnoseExits: `
Exit status: 0 healthy, 1 faulty, 2 usage or config error, 3 inconclusive or unreachable.`,
  check: 'Test the config, SSH access, sudo and Slack',
  checkExits: `
Exit status: 0 no check failed, 1 a check failed.`,
  health: 'Ask the running bot whether it is healthy (for a container’s health check)',
  audit: 'Read, verify and export the audit record',
  auditList: 'List the latest entries',
  auditVerify: 'Verify every entry, the hash chain and the signed checkpoints',
  checkpointFile: 'a file of checkpoints that was kept elsewhere, to compare the record with',
  verifySlack: 'compare the record with what Slack shows in its threads',
  verifyHost: 'a host of the config file, to compare the record with the plans and checkpoints that it holds',
  auditCheckpoint: 'Print the newest signed checkpoint of the record, to keep elsewhere',
  auditKey: 'Print the public key of the checkpoints, as other verifiers take it',
  auditBackup: 'Copy the record to a new file while the bot runs, and verify the copy',
  backupFile: 'the new file',
  auditStream: 'Print entries as JSON lines for a SIEM (OCSF), in order',
  streamAfter: 'only entries after this number, to resume a stream',
  streamFollow: 'wait for new entries, until Ctrl-C or SIGTERM',
  auditMigrate: 'Copy a record from a file to the Postgres database of the config, and prove the copy',
  migrateFrom: 'the record to copy, as sqlite:PATH; no bot may run on it',
  auditErase: 'Erase a person, or what people typed in an incident, from the record; the chain stays provable',
  eraseIncident: 'everything erasable of this incident',
  erasePerson: 'a person: Slack’s user id (U…), a name at a terminal, or one in breakGlass.allowedSigners',
  eraseYes: 'erase it; without this option, only say what would be erased',
  auditExport: 'Export an incident with its proof: plan, review, execution, record',
  exportFormat: 'Markdown, HTML with the pictures, JSON, or the entries as OCSF events without a proof',
  exportSince: 'every incident with an entry since then (2026-11-01, or a time with its zone) instead of one',
  exportUntil: 'and before then',
  documentArgument: 'an exported document to verify instead, offline and without the config',
  documentKey: 'the public key for that, as `audit key` prints it, or a file with it',
  host: 'Set up hosts',
  hostSetup: 'Print the setup steps for a host',
  fix: 'Break glass: fix a host without Slack. Needs a reason and an SSH key; everything is recorded',
  fixKey:
    'a key that breakGlass.allowedSigners in the config names: a private key, or the public half of one in an agent or in hardware',
  fixExits: '\nExit status: 0 fixed and healthy, 1 not, 2 usage or config error, 3 host could not be diagnosed.',
  hostGuard: 'Print the guard: the only program that runs as root on a host',
  sign: 'Review and sign a plan as an approver (signature to stdout)',
  signExits: `
Exit status: 0 signed, 1 not signed, 2 usage error or not a plan.`,
  planArgument: 'a file with the plan’s text, - for standard input, or the plan’s id (142-1) with --config',
  key: 'your private key, or the .pub file of one in your ssh-agent',
  signConfig: 'the config file that names the record, to sign a plan by its id',
  signYes: 'sign without confirmation',
  playground: 'Run the demo: no Slack, no server needed',
  lang: 'language of the output (default: as LC_ALL, LC_MESSAGES or LANG says)',
  config: 'the config file',
  json: 'print one JSON object; its shape is stable',
  saveFacts: 'save the collected facts to a file',
  facts: 'diagnose saved facts instead of a host',
  limit: 'maximum number of entries',
  incident: 'only entries of this incident',
  yes: 'approve without asking',
  hostArgument: 'host name in the config file',
  incidentArgument: 'incident number',
} as const;

export const USAGE = {
  hostOrFacts: 'error: name a HOST, or give saved facts with --facts',
  notBoth: 'error: --facts can’t be combined with HOST, --config or --save-facts',
  configNeeded:
    "error: required option '--config <file>' not specified, for example --config /etc/registry-doctor/config.yml",
  wholeNumber: 'must be a whole number, 1 or greater',
  moment: 'expected a date or a time with its zone, for example 2026-11-01 or 2026-11-01T08:00:00Z',
  documentOnly: 'error: a document is verified by --key or --config only',
  incidentOrSince: 'error: name an INCIDENT, or the start of a time with --since',
} as const;

export function planHeading({ risk }: PlanDraft): string {
  return risk === 'low' ? 'Proposed fix (low access risk)' : 'Proposed fix (high access risk: review every line)';
}

export const DRAFT_NOT_APPROVABLE =
  'Nothing was changed. To have it approved, run and recorded, ask for the same diagnosis in Slack.';

export function unknownHost(name: string, nearest: readonly HostName[], known: readonly HostName[]): string {
  if (nearest.length > 0) return `Unknown host ${quoted(name)}. Did you mean ${nearest.map(quoted).join(' or ')}?`;
  return `Unknown host ${quoted(name)}. Hosts in the config: ${known.map(quoted).join(', ')}.`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

export function lookingAt(host: HostName): string {
  return `looking at ${host}`;
}

export function factsSaved(file: string): string {
  return `Facts saved to ${file}. \`registry-doctor diagnose --facts ${shellWord(file)}\` diagnoses them again.`;
}

export function noFactsToSave(file: string): string {
  return `No facts to save: ${file} was not written.`;
}

export function rawProbeSaved(file: string): string {
  return `No facts to save, because the host’s output could not be read. The output itself is in ${file}.`;
}

export function fileNotWritten(file: string, why: string): string {
  return `Can’t write ${file}: ${why}.`;
}

export function factsUnreadable(file: string, why: string): string {
  return `Can’t read facts from ${file}: ${why}.`;
}

export const FACTS_PROBLEMS = {
  tooLarge: (maxBytes: number) => `it is larger than ${maxBytes / 1024 / 1024} MiB`,
  notJson: 'it is not JSON',
  notFacts: (place: string, why: string) => `${place === '' ? '' : `${place}: `}${why}`,
} as const;

// audit

export const AUDIT_HEADING = ['entry', 'when', 'incident', 'what', 'who', 'plan', 'outcome'] as const;

export function slackUser(id: string): string {
  return `Slack user ${id}`;
}

export const NO_ENTRIES = 'There are no entries.';

export function recordIntact(entries: number, last: string | null): string {
  if (last === null) return 'Record intact: no entries yet.';
  return `Record intact: ${count(entries, 'entry', 'entries')}, last ${last}.`;
}

/** `isKeyKnown`: the signatures were verified. */
export function recordCheckpointed(entries: number, isKeyKnown: boolean): string {
  if (entries === 0) return 'No signed checkpoint covers it: who can write the file could have rewritten all of it.';
  const covered = `Its checkpoints cover the first ${count(entries, 'entry', 'entries')}`;
  return isKeyKnown
    ? `${covered}; their signatures are valid.`
    : `${covered}. Their signatures were NOT verified: the config has no signing key, or there is no Ed25519 key in its .pub file.`;
}

export function checkpointsAgree(file: string, checkpoints: number): string {
  return `The record agrees with ${count(checkpoints, 'checkpoint')} in ${file}.`;
}

export function noCheckpointIn(file: string): string {
  return `There is no checkpoint in ${file}. Nothing was verified. Name a file that store.checkpoints or \`registry-doctor audit checkpoint\` has written.`;
}

export function checkpointsUnreadable(file: string, why: string): string {
  return `Can’t read ${file}: ${why}. Nothing was verified.`;
}

export const NO_CHECKPOINT =
  'The record has no checkpoint: set signing.key in the config file. The bot then signs one within a minute of each new entry.';

/** `file`: the key in the config file. */
export function noRecordKey(file: string | null): string {
  return file === null
    ? 'There is no key: set signing.key in the config file.'
    : `There is no Ed25519 public key in ${file}.pub. Make it with: ssh-keygen -y -f ${shellWord(file)} > ${shellWord(`${file}.pub`)}`;
}

export function recordBroken(entries: number, problems: number): string {
  return `Record check FAILED: ${count(problems, 'problem')} in ${count(entries, 'entry', 'entries')}. Keep the file unchanged as evidence, and compare it with the Slack threads, which show each entry’s original number and hash.`;
}

export const NO_INCIDENT_THEN = 'No incident has an entry in that time.';

export function unknownIncident(incident: IncidentId): string {
  return `There is no incident ${incident} on record.`;
}

// serve

export function notStarted(why: string): string {
  return `The bot did not start: ${why}`;
}

/** A bug, or a machine that is broken: no advice is possible, only what happened. */
export function unexpected(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `registry-doctor: internal error. Please report it with these lines:\n${what}`;
}
