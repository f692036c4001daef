import assert from 'node:assert/strict';
import { OperatorError } from '../../src/model/operator-error.ts';
import type { RecordCheck } from '../../src/model/record/record.ts';
import type { VerifiedBy } from '../../src/record/check/check-record.ts';
import { openSqliteAuditTrail } from '../../src/store/open-sqlite-store.ts';
import { checkInThread } from '../../src/store/thread/check-in-thread.ts';
import type { RunTask } from '../../src/store/thread/second-thread.ts';

/** What a second thread does, in this one: the same messages, and no time for its start. */
export const inThisThread: RunTask = (task, failed) => {
  checkInThread(task).catch(failed);
  return { end: async () => {} };
};

/** What `audit verify` says of a file. It says the same whether one thread checks it or two. */
export async function verifiedBothWays(file: string, by?: VerifiedBy): Promise<RecordCheck | OperatorError> {
  const [one, two] = [await verified(file, Number.POSITIVE_INFINITY, by), await verified(file, 0, by)];
  assert.deepEqual(comparable(two), comparable(one), 'two threads, and one');
  return one;
}

async function verified(file: string, from: number, by?: VerifiedBy): Promise<RecordCheck | OperatorError> {
  try {
    const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${file}`, { from, runTask: inThisThread });
    return await auditTrail.verify(by).finally(close);
  } catch (error) {
    // Anything else would be printed as a fault of the program.
    if (error instanceof OperatorError) return error;
    throw error;
  }
}

/** Of a damaged file, SQLite names what it met first. */
function comparable(said: RecordCheck | OperatorError): unknown {
  if (!(said instanceof OperatorError)) return said;
  const { operatorProblem } = said;
  return operatorProblem.code === 'store' ? operatorProblem.problem.kind : operatorProblem;
}
