import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { textHash } from '../../../src/hash/canonical-hash.ts';
import { checkpointText, RecordTree } from '../../../src/hash/checkpoint.ts';
import { signedNote } from '../../../src/hash/signed-note.ts';
import type { HeldPlans } from '../../../src/model/record/held-plans.ts';
import { Sha256 } from '../../../src/model/record/ids.ts';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { rechain } from '../rechain.ts';
import { standingClock } from '../samples.ts';
import { rowsOf, tamper } from './alterations.ts';
import { type Judged, judge, type SealedRecord, sealedRecord } from './sealed-record.ts';

/** What someone with all rights of the bot on its file can do to the record as a whole. */

let record: SealedRecord;
before(async () => {
  record = await sealedRecord();
});
after(() => record.remove());

/** Every hash and every witness in the file made again, from an entry on. */
function rebuild(database: DatabaseSync, from: number): void {
  rechain(database, from);
  database.exec(
    'UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1)',
  );
  database.exec('UPDATE messages SET record_hash = (SELECT hash FROM audit_entries WHERE sequence = record_sequence)');
}

function changeEntry(database: DatabaseSync): void {
  for (const { sequence, salt, value } of rowsOf(database, 'entry_values')) {
    if (sequence === undefined || !String(value).includes('UBOB')) continue;
    const other = String(value).replace('UBOB', 'UCAROL');
    const digest = textHash(`${salt}${other}`);
    database.prepare('UPDATE entry_values SET value = ? WHERE sequence = ?').run(other, sequence);
    database
      .prepare(`UPDATE audit_entries SET actor = json_set(actor, '$.digest', ?) WHERE sequence = ?`)
      .run(digest, sequence);
  }
  database.exec(`UPDATE decisions SET person = 'UCAROL', by = replace(by, 'UBOB', 'UCAROL')`);
  rebuild(database, 2);
}

function cutEnd(database: DatabaseSync): void {
  const last = rowsOf(database, 'audit_entries').length;
  database.exec(`DELETE FROM messages WHERE record_sequence = ${last}`);
  // The last entry opened an incident.
  database.exec('DELETE FROM messages WHERE incident_id = (SELECT max(id) FROM incidents)');
  database.exec('DELETE FROM incidents WHERE id = (SELECT max(id) FROM incidents)');
  for (const table of ['audit_entries', 'entry_values']) database.exec(`DELETE FROM ${table} WHERE sequence = ${last}`);
  rebuild(database, last - 1);
}

function withoutCheckpoints(database: DatabaseSync): void {
  database.exec('DELETE FROM checkpoints');
}

/** Checkpoints over the record as it is now, in place of those in it, with a key of the attacker's own that has the record's name. */
function signAgain(database: DatabaseSync): void {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const [{ name = '' } = {}] = record.outside.keys;
  const key = { name, publicKey: Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url') };
  const tree = new RecordTree();
  const rows = rowsOf(database, 'audit_entries');
  for (const { hash } of rows) tree.append(String(hash));
  const text = checkpointText({ origin: name, size: tree.size, root: tree.root() });
  withoutCheckpoints(database);
  const note = signedNote(text, key, sign(null, Buffer.from(text), privateKey));
  database.prepare('INSERT INTO checkpoints VALUES (?, ?)').run(tree.size, note);
}

const FORMS = ['verify', 'verify --checkpoint FILE', 'verify --slack', 'verify --host HOST'] as const;
type Form = (typeof FORMS)[number];

const ATTACKS: Readonly<
  Record<string, { make: (file: string) => string; named: Partial<Record<Form, readonly string[]>> }>
> = {
  'an approver replaced, with the whole chain rebuilt': {
    make: edited((database) => changeEntry(database)),
    named: {
      verify: ['rewritten 1-9 record'],
      'verify --checkpoint FILE': ['rewritten 1-9 record'],
      'verify --slack': ['rewritten 1-9 record', 'contradicted 8 slack'],
      'verify --host HOST': ['rewritten 1-9 record'],
    },
  },
  'an approver replaced, with the whole chain rebuilt and no checkpoint left in the file': {
    make: edited((database) => {
      changeEntry(database);
      withoutCheckpoints(database);
    }),
    named: {
      'verify --checkpoint FILE': ['rewritten 1-9 file'],
      'verify --slack': ['contradicted 8 slack'],
      'verify --host HOST': ['rewritten 1-9 host'],
    },
  },
  'an approver replaced, with the whole chain rebuilt and signed with another key': {
    make: edited((database) => {
      changeEntry(database);
      signAgain(database);
    }),
    named: {
      'verify --checkpoint FILE': ['checkpoint-not-signed 10 record', 'rewritten 1-9 file'],
      'verify --slack': ['contradicted 8 slack'],
      'verify --host HOST': ['checkpoint-not-signed 10 record', 'rewritten 1-9 host'],
    },
  },
  'the last entry cut off, with every witness in the file': {
    make: edited(cutEnd),
    named: {
      verify: ['tail-missing 10-10 checkpoint'],
      'verify --checkpoint FILE': ['tail-missing 10-10 checkpoint'],
      'verify --slack': ['tail-missing 10-10 checkpoint', 'post-unknown 6.0'],
      'verify --host HOST': ['tail-missing 10-10 checkpoint'],
    },
  },
  'the last entry cut off, with every witness and checkpoint in the file': {
    make: edited((database) => {
      cutEnd(database);
      withoutCheckpoints(database);
    }),
    named: { 'verify --checkpoint FILE': ['tail-missing 10-10 checkpoint'], 'verify --slack': ['post-unknown 6.0'] },
  },
  'an older copy put in place of the record': {
    make: () => record.copy(record.olderFile),
    named: { 'verify --checkpoint FILE': ['tail-missing 10-10 checkpoint'], 'verify --slack': ['post-unknown 6.0'] },
  },
};

function edited(edit: (database: DatabaseSync) => void) {
  return (file: string) => {
    tamper(file, edit);
    return file;
  };
}

for (const [what, { make, named }] of Object.entries(ATTACKS)) {
  const forms = Object.keys(named).map((form) => `audit ${form}`);
  test(`${forms.join(' and ')} name ${what}`, async () => {
    const file = make(record.copy());
    for (const form of FORMS) assert.deepEqual([form, await toldBy(file, form)], [form, named[form] ?? []]);
  });
}

test('a record that no one has touched agrees with every witness', async () => {
  for (const form of FORMS) assert.deepEqual([form, await toldBy(record.file, form)], [form, []]);
});

test('a plan that ran on its host past the record, and one whose outcome was made up, are named by audit verify --host HOST', async () => {
  const { held } = record;
  const [plan = assert.fail()] = held.plans;
  const ran = { ...held, plans: [plan, { ...plan, hash: Sha256.parse(`sha256:${'0'.repeat(64)}`) }], held: 2 };
  assert.deepEqual(await toldHeld(ran), [`host-plan-unknown sha256:${'0'.repeat(64)}`]);
  assert.deepEqual(await toldHeld({ ...held, plans: [{ ...plan, outcome: 'applied' }] }), [
    'host-outcome-differs 1-1 6',
  ]);
});

test('a post that was edited, deleted, made up or posted a second time is named by audit verify --slack', async () => {
  for (const [index, post] of record.posts.entries()) {
    const others = record.posts.toSpliced(index, 1);
    const [key = assert.fail()] = post.keys;
    const later = { ...post, ts: '999.0' };
    for (const [posts, problem] of [
      [[{ ...post, shown: 'other words' }, ...others], `post-edited ${key}`],
      [[{ ...post, hasAttachment: true }, ...others], `post-edited ${key}`],
      [others, `post-missing ${key}`],
      [[...record.posts, { ...later, keys: [], marks: [] }], 'post-unknown 999.0'],
      [[...record.posts, later], 'post-unknown 999.0'],
    ] as const) {
      assert.deepEqual(told(await judge(record.file, undefined, posts)), [problem]);
    }
  }
});

test('audit verify --checkpoint FILE, --slack and --host HOST name all entries as missing from a new record in place of the old one', async () => {
  const file = record.copy();
  rmSync(file);
  const { close } = await openSqliteStore(`sqlite:${file}`, { clock: standingClock() });
  await close();
  const [plan = assert.fail()] = record.held.plans;
  const posts = record.posts.filter(({ marks }) => marks.length === 0).map(({ ts }) => `post-unknown ${ts}`);
  assert.deepEqual(await toldBy(file, 'verify'), []);
  assert.deepEqual(await toldBy(file, 'verify --checkpoint FILE'), ['tail-missing 1-9 checkpoint']);
  assert.deepEqual(await toldBy(file, 'verify --slack'), ['tail-missing 1-8 slack', ...posts]);
  assert.deepEqual(await toldBy(file, 'verify --host HOST'), [
    'tail-missing 1-9 checkpoint',
    `host-plan-unknown ${plan.hash}`,
  ]);
});

async function toldBy(file: string, form: Form): Promise<readonly string[]> {
  if (form === 'verify --host HOST') return toldHeld(record.held, file);
  const judged = await judge(
    file,
    form === 'verify' ? undefined : record.outside,
    form === 'verify --slack' ? record.posts : undefined,
  );
  return told(judged);
}

async function toldHeld(held: HeldPlans, file = record.file): Promise<readonly string[]> {
  return told(await judge(file, { keys: record.outside.keys, kept: [], held: [held], slack: null }));
}

function told(judged: Judged): readonly string[] {
  return 'problems' in judged ? judged.problems.map(briefly) : ['unusable'];
}

/** The kind, what is named, and by which witness. */
function briefly(problem: RecordProblem): string {
  switch (problem.kind) {
    case 'rewritten':
      return `rewritten ${problem.after + 1}-${problem.through} ${problem.source.kind}`;
    case 'tail-missing':
      return `tail-missing ${problem.last + 1}-${problem.writtenUpTo} ${problem.witness.kind}`;
    case 'contradicted':
      return `contradicted ${problem.sequence} ${problem.witness.kind}`;
    case 'checkpoint-not-signed':
      return `checkpoint-not-signed ${problem.size} ${problem.source.kind}`;
    case 'post-unknown':
      return `post-unknown ${problem.ts}`;
    case 'post-edited':
    case 'post-missing':
      return `${problem.kind} ${problem.key}`;
    case 'host-plan-unknown':
      return `host-plan-unknown ${problem.planHash}`;
    case 'host-outcome-differs':
      return `host-outcome-differs ${problem.planId} ${problem.sequence}`;
    default:
      return problem.kind;
  }
}
