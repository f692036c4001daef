import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { recordLine } from '../../../src/words/en/record.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';

/** A plan that an earlier run left executing, and whose host is not asked how it ended. */

async function leftExecuting(t: TestContext) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const request = { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, channel: CHANNEL } as const;
  await decidePlan(record.context(), request);
  await record.opened.store.transact((tx) => tx.movePlan(plan.id, 'approved', 'executing'));
  let asked = 0;
  const stop = new AbortController();
  const remote: RemoteHost = {
    run: async () => {
      asked += 1;
      stop.abort();
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  };
  const resume = (hosts?: 'no hosts') => {
    const context = record.context({ remote });
    const settings = hosts === undefined ? context.settings : { ...context.settings, hosts: new Map() };
    return executePlan({ ...context, settings }, plan.id, stop.signal);
  };
  const whole = async () => (await record.opened.auditTrail.incidentRecord(plan.incidentId)) ?? assert.fail();
  const told = async () =>
    (await whole()).messages.flatMap(({ body }) =>
      body.kind === 'record' && body.entry.act === 'execution-unresolved' ? [plainText(recordLine(body))] : [],
    );
  const counted = async () =>
    (await whole()).messages.flatMap(({ body }) => (body.kind === 'status' ? [body.recordEntries] : []));
  return { record, plan, resume, whole, told, counted, asked: () => asked };
}

test('a plan left executing whose host was removed from the config is reported once in the audit record and the thread', async (t) => {
  const { record, plan, resume, whole, told, counted, asked } = await leftExecuting(t);
  for (const _ of [1, 2]) assert.equal(await resume('no hosts'), false, 'it is not over');
  const [line = assert.fail(), ...more] = await told();
  assert.match(
    line,
    /^Outcome unknown on git01 .*, plan \d+-1 .*: its host is no longer in the config file; put it back/,
  );
  assert.deepEqual(more, []);
  const { entries } = await whole();
  assert.deepEqual(entries.at(-1)?.outcome, { why: { code: 'host-removed' } });
  assert.deepEqual(await counted(), [entries.length]);
  assert.equal(await record.stateOf(plan), 'executing', 'only its host knows');
  assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  assert.equal(asked(), 0);
});

test('the bot asks for the outcome of a plan left executing once its host is in the config again', async (t) => {
  const { resume, asked } = await leftExecuting(t);
  await resume('no hosts');
  await resume();
  assert.equal(asked(), 1);
});

test('a plan left executing whose content differs from the approved plan is reported once, with the approved hash', async (t) => {
  const { record, plan, resume, whole, told, asked } = await leftExecuting(t);
  const database = new DatabaseSync(record.file);
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(`UPDATE plans SET body = replace(body, '0751', '0757')`);
  database.close();
  for (const _ of [1, 2]) assert.equal(await resume(), false, 'no other plan may run there');
  const [line = assert.fail(), ...more] = await told();
  assert.match(line, /^Outcome unknown on git01 .*: what is stored is not what was approved.*audit verify says more/);
  assert.deepEqual(more, []);
  const last = (await whole()).entries.at(-1);
  assert.deepEqual([last?.planHash, last?.outcome], [plan.hash, { why: { code: 'not-as-approved' } }]);
  assert.equal(asked(), 0);
});

test('a plan left executing whose host can be asked for the outcome is not reported as unresolved', async (t) => {
  const { resume, told, asked } = await leftExecuting(t);
  await resume();
  assert.deepEqual([asked(), await told()], [1, []]);
});
