import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import type { RemoteHost, RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { BOB, CHANNEL, openRecord, TTL_MINUTES } from '../../attacks/proposed-plan.ts';
import { toldOfPlan } from '../exited.ts';

/** A first request whose end was not seen may start the plan later than the host says that it has not started. */

const AWAY: RemoteOutcome = { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
const NOTHING = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), truncated: false };
const SILENT: RemoteOutcome = { kind: 'timed-out', timeoutMs: 1, output: NOTHING };
const MINUTE_MS = 60_000;

/** One run of an approved plan, of which the host is asked as the test says; minute by minute. */
async function run(
  t: TestContext,
  host: (act: 'apply' | 'outcome', minute: number) => RemoteOutcome | 'never-started',
) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const start = Date.parse(plan.createdAt);
  let minute = 0;
  const seen: string[] = [];
  const remote: RemoteHost = {
    run: async (_, input) => {
      const act = /^verb (apply|outcome)$/m.exec(input)?.[1] === 'apply' ? 'apply' : 'outcome';
      const told = host(act, minute);
      seen.push(`${minute} ${act}`);
      minute += 1;
      record.setNow(new Date(start + minute * MINUTE_MS));
      return told === 'never-started' ? toldOfPlan(input, ['kind', told]) : told;
    },
  };
  record.setNow(new Date(start));
  const context = record.context({ remote });
  await decidePlan(context, {
    planIdText: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by: BOB,
    channel: CHANNEL,
  });
  assert.equal(await executePlan(context, plan.id, new AbortController().signal), true);
  const { execution, told } = await record.opened.store.transact(async (tx) => ({
    execution: await tx.execution(plan.id),
    told: await tx.message(`unknown:${plan.id}`),
  }));
  return { seen, outcome: execution?.outcome, told };
}

test('a plan that could not be sent to its host is refused at once', async (t) => {
  const { seen, outcome } = await run(t, () => AWAY);
  assert.deepEqual(
    [seen, outcome],
    [
      ['0 apply'],
      { kind: 'refused', why: { code: 'no-answer', why: { code: 'ssh', problem: { code: 'shutting-down' } } } },
    ],
  );
});

test('the bot keeps asking for a plan’s outcome until its expiry if it lost the first answer and can’t send the plan again', async (t) => {
  const { seen, outcome, told } = await run(t, (act, minute) => {
    if (minute === 0) return SILENT;
    return act === 'apply' ? AWAY : 'never-started';
  });
  assert.equal(outcome?.kind, 'refused');
  assert.ok(seen.length >= TTL_MINUTES + 2, `it was over after ${seen.length} minutes`);
  const late = seen.filter((one) => Number(one.split(' ')[0]) >= TTL_MINUTES);
  assert.ok(
    late.every((one) => one.endsWith('outcome')),
    `${late}: after its end it is only asked about`,
  );
  assert.ok(told, 'and people are told that it is not known');
});

test('the bot keeps asking for a plan’s outcome after its expiry if the host was unreachable until then', async (t) => {
  const away = TTL_MINUTES + 10;
  const { seen, outcome } = await run(t, (_, minute) => {
    if (minute === 0) return SILENT;
    return minute < away ? AWAY : 'never-started';
  });
  assert.equal(outcome?.kind, 'refused');
  assert.equal(seen.length, away + 1);
});
