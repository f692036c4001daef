/**
 * One replica of two on one record: on "go" it decides on each plan in turn as chance says, and takes up whatever was approved, by whom
 * ever. Arguments: the record, who it clicks as, a seed, and then the plans. Says which plans it ran on their hosts.
 */

import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLog } from '../../../src/log.ts';
import type { EndReason } from '../../../src/model/record/end-reason.ts';
import { HostName, PlanId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import { openRecord } from '../../../src/store/open-record.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import { EXPIRED_BEFORE_RUN, endPlan } from '../../../src/workflow/plan/end-plan.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SeededRandom } from '../../support/random.ts';
import { CHANNEL, standingClock } from '../samples.ts';

const [url = '', user = '', seed = '', count = ''] = process.argv.slice(2);
const clock = standingClock();
const { store, close } = await openRecord({ url, passwordFile: null }, { clock });
const by = { team: TeamId.parse('T1'), user: UserId.parse(user) };
const policy = policyWith({ approvers: { users: [UserId.parse('UBOB'), UserId.parse('UCAROL')], groups: [] } });
const plans = Array.from({ length: Number(count) }, (_, index) => index + 1);
const hosts = plans.map((number) => HostName.parse(`git${number}`));
const ran: string[] = [];
let current = '';

const context: WorkflowContext = {
  store,
  clock: { ...clock, sleep: async () => nextTurn() },
  log: createLog('silent'),
  settings: {
    hosts: new Map(hosts.map((name) => [name, { ...hostSettings({}), name, policy }])),
    defaultPolicy: policy,
    incidentChannel: CHANNEL,
    fleetLook: null,
    quiet: quietWith(),
  },
  directory: { isMember: async () => ({ kind: 'yes' }), isFullMember: async () => ({ kind: 'yes' }) },
  signer: null,
  metrics: UNMEASURED,
  signatures: { check: async () => ({ kind: 'cannot-verify', why: { code: 'no-ssh-keygen' } }) },
  remote: {
    run: async (_host, input) => {
      if (!/^verb outcome$/m.test(input)) ran.push(current);
      return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };
    },
  },
};

console.log('ready');
await once(process.stdin, 'data');
const random = new SeededRandom(Number(seed));
for (const number of plans) {
  const id = PlanId.parse(`${number}-1`);
  current = id;
  const planHash = (await store.transact((tx) => tx.plan(id)))?.plan.hash ?? null;
  const request = { planIdText: id, planHash, by, channel: CHANNEL };
  const acts = [
    () => decidePlan(context, { ...request, verdict: 'approved' }),
    () => decidePlan(context, { ...request, verdict: 'approved' }),
    () => decidePlan(context, { ...request, verdict: 'rejected', reason: 'not tonight' }),
    () => end(id, 'expire', EXPIRED_BEFORE_RUN),
    () => end(id, 'supersede', { code: 'newer-diagnosis' }),
  ];
  await random.pick(acts)();
  await executePlan(context, id, new AbortController().signal);
}
console.log(ran.join(' '));
await close();
process.exit();

/** Ends a plan that is still proposed: one that the other replica has just approved is left to run, so each plan has one end. */
function end(id: PlanId, how: 'expire' | 'supersede', why: EndReason): Promise<void> {
  return store.transact(async (tx) => {
    const stored = await tx.plan(id);
    if (stored !== null) await endPlan(tx, { ...stored, state: 'proposed' }, how, { now: clock.now(), why });
  });
}
