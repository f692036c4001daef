import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { KILL_POINT_VARIABLE, stepOf } from './kill-point.ts';

/**
 * Loaded before the bot (`node --import`). Kills it (SIGKILL) at the point that RD_DIE_AT names: before or after the commit with that
 * step in it, or the single statement that is the step.
 */

const [step, when, nth] = (process.env[KILL_POINT_VARIABLE] ?? '').split(' ');
let inTransaction: string[] = [];
let seen = 0;

const prepare = DatabaseSync.prototype.prepare;
DatabaseSync.prototype.prepare = function prepareToDie(this: DatabaseSync, sql: string, ...more): StatementSync {
  const statement = prepare.call(this, sql, ...more);
  const run: (...parameters: SQLInputValue[]) => unknown = statement.run.bind(statement);
  const isTransaction = () => this.isTransaction;
  const runOrDie = (...parameters: SQLInputValue[]) => {
    const found = stepOf(sql, parameters);
    if (found !== null && isTransaction()) inTransaction.push(found);
    const ends = stepsEnding(sql, found, isTransaction());
    const isNow = isTime(ends);
    if (isNow && when === 'before') die();
    const result = run(...parameters);
    if (isNow) die();
    return result;
  };
  return Object.defineProperty(statement, 'run', { value: runOrDie });
};

/** The steps that are durable once this statement is. */
function stepsEnding(sql: string, found: string | null, isInTransaction: boolean): readonly string[] {
  if (found !== null && !isInTransaction) return [found];
  if (sql !== 'commit' && sql !== 'rollback') return [];
  const ended = sql === 'commit' ? inTransaction : [];
  inTransaction = [];
  return ended;
}

function isTime(ends: readonly string[]): boolean {
  if (!ends.some((one) => one === step)) return false;
  seen += 1;
  return seen === Number(nth);
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}
