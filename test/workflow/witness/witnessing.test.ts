import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, type TestContext, test } from 'node:test';
import { cosignedAt } from '../../../src/hash/cosignature.ts';
import { COSIGNATURE, parseVerifierKey } from '../../../src/hash/signed-note.ts';
import { httpWitness } from '../../../src/http/checkpoint-witness.ts';
import type { Act } from '../../../src/model/record/audit.ts';
import { KeyFileCheckpointSigner } from '../../../src/ssh/signing/checkpoint-signer.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { CheckpointKeeper } from '../../../src/workflow/witness/keep-checkpoints.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { rechain } from '../../store/rechain.ts';
import { auditDraft, openIncident, standingClock } from '../../store/samples.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { startWitness, type TestWitness } from '../../support/services/checkpoint-witness.ts';

const HOUR_MS = 60 * 60_000;

describe('a witness cosigns the checkpoints of a record', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;
  let keyFile: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-witness-'));
    keyFile = await makeKey(directory, 'plan_key', 'ed25519');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  async function witnessed(t: TestContext, path: string, witness: TestWitness) {
    const opened = await openSqliteAt(t, path);
    t.after(() => opened.close());
    const clock = standingClock();
    const [logged, handed, counted]: [string[], string[], string[]] = [[], [], []];
    const note = (_: unknown, message: string) => void logged.push(message);
    const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note, child: () => log };
    const signer = new KeyFileCheckpointSigner({ file: keyFile, passphraseFile: null }, { keyPassphrase: null });
    const key = parseVerifierKey(witness.key, COSIGNATURE) ?? assert.fail();
    const metrics = {
      ...UNMEASURED,
      count: (_: string, labels: object) => void counted.push(Object.values(labels).join(' ')),
    };
    const keeper = new CheckpointKeeper(
      { store: opened.store, clock, log, metrics },
      {
        signer: () => signer,
        takers: [{ name: 'file', append: async (one) => void handed.push(one) }],
        witness: httpWitness(witness.url, key),
        channel: () => null,
      },
    );
    const incident = await openIncident(opened.store);
    const record = async (entries: number, act: Act = 'diagnosed') => {
      for (let n = 0; n < entries; n += 1)
        await opened.store.transact((tx) => tx.appendAudit(auditDraft(incident.id, act)));
    };
    const cosigned = () => opened.store.transact((tx) => tx.newestCosigned());
    const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));
    return { ...opened, keeper, key, logged, handed, counted, record, cosigned, later };
  }

  async function start(t: TestContext, otherRoot?: 409): Promise<TestWitness> {
    const witness = await startWitness(otherRoot);
    t.after(() => witness.stop());
    return witness;
  }

  test('each checkpoint is proven to grow from the last cosigned one, and its cosignature is kept and handed on with it', async (t) => {
    const witness = await start(t);
    const { keeper, key, record, cosigned, handed, counted } = await witnessed(t, await databasePath(t), witness);
    for (const entries of [3, 1, 7, 20]) {
      await record(entries);
      await keeper.keep();
    }
    assert.equal(witness.last()?.size, 31);
    const newest = await cosigned();
    assert.equal(newest?.size, 31);
    assert.ok((cosignedAt(newest?.note ?? '', key) ?? 0) > 1_700_000_000);
    assert.equal(handed.at(-1), newest?.note, 'the file outside has the cosignature as well');
    assert.deepEqual(
      counted.filter((one) => one.startsWith('witness')),
      Array(4).fill('witness kept'),
    );
    await keeper.keep();
    assert.equal(counted.filter((one) => one.startsWith('witness')).length, 4, 'nothing is new');
  });

  test('a start that does not know what the witness signed last is told by the witness, and continues from there', async (t) => {
    const witness = await start(t);
    const path = await databasePath(t);
    const first = await witnessed(t, path, witness);
    await first.record(5);
    await first.keeper.keep();
    await first.close();
    const database = new DatabaseSync(path);
    database.exec('DROP TRIGGER cosigned_are_kept; DELETE FROM cosigned');
    database.close();
    const next = await witnessed(t, path, witness);
    await next.record(4);
    await next.keeper.keep();
    assert.equal((await next.cosigned())?.size, 9);
    assert.deepEqual(next.logged, []);
  });

  test('a witness that signed over more entries than the record has, or over others, contradicts it', async (t) => {
    const witness = await start(t);
    const longer = await witnessed(t, await databasePath(t), witness);
    await longer.record(8);
    await longer.keeper.keep();
    // An older copy of the record, as far as the witness can tell.
    const shorter = await witnessed(t, join(directory, 'other.db'), witness);
    await shorter.record(2, 'verified');
    await shorter.keeper.keep();
    assert.match(shorter.logged.join('\n'), /the witness knows another record than this one; run audit verify/);
    assert.deepEqual(shorter.counted, ['witness contradicted', 'file kept']);
    // It has grown again, into another one.
    await shorter.record(9, 'verified');
    shorter.later(HOUR_MS);
    await shorter.keeper.keep();
    assert.deepEqual(shorter.counted.slice(2), ['witness contradicted', 'file kept']);
    assert.equal(await shorter.cosigned(), null);
  });

  test('an older witness that says 409 to other entries, as many as it signed over, contradicts the record', async (t) => {
    const witness = await start(t, 409);
    const first = await witnessed(t, await databasePath(t), witness);
    await first.record(4);
    await first.keeper.keep();
    const other = await witnessed(t, join(directory, 'same-size.db'), witness);
    await other.record(4, 'verified');
    await other.keeper.keep();
    assert.deepEqual(other.counted, ['witness contradicted', 'file kept']);
    assert.match(other.logged.join('\n'), /the witness knows another record than this one; run audit verify/);
    witness.answerWith({ status: 409, body: '4\n' });
    other.later(HOUR_MS);
    await other.keeper.keep();
    assert.deepEqual(other.counted.slice(2), ['witness contradicted'], 'it says its size instead');
    witness.answerWith({ status: 409, body: '' });
    other.later(HOUR_MS);
    await other.keeper.keep();
    assert.deepEqual(other.counted.slice(3), ['witness failed'], 'asked from another size, this says nothing');
  });

  test('a record that was rewritten or cut, with its checkpoints, is contradicted by the cosigned one before it grows', async (t) => {
    const witness = await start(t);
    for (const [name, edit] of [
      ['rewritten', "UPDATE audit_entries SET outcome = '{}' WHERE sequence = 4"],
      ['cut', 'DELETE FROM audit_entries WHERE sequence = 6'],
    ] as const) {
      const path = join(directory, `${name}.db`);
      const first = await witnessed(t, path, witness);
      await first.record(6, name === 'cut' ? 'verified' : 'diagnosed');
      await first.keeper.keep();
      assert.equal((await first.cosigned())?.size, 6, name);
      await first.close();
      const database = new DatabaseSync(path);
      for (const { name: trigger } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
        database.exec(`DROP TRIGGER ${trigger}`);
      database.exec(`PRAGMA foreign_keys = OFF; ${edit}; DELETE FROM checkpoints`);
      rechain(database, 2);
      database.exec(
        'UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1)',
      );
      database.close();
      const asked = witness.asked.length;
      const next = await witnessed(t, path, witness);
      await next.keeper.keep();
      assert.deepEqual(next.counted, ['witness contradicted', 'file kept'], name);
      assert.match(next.logged.join('\n'), /the witness knows another record than this one; run audit verify/);
      await next.keeper.keep();
      assert.equal(next.logged.length, 1, 'not each minute');
      next.later(HOUR_MS);
      await next.keeper.keep();
      assert.equal(next.logged.length, 2, 'and not only once');
      assert.equal(witness.asked.length, asked, 'the record itself holds what contradicts it');
      await next.close();
      witness.forget();
    }
  });

  test('what is not a cosignature of this witness does not count, and a witness that is away is asked less and less often', async (t) => {
    const witness = await start(t);
    const { keeper, record, cosigned, counted, later, handed } = await witnessed(t, await databasePath(t), witness);
    witness.answerWith({ status: 200, body: '\u2014 witness.example/w1 AAAA\nnonsense\n' });
    await record(2);
    await keeper.keep();
    assert.equal(await cosigned(), null);
    witness.answerWith({ status: 503, body: '' });
    for (let minute = 0; minute < 60; minute += 1) {
      later(60_000);
      await keeper.keep();
    }
    const asked = counted.filter((one) => one === 'witness failed').length;
    assert.ok(asked >= 4 && asked <= 8, `asked ${asked} times within an hour`);
    assert.equal(handed.length, 1, 'the checkpoint reached the file without the witness');
  });
});
