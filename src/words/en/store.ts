import type { HeldOutcome } from '../../model/record/held-plans.ts';
import type { CheckpointSource, RecordProblem, RecordWitness } from '../../model/record/record.ts';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import type { UnreadableRow } from '../../model/record/unreadable-row.ts';
import { sentences } from '../sentences.ts';
import { shellWord } from '../setup-words.ts';
import { auditOutcome } from './audit-outcome.ts';
import { systemClause } from './system-error.ts';

/** Why the record cannot be used, what was not done, and what to do. */
export function storeUnavailable(problem: StoreProblem): string {
  return `${whatHappened(problem)} Nothing is diagnosed, approved or changed without a record. ${whatToDo(problem)}`;
}

function whatHappened(problem: StoreProblem): string {
  switch (problem.kind) {
    case 'not-a-record-url':
      return `The record cannot be at "${problem.url}": that is neither "sqlite:" and a path nor a postgres:// URL.`;
    case 'directory-missing':
      return `The record cannot be at ${problem.path}: there is no directory ${problem.directory}.`;
    case 'file-missing':
      return `There is no record at ${problem.path}.`;
    case 'not-a-file':
      return `The record cannot be at ${problem.path}: that is not a file.`;
    case 'not-writable':
      return `The record at ${problem.path} cannot be written: ${systemClause(problem.why)}.`;
    case 'of-another-user':
      return `${problem.path} was not created: this runs as root, and ${problem.directory} belongs to ${problem.user}, who could not write a file of root’s.`;
    case 'not-a-database':
      return `The file ${problem.path} is not an SQLite database.`;
    case 'damaged':
      return `The database ${problem.path} is damaged: ${systemClause(problem.why)}.`;
    case 'foreign-database':
      return `The database ${problem.path} belongs to another program.`;
    case 'schema-unknown':
      return `The record at ${problem.path} is not one that this version can read: ${WRITTEN_BY[problem.by]} (it has ${problem.unknownMigrations.join(', ')}).`;
    case 'schema-older':
      return `The record at ${problem.path} was last used by an older version.`;
    case 'disk-full':
      return `The record at ${problem.path} cannot be written: its disk is full.`;
    case 'locked':
      return `The record at ${problem.path} was locked by another process for ${problem.waitedMs / 1000} s.`;
    case 'no-write-ahead-log':
      return `The record cannot be at ${problem.path}: the filesystem there cannot hold a write-ahead log.`;
    case 'file-replaced':
      return `The record at ${problem.path} was removed or replaced while it was in use.`;
    case 'check-stopped':
      return `The record at ${problem.path} was not verified: a thread of the check ended too early (${systemClause(problem.why)}).`;
    case 'failed':
      return `The record at ${problem.path} cannot be used: ${systemClause(problem.why)}.`;
    case 'server-unreachable':
      return `The record at ${problem.server} cannot be reached: ${systemClause(problem.why)}.`;
    case 'login-refused':
      return `The record at ${problem.server} refused the login: ${systemClause(problem.why)}.`;
    case 'tls-failed':
      return `The connection to the record at ${problem.server} is not protected: ${systemClause(problem.why)}.`;
    case 'database-missing':
      return `There is no record at ${problem.server}: the server has no such database.`;
    case 'not-granted':
      return `The account has too few rights on the record at ${problem.server}: ${systemClause(problem.why)}.`;
    case 'server-slow':
      return `The record at ${problem.server} did not answer in time: ${systemClause(problem.why)}.`;
    case 'server-full':
      return `The server of the record at ${problem.server} accepts no more connections.`;
    case 'server-disk-full':
      return `The record at ${problem.server} cannot be written: the disk of the server is full.`;
    case 'server-read-only':
      return `The record at ${problem.server} cannot be written: the server only lets me read, as a standby does.`;
    case 'bot-elsewhere':
      return `A bot works on the record at ${problem.server}, or the record is being copied there.`;
    case 'out-of-touch':
      return `This bot could not reach the record at ${problem.server} for some seconds, so other bots do its work.`;
    case 'older-copy':
      return `The record at ${problem.server} is an older copy, or another record: it does not have entry ${problem.entry}, which this bot has seen.`;
    case 'commit-unknown':
      return `The connection to ${problem.server} was lost while a change was recorded. Unknown: whether it was.`;
    case 'commits-not-durable':
      return `The record cannot be at ${problem.server}: ${problem.setting} is off there, so what the server confirms can be lost in a power cut.`;
    case 'password-unreadable':
      return `Can’t read the password file ${problem.path}: ${systemClause(problem.why)}.`;
    case 'certificates-unreadable':
      return `Can’t read the certificates in ${problem.path}: ${systemClause(problem.why)}.`;
  }
}

function whatToDo(problem: StoreProblem): string {
  switch (problem.kind) {
    case 'not-a-record-url':
      return 'Set store.url to, for example, sqlite:./registry-doctor.db or postgres://registry_doctor@db.example.com/registry_doctor, without a password.';
    case 'directory-missing':
      return 'Create the directory, or correct store.url.';
    case 'file-missing':
      return 'Correct store.url (a relative path starts where the config file is), or start the bot once.';
    case 'not-a-file':
    case 'not-a-database':
    case 'foreign-database':
      return 'Set store.url to a file or a database of its own; a file that does not exist yet is created.';
    case 'not-writable':
      return 'Let the user that this runs as own the file, and write in its directory.';
    case 'of-another-user':
      return `Run this as ${problem.user}: \`runuser -u ${shellWord(problem.user)} -- …\`.`;
    case 'damaged':
      return 'Restore the last good backup; keep the damaged file, it is evidence.';
    case 'schema-unknown':
      return TO_DO_BY[problem.by];
    case 'schema-older':
      return 'Start the bot of this version once: it brings the record up to date.';
    case 'disk-full':
      return 'Free some space: the bot then goes on without a restart.';
    case 'locked':
      return 'End the other process; one record is for one bot.';
    case 'no-write-ahead-log':
      return 'Put it on a local disk, not on a network filesystem.';
    case 'file-replaced':
      return 'Restart the bot, and find out who moved the file.';
    case 'check-stopped':
      return 'Verify it again, with more free memory if it had too little.';
    case 'failed':
      return 'Fix that and restart.';
    case 'server-unreachable':
      return 'Check that Postgres runs, and host and port in store.url. A running bot goes on as soon as it is back.';
    case 'login-refused':
      return 'Check the user in store.url, store.passwordFile or PGPASSWORD, and pg_hba.conf on the server.';
    case 'tls-failed':
      return 'Check the server’s certificate, and sslmode and sslrootcert in store.url.';
    case 'database-missing':
      return 'Create it with `createdb`, or correct store.url.';
    case 'not-granted':
      return 'Let the account own the database, or grant what docs/operations.md lists.';
    case 'server-slow':
      return 'Find what blocks the server: `SELECT * FROM pg_stat_activity`.';
    case 'server-full':
      return 'Raise max_connections, or end what uses them up.';
    case 'server-disk-full':
      return 'Make room on the server. A running bot goes on as soon as there is some.';
    case 'server-read-only':
      return 'Let store.url name the primary.';
    case 'bot-elsewhere':
      return 'End the bots of this record, or wait until it is copied. If a machine is gone, the server notices within half a minute.';
    case 'out-of-touch':
      return 'Try again in a few seconds: it joins the others again on its own.';
    case 'older-copy':
      return 'Let store.url lead to the database that has the entry: a running bot goes on as soon as it does. To go on with this database anyway, run `registry-doctor audit verify` on it, then restart all bots.';
    case 'commit-unknown':
      return 'Try again: nothing happens twice.';
    case 'commits-not-durable':
      return `Set it to on: \`ALTER SYSTEM SET ${problem.setting} = on\` and \`SELECT pg_reload_conf()\`; an account or a database can have its own value, too.`;
    case 'password-unreadable':
      return 'Check store.passwordFile, and let the user that this runs as read it.';
    case 'certificates-unreadable':
      return 'Check sslrootcert in store.url.';
  }
}

type UnknownSchema = Extract<StoreProblem, { kind: 'schema-unknown' }>;

const WRITTEN_BY: Record<UnknownSchema['by'], string> = {
  'newer-version': 'a newer version wrote it',
  'development-version': 'a version from before the first release wrote it',
  unknown: 'its database schema is not known to this version',
};

const TO_DO_BY: Record<UnknownSchema['by'], string> = {
  'newer-version': 'Run the version that wrote it, or a newer one.',
  'development-version': 'Keep the file, it is evidence, and set store.url to a new one.',
  unknown: 'Check store.url, or run the version that wrote it.',
};

/** Why nothing can be added to, or read from, a record that is not intact. */
export function recordDamaged(problem: RecordProblem): string {
  return `${recordProblem(problem)} Nothing was recorded, so nothing was done. Run \`registry-doctor audit verify\` and restore a backup.`;
}

/** One thing that is wrong with the record, as a sentence. */
export function recordProblem(problem: RecordProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `Row ${problem.key} of table ${problem.table} cannot be read: ${unreadableRow(problem.why)}.`;
    case 'changed':
      return `Entry ${problem.sequence} was changed: its content does not match its hash.`;
    case 'missing':
      return `${entries(problem.sequence, problem.through)} missing.`;
    case 'reordered':
      return `Entry ${problem.sequence} is out of place: it was written as entry ${problem.writtenAs}.`;
    case 'chain-broken':
      return `Entry ${problem.sequence} does not follow on the entry before it: one of the two is not the original.`;
    case 'tail-missing':
      return `${entries(problem.last + 1, problem.writtenUpTo)} missing from the end: ${witnessName(problem.witness)} knows of entry ${problem.writtenUpTo}.`;
    case 'head-missing':
      return `The note of the last entry is missing: the last entry is ${problem.last}, and whether others followed it is not known.`;
    case 'not-by-us':
      return `${entries(problem.sequence, problem.through)} not written by the bot.`;
    case 'contradicted':
      return `Entry ${problem.sequence} was replaced: ${witnessName(problem.witness)} has another hash of it.`;
    case 'rewritten':
      return `${rewritten(problem.after, problem.through)} replaced: the checkpoint over ${problem.through} entries ${keptIn(problem.source)} was signed over others.`;
    case 'checkpoint-unreadable':
      return `${aCheckpoint(problem.size)} ${keptIn(problem.source)} cannot be read: it is not a signed note.`;
    case 'checkpoint-size-differs':
      return `The checkpoint over ${problem.noted} entries is in the record as one over ${problem.size}.`;
    case 'checkpoint-not-signed':
      return `The checkpoint over ${problem.size} entries ${keptIn(problem.source)} was not signed with the key of this record.`;
    case 'plan-changed':
      return `Plan ${problem.planId} was changed: it is not the plan that was put on record.`;
    case 'row-disagrees':
      return `Plan ${problem.planId}: ${ABOUT[problem.about]} in the tables is not what the entries tell.`;
    case 'incident-changed':
      return `Incident ${problem.incidentId} in the tables is not the one that entry ${problem.sequence} opened.`;
    case 'incident-missing':
      return `Incident ${problem.incidentId} is missing: entry ${problem.sequence} opened it.`;
    case 'incident-never-opened':
      return `Incident ${problem.incidentId} is in the tables, and no entry opened it: it was made up.`;
    case 'body-disagrees':
      return `Entry ${problem.sequence}: the ${problem.about} in the tables is not the one that was put on record.`;
    case 'value-changed':
      return `Entry ${problem.sequence}: ${FIELDS[problem.field] ?? problem.field} is not what was put on record.`;
    case 'value-missing':
      return `Entry ${problem.sequence}: ${FIELDS[problem.field] ?? problem.field} is missing, and no entry says that it was erased.`;
    case 'plan-missing':
      return `Plan ${problem.planId} is missing: entry ${problem.sequence} tells of it.`;
    case 'post-missing':
      return `The post of ${about(problem)} is gone from Slack.`;
    case 'post-edited':
      return `The post of ${about(problem)} in Slack (${problem.ts}) does not show the words that the bot posted: it was edited.`;
    case 'post-unknown':
      return `The bot’s account posted something that is not on record, in channel ${problem.channel} at ${problem.ts}.`;
    case 'host-plan-unknown':
      return `A plan ran on ${problem.host} that no entry tells of: ${problem.planHash}, ${heldOutcome(problem.outcome)}.`;
    case 'host-outcome-differs':
      return `Plan ${problem.planId}: entry ${problem.sequence} tells another outcome than ${problem.host} holds (${heldOutcome(problem.outcome)}).`;
    case 'host-outcome-unrecorded':
      return `Plan ${problem.planId} ran on ${problem.host} (${heldOutcome(problem.outcome)}), and no entry says that it ran.`;
    case 'host-plan-missing':
      return `Plan ${problem.planId}: entry ${problem.sequence} says that it ran on ${problem.host}, which holds no trace of it.`;
  }
}

function about({ key, sequence }: { readonly key: string; readonly sequence: number | null }): string {
  return sequence === null ? `message ${key}` : `entry ${sequence} (message ${key})`;
}

function heldOutcome(outcome: HeldOutcome): string {
  return outcome === null
    ? 'not finished there'
    : auditOutcome({ act: 'execution-finished', outcome: { kind: outcome } });
}

const ABOUT: Record<Extract<RecordProblem, { kind: 'row-disagrees' }>['about'], string> = {
  decisions: 'who decided on it, and how,',
  execution: 'how it was carried out',
  state: 'where it stands',
};

const FIELDS: Readonly<Record<string, string>> = {
  actor: 'who acted',
  reason: 'the reason that was given',
  called: 'who was called',
  signedWith: 'the key that signed',
  breakGlassSignature: 'the signature of the break-glass key',
};

function witnessName(witness: RecordWitness): string {
  switch (witness.kind) {
    case 'head':
      return 'the note of the last entry';
    case 'message':
      return `the message ${witness.key}`;
    case 'slack':
      return `Slack’s post ${witness.ts}`;
    case 'checkpoint':
      return `a checkpoint ${keptIn(witness.source)}`;
  }
}

function keptIn(source: CheckpointSource): string {
  switch (source.kind) {
    case 'record':
      return 'in the record';
    case 'file':
      return `in ${source.file}`;
    case 'slack':
      return 'in Slack';
    case 'host':
      return `on ${source.host}`;
  }
}

function aCheckpoint(size: number | null): string {
  return size === null ? 'A checkpoint' : `The checkpoint over ${size} entries`;
}

function rewritten(after: number, through: number): string {
  return after + 1 === through ? `Entry ${through} was` : `One of the entries ${after + 1} to ${through} was`;
}

function entries(from: number, through: number): string {
  return from === through ? `Entry ${from} is` : `Entries ${from} to ${through} are`;
}

const unreadableRow = sentences<UnreadableRow>({
  'not-json': () => 'it holds text that is not JSON',
  'columns-disagree': () => 'its columns do not agree with the plan in it',
  'other-form': ({ field }) =>
    field === ''
      ? 'it does not have the form of such a row'
      : `its field ${field} does not have the form that it should have`,
});
