import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import type { Plan } from '../../src/model/plan/plan.ts';
import { planHash } from '../../src/record/plan-seal.ts';
import { executePlan } from '../../src/workflow/execution/execute-plan.ts';
import type { RemoteHost } from '../../src/workflow/ports/host.ts';
import { decidePlan } from '../../src/workflow/review/decide-plan.ts';
import { type AttackedRecord, BOB, CHANNEL, openRecord } from './proposed-plan.ts';

/**
 * An intruder who can write the record's file, with its triggers dropped, between the card and the click, or between the click and
 * the run. What was not proposed and approved as it stands there never reaches a host.
 */

type Edit = (database: DatabaseSync, plan: Plan) => void;

/** Edits the file as someone with an SQL shell does. */
function tamper({ file }: AttackedRecord, plan: Plan, edit: Edit): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  edit(database, plan);
  database.close();
}

const widened: Edit = (database) => database.exec(`UPDATE plans SET body = replace(body, '0751', '0757')`);
const moved: Edit = (database) => database.exec(`UPDATE plans SET body = replace(body, '/data/vol1/ops', '/etc')`);
const prolonged: Edit = (database, plan) => {
  const later = new Date(Date.parse(plan.expiresAt) + 86_400_000).toISOString();
  database.exec(`UPDATE plans SET body = replace(body, '${plan.expiresAt}', '${later}')`);
};
const sealedAnew: Edit = (database, plan) => {
  widened(database, plan);
  const { hash: _, ...content } = JSON.parse(String(database.prepare('SELECT body FROM plans').get()?.['body']));
  const hash = planHash(content);
  database.prepare('UPDATE plans SET body = ?, hash = ?').run(JSON.stringify({ ...content, hash }), hash);
};

const CHANGES: Record<string, Edit> = {
  'another mode': widened,
  'another directory': moved,
  'a longer life': prolonged,
  'another mode, and sealed again': sealedAnew,
};

/** Counts what reaches a host; the first that does ends the run. */
function watchedHost(): { remote: RemoteHost; runs: () => number; untilRun: () => AbortSignal } {
  let runs = 0;
  let stop = new AbortController();
  const untilRun = () => {
    stop = new AbortController();
    return stop.signal;
  };
  const remote: RemoteHost = {
    run: async () => {
      runs += 1;
      stop.abort();
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  return { remote, runs: () => runs, untilRun };
}

async function scene(t: TestContext) {
  const record = await openRecord(t);
  const { remote, runs, untilRun } = watchedHost();
  const context = record.context({ remote });
  const plan = await record.propose();
  const approve = async () => {
    // The card shows what the row says, also where an intruder has changed it.
    const planHash = (await record.opened.store.transact((tx) => tx.plan(plan.id)))?.plan.hash ?? null;
    const { outcome } = await decidePlan(context, {
      ...{ planIdText: plan.id, planHash, verdict: 'approved', by: BOB, channel: CHANNEL },
    });
    return outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
  };
  const execute = () => executePlan(context, plan.id, untilRun());
  return { record, plan, approve, execute, runs };
}

describe('a plan that was changed in the database', () => {
  for (const [what, edit] of Object.entries(CHANGES)) {
    test(`a plan that an intruder gives ${what} before the click can’t be approved`, async (t) => {
      const { record, plan, approve, execute, runs } = await scene(t);
      tamper(record, plan, edit);
      assert.equal(await approve(), 'record-failed');
      await execute();
      assert.equal(runs(), 0);
      assert.ok(!(await record.actsOn(plan)).includes('plan-approved'));
    });

    test(`a plan that an intruder gives ${what} after the approval does not run, and audit verify names it`, async (t) => {
      const { record, plan, approve, execute, runs } = await scene(t);
      assert.equal(await approve(), 'accepted');
      tamper(record, plan, edit);
      await execute();
      assert.equal(runs(), 0);
      const check = await record.opened.auditTrail.verify();
      assert.ok(check.kind === 'broken');
      assert.ok(check.problems.some((problem) => problem.kind === 'plan-changed' && problem.planId === plan.id));
    });
  }

  test('an unaltered plan runs once it is approved', async (t) => {
    const { approve, execute, runs } = await scene(t);
    assert.equal(await approve(), 'accepted');
    await execute();
    assert.equal(runs(), 1);
  });

  for (const state of ['approved', 'executing']) {
    test(`a plan that an intruder marks as ${state} does not run, and its host is not asked about it`, async (t) => {
      const { record, plan, execute, runs } = await scene(t);
      tamper(record, plan, (database) => database.exec(`UPDATE plans SET state = '${state}'`));
      await execute();
      assert.equal(runs(), 0);
    });
  }

  test('an executing plan whose enter command an intruder changed sends nothing to its host', async (t) => {
    const { record, plan, approve, execute, runs } = await scene(t);
    await approve();
    tamper(record, plan, (database, sealed) => {
      sealedAnew(database, sealed);
      database.exec(`UPDATE plans SET state = 'executing'`);
    });
    await execute();
    assert.equal(runs(), 0);
  });

  for (const state of ['proposed', 'approved', 'executing']) {
    test(`a plan that has run does not run again if an intruder marks it as ${state}`, async (t) => {
      const { record, plan, approve, execute, runs } = await scene(t);
      await approve();
      await execute();
      tamper(record, plan, (database) => database.exec(`UPDATE plans SET state = '${state}'`));
      assert.notEqual(await approve(), 'accepted');
      await execute();
      assert.equal(runs(), 1);
    });
  }
});

const ON_RECORD: Record<string, { edit: Edit; problem: string }> = {
  'the approver is another one': {
    edit: (database) => database.exec(`UPDATE entry_values SET value = replace(value, 'UBOB', 'UCAROL')`),
    problem: 'value-changed',
  },
  'the approval is gone': {
    edit: (database) => database.exec(`DELETE FROM audit_entries WHERE act = 'plan-approved'`),
    problem: 'missing',
  },
  'the end is cut off': {
    edit: (database) => database.exec(`DELETE FROM audit_entries WHERE act LIKE 'execution-%'`),
    problem: 'tail-missing',
  },
  'the row of the decision names another approver': {
    edit: (database) => database.exec(`UPDATE decisions SET by = replace(by, 'UBOB', 'UCAROL')`),
    problem: 'row-disagrees',
  },
  'the plan is called rejected': {
    edit: (database) => database.exec(`UPDATE plans SET state = 'rejected'`),
    problem: 'row-disagrees',
  },
  'the plan is gone': { edit: (database) => database.exec('DELETE FROM plans'), problem: 'plan-missing' },
};

describe('changes to the audit record', () => {
  for (const [what, { edit, problem }] of Object.entries(ON_RECORD)) {
    test(`audit verify names a later change of the audit record: ${what}`, async (t) => {
      const { record, plan, approve, execute } = await scene(t);
      await approve();
      await execute();
      tamper(record, plan, edit);
      const check = await record.opened.auditTrail.verify();
      assert.deepEqual(check.kind === 'broken' && check.problems.map(({ kind }) => kind).slice(0, 1), [problem]);
    });
  }
});
