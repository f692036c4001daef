import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkpointText, RecordTree } from '../../src/hash/checkpoint.ts';
import { roundsOf } from '../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';
import { databasePath, openSqliteAt } from './open-store.ts';
import { StoreProcess } from './processes/store-process.ts';
import { auditDraft, newIncident, openingOf, recordLine } from './samples.ts';

const CUTS = roundsOf(12, 300);
const ENTRIES = 20;
/** What a disk writes as a whole. */
const SECTOR = 512;

test('a write-ahead log that a power cut left torn loses whole transactions from its end, and a checkpoint kept elsewhere names the loss', async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const path = await databasePath(t);
  const opened = await openSqliteAt(t, path);
  const incident = await opened.store.transact(async (tx) => {
    const inserted = (await tx.insertIncident(newIncident())) ?? assert.fail();
    await recordLine(tx, openingOf(inserted));
    return inserted;
  });
  for (let left = ENTRIES - 1; left > 0; left -= 1)
    await opened.store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
  const hashes = await opened.auditTrail.entryHashes(0, ENTRIES);
  const note = `${checkpointOver(hashes)}\n— unsigned AAAA\n`;
  const log = readFileSync(`${path}-wal`);
  for (let cut = 0; cut < CUTS; cut += 1) {
    const copy = join(dirname(path), `cut-${cut}.db`);
    copyFileSync(path, copy);
    writeFileSync(`${copy}-wal`, tornAt(log, random));
    const { store, auditTrail, close } = await openSqliteAt(t, copy);
    const check = await auditTrail.verify();
    assert.equal(check.kind, 'intact', `RD_SEED=${seed}`);
    const left = await auditTrail.entryHashes(0, ENTRIES);
    assert.deepEqual(left, hashes.slice(0, left.length));
    const kept = { note, source: { kind: 'file', file: 'kept' } } as const;
    const compared = await auditTrail.verify({ keys: [], kept: [kept], held: [], slack: null });
    const isNamed = compared.kind === 'broken' && compared.problems.some(({ kind }) => kind === 'tail-missing');
    assert.equal(isNamed, left.length < ENTRIES);
    if (left.length > 0) await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
    await close();
  }
});

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

test('no entry is confirmed before the write-ahead log with it was flushed to the disk', {
  skip: skipUnless('strace', 'bash'),
}, async (t) => {
  const path = await databasePath(t);
  const trace = join(dirname(path), 'trace');
  const worker = new StoreProcess(
    t,
    'confirm-each',
    [`sqlite:${path}`, '20'],
    `set -- strace -f -y -o ${trace} -e trace=pwrite64,write,fsync,fdatasync "$@"`,
  );
  await worker.finished();
  let unflushed = 0;
  let flushes = 0;
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/ pwrite64\(\d+<[^>]*-wal>/.test(line)) unflushed += 1;
    else if (/ f(data)?sync\(\d+<[^>]*-wal>/.test(line)) {
      if (unflushed > 0) flushes += 1;
      unflushed = 0;
    } else if (/ write\(1</.test(line)) assert.equal(unflushed, 0, `confirmed before it was flushed: ${line}`);
  }
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
