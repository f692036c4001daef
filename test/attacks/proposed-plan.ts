import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { createLog } from '../../src/log.ts';
import { known } from '../../src/model/fact.ts';
import type { Plan, PlanState } from '../../src/model/plan/plan.ts';
import { ChannelId, HostName, TeamId, UserId } from '../../src/model/record/ids.ts';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';
import { openRecord as openStore } from '../../src/store/open-record.ts';
import type { OpenedStore, RecordPlace } from '../../src/store/opened-store.ts';
import type { WorkflowContext } from '../../src/workflow/context.ts';
import { openIncident } from '../../src/workflow/incident/open-incident.ts';
import type { RemoteHost } from '../../src/workflow/ports/host.ts';
import type { RecordTransaction } from '../../src/workflow/ports/record.ts';
import { postPlanCard } from '../../src/workflow/record/messages.ts';
import { appendAct } from '../../src/workflow/record/record-act.ts';
import { UNMEASURED } from '../../src/workflow/unmeasured.ts';
import { hostSettings } from '../host/sample-settings.ts';
import { policyWith } from '../support/bots/policy.ts';
import { quietWith } from '../support/bots/quiet.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

/** A record with plans in it, and everything that workflows need around it; only people, time and hosts are the test's own. */

const team = TeamId.parse('T1');
export const ALICE = { team, user: UserId.parse('UALICE') };
export const BOB = { team, user: UserId.parse('UBOB') };
export const CAROL = { team, user: UserId.parse('UCAROL') };
export const CHANNEL = ChannelId.parse('C1');
export const TTL_MINUTES = 15;
const GIT01 = HostName.parse('git01');

export type AttackedRecord = {
  readonly file: string;
  readonly opened: OpenedStore;
  /** Moves the clock of the workflows. */
  readonly setNow: (now: Date) => void;
  readonly context: (change?: Partial<WorkflowContext>) => WorkflowContext;
  /** A new incident of git01, asked for by Alice, with one plan that waits for a decision. */
  readonly propose: () => Promise<Plan>;
  readonly stateOf: (plan: Plan) => Promise<PlanState | undefined>;
  readonly actsOn: (plan: Plan) => Promise<string[]>;
};

/** Answers nothing: no test reaches a host by it. */
const NO_HOST: RemoteHost = {
  run: async () => ({ kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } }),
};

/** Opens an empty record that goes with the test, in a file unless it is elsewhere; git01 is the only host. */
export async function openRecord(
  t: TestContext,
  host: HostSettings = hostSettings({}),
  place?: RecordPlace,
): Promise<AttackedRecord> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-attacked-'));
  const file = join(directory, 'record.db');
  let now = new Date();
  const clock = { now: () => now, sleep: async () => {} };
  const opened = await openStore(place ?? { url: `sqlite:${file}`, passwordFile: null }, { clock });
  t.after(async () => {
    await opened.close();
    await rm(directory, { recursive: true, force: true });
  });
  const approvers = { users: [ALICE.user, BOB.user, CAROL.user], groups: [] };
  const policy = policyWith({ approvers, approvalTtlMinutes: TTL_MINUTES });
  return {
    file,
    opened,
    setNow: (moment) => {
      now = moment;
    },
    context: (change = {}) => ({
      store: opened.store,
      clock,
      log: createLog('silent'),
      settings: {
        hosts: new Map([[GIT01, { ...host, policy }]]),
        defaultPolicy: policy,
        incidentChannel: CHANNEL,
        fleetLook: null,
        quiet: quietWith(),
      },
      directory: { isMember: async () => ({ kind: 'yes' }), isFullMember: async () => ({ kind: 'yes' }) },
      signer: null,
      metrics: UNMEASURED,
      signatures: { check: async () => ({ kind: 'cannot-verify', why: { code: 'no-ssh-keygen' } }) },
      remote: NO_HOST,
      ...change,
    }),
    propose: () => opened.store.transact((tx) => propose(tx, now)),
    stateOf: (plan) => opened.store.transact(async (tx) => (await tx.plan(plan.id))?.state),
    actsOn: async (plan) => {
      const entries = await opened.auditTrail.list({ incidentId: plan.incidentId });
      return entries.flatMap(({ act, planId }) => (planId === plan.id ? [act] : []));
    },
  };
}

let proposed = 0;

async function propose(tx: RecordTransaction, now: Date): Promise<Plan> {
  proposed += 1;
  const openedBy = { kind: 'slack-user', ...ALICE } as const;
  const request = { host: GIT01, channel: CHANNEL, openedBy, requestKey: `attack-${proposed}`, now };
  const { incident } = await openIncident(tx, request);
  const draft = judgeFacts({ ...incidentFacts(), uptimeSeconds: known(3_600) }).plan;
  if (draft === null) throw new Error('the incident has a plan');
  const seal = {
    incidentId: incident.id,
    requestedBy: openedBy,
    now,
    ttlMinutes: TTL_MINUTES,
    nonce: 'f'.repeat(32),
    requesterSalt: 'e'.repeat(32),
  };
  const plan = sealPlan(draft, { ...seal, id: await tx.nextPlanId(incident.id) });
  await tx.insertPlan(plan);
  await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', currentPlan: plan.id });
  await postPlanCard(tx, plan, 1, await appendAct(tx, plan, { act: 'plan-proposed', actor: openedBy, now }));
  return plan;
}
