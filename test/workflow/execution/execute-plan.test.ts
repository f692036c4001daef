import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { createLog } from '../../../src/log.ts';
import type { Plan, PlanState } from '../../../src/model/plan/plan.ts';
import { ChannelId, HostName, TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { sealPlan } from '../../../src/record/plan-seal.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { postPlanCard } from '../../../src/workflow/record/messages.ts';
import { appendAct } from '../../../src/workflow/record/record-act.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** A plan that was made inside a container, and a config that may name another one now. */

const ENTER = ['docker', 'exec', '-i', 'registry'];
const now = new Date('2026-11-23T14:02:00Z');
const channel = ChannelId.parse('C0123456');
const ALICE = { team: TeamId.parse('T01'), user: UserId.parse('UALICE') };
const BOB = { team: TeamId.parse('T01'), user: UserId.parse('UBOB') };
const YES = { kind: 'yes' } as const;
const clock = { now: () => now, sleep: async () => {} };

describe('a plan that was made inside a container', () => {
  let directory: string;
  let opened: OpenedStore;
  let plan: Plan;
  let ranThrough: (readonly string[])[];

  beforeEach(async () => {
    ranThrough = [];
    directory = mkdtempSync(join(tmpdir(), 'rd-elsewhere-'));
    opened = await openSqliteStore(`sqlite:${directory}/test.db`, { clock });
    plan = await opened.store.transact(async (tx) => {
      const person = { kind: 'slack-user', ...ALICE } as const;
      const host = HostName.parse('git01');
      const { incident } = await openIncident(tx, { host, channel, openedBy: person, requestKey: 'r1', now });
      const draft = judgeFacts({ ...incidentFacts(), enteredBy: ENTER }).plan ?? assert.fail();
      const id = await tx.nextPlanId(incident.id);
      const sealed = sealPlan(draft, {
        id,
        incidentId: incident.id,
        requestedBy: person,
        now,
        ttlMinutes: 15,
        nonce: 'f'.repeat(32),
        requesterSalt: 'e'.repeat(32),
      });
      await tx.insertPlan(sealed);
      await postPlanCard(tx, sealed, 1, await appendAct(tx, sealed, { act: 'plan-proposed', actor: person, now }));
      return sealed;
    });
  });
  afterEach(async () => {
    await opened.close();
    rmSync(directory, { recursive: true });
  });

  /** Executes it from a state, with a config that enters so; the host never answers. */
  async function execute(from: PlanState, enter: readonly string[]): Promise<PlanState | undefined> {
    const stop = new AbortController();
    const policy = policyWith({ approvers: { users: [BOB.user], groups: [] } });
    const host: HostSettings = { ...hostSettings({}), enter, policy };
    const context = {
      store: opened.store,
      clock,
      log: createLog('silent'),
      settings: {
        hosts: new Map([[host.name, host]]),
        defaultPolicy: policyWith(),
        incidentChannel: channel,
        fleetLook: null,
        quiet: quietWith(),
      },
      directory: { isMember: async () => YES, isFullMember: async () => YES },
      signer: null,
      metrics: UNMEASURED,
      signatures: { check: async () => ({ kind: 'cannot-verify' as const, why: { code: 'no-ssh-keygen' as const } }) },
      remote: {
        run: async (at: HostSettings) => {
          ranThrough.push(at.enter);
          stop.abort();
          return { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } } as const;
        },
      },
    };
    await decidePlan(context, { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, channel });
    if (from === 'executing') await opened.store.transact((tx) => tx.movePlan(plan.id, 'approved', 'executing'));
    await executePlan(context, plan.id, stop.signal);
    return opened.store.transact(async (tx) => (await tx.plan(plan.id))?.state);
  }

  test('a plan that was made inside a container runs in that container', async () => {
    await execute('approved', ENTER);
    assert.deepEqual(ranThrough[0], ENTER);
  });

  for (const enter of [[], ['docker', 'exec', '-i', 'other'], [...ENTER, '--']]) {
    test(`a plan that was made inside a container does not run if the config now enters it by "${enter.join(' ')}"`, async () => {
      assert.equal(await execute('approved', enter), 'expired');
      assert.deepEqual(ranThrough, []);
    });

    test(`the bot asks for a running plan’s outcome in its own container, although the config now enters by "${enter.join(' ')}"`, async () => {
      await execute('executing', enter);
      assert.deepEqual(ranThrough, [ENTER]);
    });
  }
});
