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
      verify: ['rewritten'],
      'verify --checkpoint FILE': ['rewritten'],
      'verify --slack': ['rewritten', 'contradicted'],
      'verify --host HOST': ['rewritten'],
    },
  },
  'an approver replaced, with the whole chain rebuilt and no checkpoint left in the file': {
    make: edited((database) => {
      changeEntry(database);
      withoutCheckpoints(database);
    }),
    named: {
      'verify --checkpoint FILE': ['rewritten'],
      'verify --slack': ['contradicted'],
      'verify --host HOST': ['rewritten'],
    },
  },
  'an approver replaced, with the whole chain rebuilt and signed with another key': {
    make: edited((database) => {
      changeEntry(database);
      signAgain(database);
    }),
    named: {
      'verify --checkpoint FILE': ['checkpoint-not-signed', 'rewritten'],
      'verify --slack': ['contradicted'],
      'verify --host HOST': ['checkpoint-not-signed', 'rewritten'],
    },
  },
  'the last entry cut off, with every witness in the file': {
    make: edited(cutEnd),
    named: {
      verify: ['tail-missing'],
      'verify --checkpoint FILE': ['tail-missing'],
      'verify --slack': ['tail-missing', 'post-unknown'],
      'verify --host HOST': ['tail-missing'],
    },
  },
  'the last entry cut off, with every witness and checkpoint in the file': {
    make: edited((database) => {
      cutEnd(database);
      withoutCheckpoints(database);
    }),
    named: { 'verify --checkpoint FILE': ['tail-missing'], 'verify --slack': ['post-unknown'] },
  },
  'an older copy put in place of the record': {
    make: () => record.copy(record.olderFile),
    named: { 'verify --checkpoint FILE': ['tail-missing'], 'verify --slack': ['post-unknown'] },
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
    for (const form of FORMS) assert.deepEqual([form, await kindsOf(file, form)], [form, named[form] ?? []]);
  });
}

test('a record that no one has touched agrees with every witness', async () => {
  for (const form of FORMS) assert.deepEqual([form, await kindsOf(record.file, form)], [form, []]);
});

test('a plan that ran on its host past the record, and one whose outcome was made up, are named by audit verify --host HOST', async () => {
  const { held } = record;
  const [plan = assert.fail()] = held.plans;
  const ran = { ...held, plans: [plan, { ...plan, hash: Sha256.parse(`sha256:${'0'.repeat(64)}`) }], held: 2 };
  assert.deepEqual(await kindsHeld(ran), ['host-plan-unknown']);
  assert.deepEqual(await kindsHeld({ ...held, plans: [{ ...plan, outcome: 'applied' }] }), ['host-outcome-differs']);
});

test('a post that was edited, deleted, made up or posted a second time is named by audit verify --slack', async () => {
  const [first = assert.fail(), ...others] = record.posts;
  const later = { ...first, ts: '999.0' };
  for (const [posts, kind] of [
    [[{ ...first, shown: 'other words' }, ...others], 'post-edited'],
    [[{ ...first, hasAttachment: true }, ...others], 'post-edited'],
    [others, 'post-missing'],
    [[...record.posts, { ...later, keys: [], marks: [] }], 'post-unknown'],
    [[...record.posts, later], 'post-unknown'],
  ] as const) {
    const judged = await judge(record.file, undefined, posts);
    assert.deepEqual(kindsIn(judged), [kind]);
  }
});

test('audit verify --checkpoint FILE, --slack and --host HOST name all entries as missing from a new record in place of the old one', async () => {
  const file = record.copy();
  rmSync(file);
  const { close } = await openSqliteStore(`sqlite:${file}`, { clock: standingClock() });
  await close();
  assert.deepEqual(await kindsOf(file, 'verify'), []);
  assert.deepEqual(await kindsOf(file, 'verify --checkpoint FILE'), ['tail-missing']);
  assert.deepEqual(await kindsOf(file, 'verify --slack'), ['tail-missing', 'post-unknown']);
  assert.deepEqual(await kindsOf(file, 'verify --host HOST'), ['tail-missing', 'host-plan-unknown']);
});

async function kindsOf(file: string, form: Form): Promise<readonly string[]> {
  if (form === 'verify --host HOST') return kindsHeld(record.held, file);
  const judged = await judge(
    file,
    form === 'verify' ? undefined : record.outside,
    form === 'verify --slack' ? record.posts : undefined,
  );
  return kindsIn(judged);
}

async function kindsHeld(held: HeldPlans, file = record.file): Promise<readonly string[]> {
  const judged = await judge(file, { keys: record.outside.keys, kept: [], held: [held], slack: null });
  return kindsIn(judged);
}

function kindsIn(judged: Judged): readonly string[] {
  return 'problems' in judged ? [...new Set(judged.problems.map(({ kind }) => kind))] : ['unusable'];
}
