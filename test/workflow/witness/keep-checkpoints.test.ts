import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, type TestContext, test } from 'node:test';
import { checkpointLine, notesIn, parseCheckpoint } from '../../../src/hash/checkpoint.ts';
import { KeyFileCheckpointSigner } from '../../../src/ssh/signing/checkpoint-signer.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import {
  CheckpointKeeper,
  type CheckpointKeeping,
  keepCheckpointsUntil,
} from '../../../src/workflow/witness/keep-checkpoints.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { CHANNEL, openIncident, openingOf } from '../../store/samples.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const START = new Date('2026-11-29T14:00:00Z');
const MINUTE_MS = 60_000;

describe('checkpoints of the record', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;
  let keyFile: string;
  let theirKeyFile: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-checkpoints-'));
    keyFile = await makeKey(directory, 'plan_key', 'ed25519');
    theirKeyFile = await makeKey(directory, 'their_plan_key', 'ed25519');
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** A bot's keeping over the record in this file, in simulated time, and what the file outside took. */
  async function keeping(
    t: TestContext,
    path: string,
    change: Partial<CheckpointKeeping> = {},
    beforeRead: () => void = () => {},
  ) {
    const opened = await openSqliteAt(t, path);
    const clock = new SimulatedClock(START);
    const stop = new AbortController();
    const [appended, logged]: [string[], string[]] = [[], []];
    const note = (_: unknown, message: string) => void logged.push(message);
    const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note, child: () => log };
    const signer = new KeyFileCheckpointSigner({ file: keyFile, passphraseFile: null }, { keyPassphrase: null });
    const store: RecordStore = {
      transact: (work) =>
        clock.working(
          opened.store.transact((tx) =>
            work({
              ...tx,
              entryHashes: async (sequence, limit) => {
                beforeRead();
                return tx.entryHashes(sequence, limit);
              },
            }),
          ),
        ),
    };
    const keeper = new CheckpointKeeper(
      { store, clock, log, metrics: UNMEASURED },
      {
        signer: () => ({ signCheckpoint: (size, root) => clock.working(signer.signCheckpoint(size, root)) }),
        takers: [{ name: 'file', append: async (one) => void appended.push(one) }],
        witness: null,
        channel: () => null,
        ...change,
      },
    );
    const running = keepCheckpointsUntil(stop.signal, { clock, log }, keeper);
    const end = async () => {
      stop.abort();
      await running;
      await opened.close();
    };
    t.after(end);
    const incident = await openIncident(opened.store);
    const record = async (entries: number) => {
      for (let n = 0; n < entries; n += 1) await opened.store.transact((tx) => tx.appendAudit(openingOf(incident)));
    };
    return { ...opened, clock, appended, logged, record, end };
  }

  const sizes = (notes: readonly string[]) => notes.map((one) => parseCheckpoint(one)?.size);

  test('a checkpoint is signed within a minute of new entries, and none while the record does not grow', async (t) => {
    const { clock, appended, record, auditTrail } = await keeping(t, await databasePath(t));
    await record(3);
    await clock.pass(5 * MINUTE_MS);
    assert.deepEqual(sizes(appended), [3]);
    await record(2);
    await clock.pass(MINUTE_MS);
    assert.deepEqual(sizes(appended), [3, 5]);
    const check = await auditTrail.verify();
    assert.equal(check.kind === 'intact' && check.checkpointed, 5);
  });

  test('a stop signs a checkpoint over the last entries, and the next start continues from it', async (t) => {
    const path = await databasePath(t);
    const first = await keeping(t, path);
    await first.record(4);
    await first.end();
    assert.deepEqual(sizes(first.appended), [4]);
    const next = await keeping(t, path);
    await next.clock.pass(2 * MINUTE_MS);
    assert.deepEqual(sizes(next.appended), [4], 'it might not have reached the file');
    await next.record(1);
    await next.clock.pass(MINUTE_MS);
    assert.deepEqual(sizes(next.appended), [4, 5]);
  });

  test('no checkpoint is signed over a record that was changed since the newest one, and the log says so', async (t) => {
    const path = await databasePath(t);
    const first = await keeping(t, path);
    await first.record(4);
    await first.end();
    changeEntry(path, 2);
    const next = await keeping(t, path);
    await next.record(1);
    await next.clock.pass(3 * MINUTE_MS);
    assert.deepEqual(next.appended, []);
    assert.match(next.logged.join('\n'), /not the one that its newest checkpoint was signed over/);
  });

  test('no checkpoint is signed over a changed record either if it could not be read whole at first', async (t) => {
    const path = await databasePath(t);
    const first = await keeping(t, path);
    fill(path, 12_000);
    await first.end();
    assert.equal(sizes(first.appended)[0], 12_000);
    changeEntry(path, 2);
    let reads = 0;
    const next = await keeping(t, path, {}, () => {
      reads += 1;
      if (reads === 2) throw new Error('SQLITE_BUSY: database is locked');
    });
    await next.clock.pass(5 * MINUTE_MS);
    assert.ok(reads > 2);
    assert.deepEqual(next.appended, []);
    assert.match(next.logged.join('\n'), /not the one that its newest checkpoint was signed over/);
  });

  test('a checkpoint that could not be written to its file is tried again until a newer one takes its place', async (t) => {
    let isFull = true;
    const appended: string[] = [];
    const append = async (one: string) => {
      if (isFull) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      appended.push(one);
    };
    const { clock, record, logged } = await keeping(t, await databasePath(t), { takers: [{ name: 'file', append }] });
    await record(2);
    await clock.pass(3 * MINUTE_MS);
    assert.deepEqual(appended, []);
    assert.match(logged.join('\n'), /a checkpoint could not be handed over; the next try follows/);
    isFull = false;
    await clock.pass(MINUTE_MS);
    assert.deepEqual(sizes(appended), [2]);
  });

  /** A bot beside which another one keeps a checkpoint over as many entries, with this root, while it signs its own. */
  async function overtaken(t: TestContext, theirRoot: (root: string) => string) {
    const [ours, theirs] = [keyFile, theirKeyFile].map(
      (file) => new KeyFileCheckpointSigner({ file, passphraseFile: null }, { keyPassphrase: null }),
    );
    const overtake = async (size: number, root: string) => {
      const other = await theirs?.signCheckpoint(size, theirRoot(root));
      assert.ok(other?.kind === 'signed' && ours);
      await bot.store.transact((tx) => tx.keepCheckpoint({ size, note: other.note }));
      return ours.signCheckpoint(size, root);
    };
    const signer = () => ({ signCheckpoint: (size: number, root: string) => bot.clock.working(overtake(size, root)) });
    const bot = await keeping(t, await databasePath(t), { signer });
    await bot.record(3);
    await bot.clock.pass(MINUTE_MS);
    return { ...bot, kept: await bot.store.transact((tx) => tx.newestCheckpoint()) };
  }

  test('a checkpoint that another bot signed meanwhile over as many entries stays on record, this bot hands out its own, and nothing fails', async (t) => {
    const { appended, logged, kept } = await overtaken(t, (root) => root);
    assert.equal(kept?.size, 3);
    assert.deepEqual([sizes(appended), logged], [[3], []]);
    assert.notEqual(appended[0], kept.note);
  });

  test('a checkpoint that another bot signed meanwhile over other entries is a contradiction, and the log says so', async (t) => {
    const { appended, logged } = await overtaken(t, () => `${'A'.repeat(43)}=`);
    assert.deepEqual(appended, []);
    assert.match(logged.join('\n'), /not the one that its newest checkpoint was signed over/);
  });

  test('without a key, or with one that can’t be used, no checkpoint is made and the record is written as before', async (t) => {
    const unusable = new KeyFileCheckpointSigner(
      { file: '/nowhere/key', passphraseFile: null },
      { keyPassphrase: null },
    );
    for (const signer of [() => null, () => unusable]) {
      const { clock, appended, record, auditTrail } = await keeping(t, await databasePath(t), { signer });
      await record(2);
      await clock.pass(2 * MINUTE_MS);
      assert.deepEqual(appended, []);
      const check = await auditTrail.verify();
      assert.equal(check.kind === 'intact' && check.checkpointed, 0);
    }
  });

  test('each day in which the record grew, one checkpoint is posted, and no post is edited', async (t) => {
    const { clock, record, auditTrail } = await keeping(t, await databasePath(t), { channel: () => CHANNEL });
    const posted = async () =>
      (await auditTrail.shownMessages()).filter(({ kind }) => kind === 'checkpoint').map(({ key }) => key);
    await record(3);
    await clock.pass(MINUTE_MS);
    await record(2);
    await clock.pass(2 * MINUTE_MS);
    assert.deepEqual(await posted(), ['checkpoint:2026-11-29']);
    await clock.pass(10 * 60 * MINUTE_MS);
    assert.deepEqual(await posted(), ['checkpoint:2026-11-29', 'checkpoint:2026-11-30']);
  });

  test('a checkpoint on one line is the same note, also between other words of a log', async (t) => {
    const { clock, appended, record } = await keeping(t, await databasePath(t));
    await record(2);
    await clock.pass(MINUTE_MS);
    const [note = ''] = appended;
    const line = checkpointLine(note);
    assert.deepEqual(notesIn(`Nov 29 14:01:00 bot registry-doctor: ${line}\nNov 29 14:02:00 bot other: ${line} x\n`), [
      note,
      note,
    ]);
  });

  test('the notes in a file of many are read one by one', async (t) => {
    const { clock, appended, record } = await keeping(t, await databasePath(t));
    for (let n = 0; n < 3; n += 1) {
      await record(1);
      await clock.pass(MINUTE_MS);
    }
    assert.equal(appended.length, 3);
    assert.deepEqual(notesIn(appended.map((one) => `\n\n${one}`).join('')), appended);
    const [first = '', second = ''] = appended;
    assert.deepEqual(
      notesIn(`\n\n${first.slice(0, 60)}\n\n${second}`),
      [second],
      'the first was cut off by a full disk',
    );
  });
});

/** Entries of which only the hashes matter, up to this number. */
function fill(path: string, entries: number): void {
  const database = new DatabaseSync(path);
  database.exec(`WITH RECURSIVE numbers (n) AS (
      SELECT coalesce(max(sequence), 0) + 1 FROM audit_entries UNION ALL SELECT n + 1 FROM numbers WHERE n < ${entries})
    INSERT INTO audit_entries
      SELECT n, '2026-11-29T14:00:00.000Z', NULL, NULL, '{}', 'verified', NULL, NULL, '{}', '', printf('sha256:%064x', n) FROM numbers`);
  database.close();
}

function changeEntry(path: string, sequence: number): void {
  const database = new DatabaseSync(path);
  database.exec(`DROP TRIGGER audit_entries_are_final;
    UPDATE audit_entries SET hash = 'sha256:${'0'.repeat(64)}' WHERE sequence = ${sequence}`);
  database.close();
}
