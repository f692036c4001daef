import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, type TestContext, test } from 'node:test';
import type { Plan } from '../../src/model/plan/plan.ts';
import { executePlan } from '../../src/workflow/execution/execute-plan.ts';
import { decidePlan } from '../../src/workflow/review/decide-plan.ts';
import { framed } from '../host/frame-output.ts';
import { skipUnless } from '../support/requirements.ts';
import { assertMessageSafe } from './assert-shown-safely.ts';
import { type Behaviour, drip, endWith, LIMIT_MS, pour, startHostileServer, type Taken } from './hostile-server.ts';
import { BOB, CHANNEL, openRecord } from './proposed-plan.ts';

/**
 * An approved plan, and the SSH server of its host is the attacker's. Where it cannot be known what was done, it is neither called
 * done nor undone: the plan stays `executing`, without an outcome on record, until the host gives a whole answer about this plan.
 */

const BOUNDED_MS = 2 * (LIMIT_MS + 6_000) + 10_000;
/** Two runs, each cut off after four times what is kept of it (2 MiB), and what is under way then. */
const BOUNDED_BYTES = 24 * 1024 * 1024;
const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\r\u202eevil<!channel>';

type Step = { readonly path: string; readonly before: string; readonly after: string };

/** A whole answer: the outcome of these steps, in the form of the host's own program. */
function answerOf(nonce: string, kind: 'applied' | 'undone', steps: readonly Step[]): Buffer {
  return framed('apply', nonce, [
    ['kind', kind],
    kind === 'applied' ? (['tried', 'allowed'] as const) : (['why', ESCAPES] as const),
    ...steps.flatMap(stepRecords),
  ]);
}

function stepRecords({ path, before, after }: Step) {
  return [
    ['step-path', path] as const,
    ['step-before', before] as const,
    ['step-after', after] as const,
    ['step-was', '0700 0:0 -'] as const,
    ['step-is', '0711 0:0 -'] as const,
    ['step-list', ''] as const,
  ];
}

const stepsOf = (plan: Plan): Step[] =>
  plan.steps.map(({ path, from, to }) => ({ path, before: String(from), after: String(to) }));

type Act = (taken: Taken, plan: Plan) => void;
const saying =
  (change: (steps: Step[]) => Step[]): Act =>
  ({ channel, nonce }, plan) =>
    endWith(channel, answerOf(nonce, 'applied', change(stepsOf(plan))));
/** The whole, true answer, ended otherwise than the script ends. */
const ending =
  (end: (channel: Taken['channel']) => void): Act =>
  ({ channel, nonce }, plan) => {
    channel.write(answerOf(nonce, 'applied', stepsOf(plan)));
    end(channel);
    channel.end();
  };

/** Waited for in full the first time; when it is asked again, it hangs up. */
const slowly = (act: Act): Act => {
  const seen = new Set<Plan>();
  return (taken, plan) => {
    if (seen.has(plan)) taken.connection.end();
    else act(taken, plan);
    seen.add(plan);
  };
};

const UNKNOWN: Record<string, Act> = {
  'never answers': slowly(() => {}),
  'prints without end': ({ channel }) => pour(channel, Buffer.alloc(65_536, ESCAPES)),
  'prints without end, slowly': slowly(({ channel }) => drip(channel, Buffer.from('x'))),
  'ends with success and says nothing': ({ channel }) => endWith(channel, Buffer.alloc(0)),
  'ends with success after garbage': ({ channel }) => endWith(channel, randomBytes(4_096)),
  'sends half an answer and ends with success': ({ channel, nonce }, plan) =>
    endWith(channel, answerOf(nonce, 'applied', stepsOf(plan)).subarray(0, -10)),
  'sends half an answer and hangs up': ({ channel, connection, nonce }, plan) => {
    channel.write(answerOf(nonce, 'applied', stepsOf(plan)).subarray(0, -10), () => connection.end());
  },
  'hangs up at once': ({ connection }) => connection.end(),
  'gives a whole answer and no exit status': ending(() => {}),
  'gives a whole answer and exit status 1': ending((channel) => channel.exit(1)),
  'gives a whole answer and exit status 124': ending((channel) => channel.exit(124)),
  'gives a whole answer and exit status 255': ending((channel) => channel.exit(255)),
  'gives a whole answer, killed by a signal': ending((channel) => channel.exit('KILL', false)),
  'replays the answer of another run': ({ channel }, plan) =>
    endWith(channel, answerOf('0123456789abcdef0123456789abcdef', 'applied', stepsOf(plan))),
  'answers twice': ({ channel, nonce }, plan) => {
    const answer = answerOf(nonce, 'applied', stepsOf(plan));
    endWith(channel, Buffer.concat([answer, answer]));
  },
  'claims to have done one step more': saying((steps) => [...steps, { path: '/etc', before: '0755', after: '0777' }]),
  'claims to have done one step less': saying((steps) => steps.slice(1)),
  'claims to have done other steps': saying((steps) => steps.map((step) => ({ ...step, path: '/etc' }))),
  'claims to have done the steps in another order': saying((steps) => steps.toReversed()),
  'claims that a directory was otherwise before': saying((steps) => steps.map((step) => ({ ...step, before: '0777' }))),
};

/** Our side waits for these in vain. */
const WAITED_FOR = ['never answers', 'prints without end, slowly'];

const NOT_STARTED: Record<string, Behaviour> = {
  'shows another key': { hostKey: 'other' },
  'never answers the login': { login: () => {}, waitedFor: 'connection' },
  'never takes the command': { command: 'left waiting', waitedFor: 'connection' },
};

/** Runs one approved plan against the server, until the workflow would wait before it asks again. */
async function execute(t: TestContext, behaviour: (plan: () => Plan) => Behaviour) {
  let plan: Plan | undefined;
  const approvedPlan = () => plan ?? assert.fail('nothing was approved');
  const server = await startHostileServer(t, behaviour(approvedPlan));
  const record = await openRecord(t, server.host);
  plan = await record.propose();
  const stop = new AbortController();
  const clock = { now: () => new Date(), sleep: async () => stop.abort() };
  const context = record.context({ remote: server.remote, clock });
  const request = { planIdText: plan.id, planHash: plan.hash, verdict: 'approved' as const, by: BOB, channel: CHANNEL };
  assert.equal((await decidePlan(context, request)).approved?.id, plan.id);
  const startedAt = performance.now();
  await executePlan(context, plan.id, stop.signal);
  assert.ok(performance.now() - startedAt < BOUNDED_MS);
  assert.ok(server.sent() < BOUNDED_BYTES, `${server.sent()} bytes were taken`);
  const id = plan.id;
  return { ...record, plan, execution: await record.opened.store.transact((tx) => tx.execution(id)) };
}

describe('an approved plan on a hostile SSH server', { concurrency: true, skip: skipUnless('linux') }, () => {
  for (const [what, act] of Object.entries(UNKNOWN)) {
    test(`an approved plan has an unknown outcome if the SSH server ${what}`, async (t) => {
      const limit = WAITED_FOR.includes(what) ? ({ waitedFor: 'answer' } as const) : {};
      const done = await execute(t, (plan) => ({ script: (taken) => act(taken, plan()), ...limit }));
      assert.equal(await done.stateOf(done.plan), 'executing');
      assert.equal(done.execution?.outcome, null);
      assert.ok(!(await done.actsOn(done.plan)).includes('execution-finished'));
      const told = await done.opened.store.transact((tx) => tx.message(`unknown:${done.plan.id}`));
      assert.ok(told?.body.kind === 'execution' && told.body.outcome.kind === 'unknown');
      assertMessageSafe(told.body);
    });
  }

  for (const [what, behaviour] of Object.entries(NOT_STARTED)) {
    test(`an approved plan is reported as refused, because nothing was sent, if the SSH server ${what}`, async (t) => {
      const done = await execute(t, () => behaviour);
      assert.equal(await done.stateOf(done.plan), 'failed');
      assert.equal(done.execution?.outcome?.kind, 'refused');
    });
  }

  test('the bot believes half an outcome only once the server completes it, and shows it as text', async (t) => {
    let asked = 0;
    const done = await execute(t, (plan) => ({
      script: ({ channel, nonce }) => {
        asked += 1;
        const answer = answerOf(nonce, 'undone', stepsOf(plan()));
        endWith(channel, asked === 1 ? answer.subarray(0, -10) : answer);
      },
    }));
    assert.equal(await done.stateOf(done.plan), 'undone');
    const { outcome } = done.execution ?? assert.fail('nothing was executed');
    assert.ok(outcome?.kind === 'undone');
    const record = { sequence: 1, hash: done.plan.hash };
    assertMessageSafe({ kind: 'execution', plan: done.plan, outcome, record });
  });

  test('the bot believes a complete outcome about the changes of the approved plan', async (t) => {
    const done = await execute(t, (plan) => ({ script: (taken) => saying((steps) => steps)(taken, plan()) }));
    assert.equal(await done.stateOf(done.plan), 'applied');
  });
});
