import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { openSqliteAuditTrail } from '../../../src/store/open-sqlite-store.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { inWorker, type RunTask } from '../../../src/store/thread/second-thread.ts';
import { inThisThread } from '../both-ways.ts';
import { rowsOf, tamper } from '../tampering/alterations.ts';
import { type SealedRecord, sealedRecord } from '../tampering/sealed-record.ts';

let record: SealedRecord;
before(async () => {
  record = await sealedRecord();
});
after(() => record.remove());

async function verifyInTwoThreads(file: string, runTask?: RunTask) {
  const threads = { from: 0, ...(runTask === undefined ? {} : { runTask }) };
  const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${file}`, threads);
  return auditTrail.verify(record.outside).finally(close);
}

const REMOVE_PLAN = 'DELETE FROM plans';

test('a second thread of its own finds an intact record intact, and names a plan and a checkpoint that differ', async () => {
  assert.equal((await verifyInTwoThreads(record.file)).kind, 'intact');
  const file = record.copy();
  tamper(file, (database) => database.exec(`${REMOVE_PLAN}; UPDATE checkpoints SET note = 'none'`));
  const check = await verifyInTwoThreads(file);
  const kinds = check.kind === 'broken' ? check.problems.map(({ kind }) => kind) : [];
  assert.deepEqual([...new Set(kinds)], ['checkpoint-unreadable', 'plan-missing']);
});

test('what another process commits between the snapshots of two threads is never compared with what was there before', async () => {
  const file = record.copy();
  const [plan = assert.fail()] = rowsOf(new DatabaseSync(file, { readOnly: true }), 'plans');
  tamper(file, (database) => database.exec(REMOVE_PLAN));
  const other = new DatabaseSync(file);
  const columns = Object.keys(plan);
  const putBack = other.prepare(`INSERT INTO plans VALUES (${columns.map(() => '?').join()})`);
  let isCommitted = false;
  const check = await verifyInTwoThreads(file, (task, failed) => {
    const { port } = task;
    const post = port.postMessage.bind(port);
    // The thread has its snapshot, and the first thread has none yet.
    port.postMessage = (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'snapshot-taken') {
        putBack.run(...Object.values(plan));
        isCommitted = true;
      }
      post(message);
    };
    return inThisThread(task, failed);
  });
  other.close();
  assert.ok(isCommitted);
  assert.equal(check.kind, 'intact');
});

/** First modules of threads that end before they have checked anything. */
const FAILING: Readonly<Record<string, string>> = {
  'ends by itself': 'process.exit(0)',
  'has too little memory': 'const all = []; for (;;) all.push(new Array(1_000_000).fill(0.5))',
};

for (const [what, source] of Object.entries(FAILING)) {
  test(`a record is called not verified when the second thread ${what}`, async () => {
    const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    await assert.rejects(
      verifyInTwoThreads(record.file, (task, failed) => inWorker(task, failed, file)),
      (error) => error instanceof StoreUnavailable && error.problem.kind === 'check-stopped',
    );
  });
}

test('a second thread that fails after it has its snapshot leaves no verdict', async () => {
  const failing: RunTask = (task, failed) => {
    const post = task.port.postMessage.bind(task.port);
    task.port.postMessage = (message: { kind: string }) => {
      if (message.kind === 'checked') failed(new Error('it broke'));
      else post(message);
    };
    return inThisThread(task, failed);
  };
  await assert.rejects(verifyInTwoThreads(record.file, failing), /it broke/);
});
