import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { checkpointText, RecordTree } from '../../../src/hash/checkpoint.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';
import { verifiedBothWays } from '../both-ways.ts';
import { databasePath, openSqliteAt, type StoreUnderTest } from '../open-store.ts';
import { StoreProcess } from '../processes/store-process.ts';
import { auditDraft, newIncident, openingOf, recordLine } from '../samples.ts';

const CUTS = roundsOf(12, 300);
const ENTRIES = 20;
/** What a disk writes as a whole. */
const SECTOR = 512;

test('a write-ahead log that a power cut left torn loses whole transactions from its end, and a checkpoint kept elsewhere names the loss', async (t) => {
  const { random, seed } = seeded(t);
  const { main, log, hashes, copyOf, appendTo } = await writtenRecord(t);
  for (let cut = 0; cut < CUTS; cut += 1) {
    const copy = copyOf({ main, log: tornAt(log, random) });
    const left = await entriesLeft(t, copy, hashes);
    assert.equal(left.check.kind, 'intact', `RD_SEED=${seed}`);
    assert.equal(left.isLossNamed, left.entries < ENTRIES);
    if (left.entries > 0) await appendTo(t, copy);
  }
});

test('a power cut while the write-ahead log is put into the main file loses nothing: the log is still whole', async (t) => {
  const { random, seed } = seeded(t);
  const { main, log, checkpointed, hashes, copyOf, appendTo } = await writtenRecord(t);
  for (let cut = 0; cut < CUTS; cut += 1) {
    const copy = copyOf({ main: halfWritten(main, checkpointed, random), log });
    const left = await entriesLeft(t, copy, hashes);
    assert.deepEqual([left.check.kind, left.entries], ['intact', ENTRIES], `RD_SEED=${seed}`);
    await appendTo(t, copy);
    assert.equal((await entriesLeft(t, copy, hashes)).check.kind, 'intact');
  }
});

test('a half-written main file without its log is told as damaged by its opening or by audit verify, also after the bot went on with it', async (t) => {
  const { random, seed } = seeded(t);
  const { main, checkpointed, hashes, copyOf, appendTo } = await writtenRecord(t);
  const seen = { refused: 0, broken: 0, shorter: 0, whole: 0 };
  for (let cut = 0; cut < 4 * CUTS; cut += 1) {
    const copy = copyOf({ main: halfWritten(main, checkpointed, random), log: null });
    const said = await verifiedBothWays(copy);
    if (said instanceof OperatorError) {
      assert.ok(isDamage(said), `RD_SEED=${seed}: ${said}`);
      seen.refused += 1;
    } else if (said.kind === 'broken') seen.broken += 1;
    else {
      // What was not written yet, or all of it: as if the power had been cut before or after.
      const left = await entriesLeft(t, copy, hashes);
      assert.equal(left.isLossNamed, left.entries < ENTRIES, `RD_SEED=${seed}`);
      seen[left.entries < ENTRIES ? 'shorter' : 'whole'] += 1;
      continue;
    }
    const isAppended = await appendTo(t, copy).then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof OperatorError, `RD_SEED=${seed}: ${error}`);
        return false;
      },
    );
    const afterwards = await verifiedBothWays(copy);
    assert.ok(afterwards instanceof OperatorError || afterwards.kind === 'broken', `RD_SEED=${seed}: ${isAppended}`);
  }
  t.diagnostic(inspect(seen));
  assert.ok(seen.refused + seen.broken > 0);
});

function seeded(t: TestContext) {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  return { seed, random: new SeededRandom(seed) };
}

/**
 * A record whose first entries are in the main file and the others still in the log, and its main file once they are all there. SQLite
 * puts the log into the main file at each orderly close, and whenever it has become long.
 */
async function writtenRecord(t: TestContext) {
  const path = await databasePath(t);
  const first = await openSqliteAt(t, path);
  const incident = await first.store.transact(async (tx) => {
    const inserted = (await tx.insertIncident(newIncident())) ?? assert.fail();
    await recordLine(tx, openingOf(inserted));
    return inserted;
  });
  const appendAll = async ({ store }: Pick<StoreUnderTest, 'store'>, entries: number) => {
    for (let left = entries; left > 0; left -= 1) await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
  };
  await appendAll(first, ENTRIES / 2 - 1);
  await first.close();
  const opened = await openSqliteAt(t, path);
  await appendAll(opened, ENTRIES / 2);
  const hashes = await opened.auditTrail.entryHashes(0, ENTRIES);
  const [main, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
  await opened.close();
  let copies = 0;
  return {
    ...{ main, log, hashes, checkpointed: readFileSync(path) },
    copyOf: (files: { readonly main: Buffer; readonly log: Buffer | null }) => {
      copies += 1;
      const copy = join(dirname(path), `cut-${copies}.db`);
      writeFileSync(copy, files.main);
      if (files.log !== null) writeFileSync(`${copy}-wal`, files.log);
      return copy;
    },
    appendTo: async (of: TestContext, copy: string) => {
      const { store, close } = await openSqliteAt(of, copy);
      await store.transact((tx) => recordLine(tx, auditDraft(incident.id))).finally(close);
    },
  };
}

/** What a copy still has, which is the beginning of what was written. */
async function entriesLeft(t: TestContext, copy: string, hashes: readonly string[]) {
  const { auditTrail, close } = await openSqliteAt(t, copy);
  const check = await auditTrail.verify();
  const left = await auditTrail.entryHashes(0, ENTRIES);
  assert.deepEqual(left, hashes.slice(0, left.length));
  const note = `${checkpointOver(hashes)}\n— unsigned AAAA\n`;
  const kept = { note, source: { kind: 'file', file: 'kept' } } as const;
  const compared = await auditTrail.verify({ keys: [], kept: [kept], held: [], slack: null });
  await close();
  const isLossNamed = compared.kind === 'broken' && compared.problems.some(({ kind }) => kind === 'tail-missing');
  return { check, entries: left.length, isLossNamed };
}

function isDamage({ operatorProblem }: OperatorError): boolean {
  if (operatorProblem.code !== 'store') return operatorProblem.code === 'record';
  return ['damaged', 'not-a-database'].includes(operatorProblem.problem.kind);
}

function checkpointOver(hashes: readonly string[]): string {
  const tree = new RecordTree();
  for (const hash of hashes) tree.append(hash);
  return checkpointText({ origin: 'record', size: tree.size, root: tree.root() });
}

/** Cut off somewhere, or with a sector that was never written. */
function tornAt(log: Buffer, random: SeededRandom): Buffer {
  const place = random.int(log.length);
  if (random.chance(50)) return log.subarray(0, place);
  const torn = Buffer.from(log);
  torn.fill(0, place - (place % SECTOR), place - (place % SECTOR) + SECTOR);
  return torn;
}

/** Of each sector that was to be written: the old one, the new one, or one that was cut off while it was written. */
function halfWritten(before: Buffer, after: Buffer, random: SeededRandom): Buffer {
  const sectors = after.length / SECTOR;
  const torn = Buffer.alloc(before.length + SECTOR * random.int((after.length - before.length) / SECTOR + 1));
  before.copy(torn);
  // Some disks write in order, and few sectors or many at a time.
  const together = 1 + random.int(16);
  for (let from = 0; from < sectors; from += together) {
    const [start, end] = [from * SECTOR, Math.min((from + together) * SECTOR, torn.length)];
    if (random.chance(50)) after.copy(torn, start, start, end);
    else if (random.chance(10) && !before.subarray(start, end).equals(after.subarray(start, end)))
      after.copy(torn, start, start, start + random.int(end - start + 1));
  }
  return torn;
}

test('no entry is confirmed before the write-ahead log with it was flushed to the disk, and the log is kept until the main file was', {
  skip: skipUnless('strace', 'bash'),
}, async (t) => {
  const path = await databasePath(t);
  const trace = join(dirname(path), 'trace');
  const worker = new StoreProcess(
    t,
    'confirm-each',
    [`sqlite:${path}`, '20'],
    `set -- strace -f -y -o ${trace} -e trace=pwrite64,write,fsync,fdatasync,ftruncate "$@"`,
  );
  await worker.finished();
  let unflushed = 0;
  let flushes = 0;
  const main = { written: 0, unflushed: 0 };
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/ (?:pwrite64|ftruncate)\(\d+<[^>]*-wal>/.test(line)) {
      assert.equal(main.unflushed, 0, `the log was written over before the main file was flushed: ${line}`);
      if (line.includes(' pwrite64(')) unflushed += 1;
    } else if (/ f(data)?sync\(\d+<[^>]*-wal>/.test(line)) {
      if (unflushed > 0) flushes += 1;
      unflushed = 0;
    } else if (/ pwrite64\(\d+<[^>]*record\.db>/.test(line) && flushes > 0) {
      assert.equal(unflushed, 0, `in the main file before the log was flushed: ${line}`);
      main.written += 1;
      main.unflushed += 1;
    } else if (/ f(data)?sync\(\d+<[^>]*record\.db>/.test(line)) main.unflushed = 0;
    else if (/ write\(1</.test(line)) assert.equal(unflushed, 0, `confirmed before it was flushed: ${line}`);
  }
  assert.ok(main.written > 0, 'nothing was put into the main file');
  assert.ok(flushes >= 20, `${flushes} flushes`);
});

test('on a full disk an approval is refused with nothing recorded, and taken without a restart once there is room', {
  skip: skipUnless('bash', 'root', 'mount-namespaces'),
}, async (t) => {
  const directory = join(dirname(await databasePath(t)), 'small');
  mkdirSync(directory);
  const mounted = `mount -t tmpfs -o size=2m small ${directory} && exec "$@"`;
  const worker = new StoreProcess(
    t,
    'decide-on-full-disk',
    [join(directory, 'record.db')],
    `set -- unshare -m bash -c '${mounted}' bash "$@"`,
  );
  const [said = ''] = await worker.finished();
  assert.deepEqual(JSON.parse(said), {
    full: 'disk-full',
    meanwhile: ['proposed', null, 0],
    afterwards: true,
    kind: 'intact',
  });
});
