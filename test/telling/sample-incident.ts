import { canonicalHash } from '../../src/hash/canonical-hash.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import { Decision } from '../../src/model/plan/decision.ts';
import { Execution } from '../../src/model/plan/execution.ts';
import type { Actor } from '../../src/model/record/actor.ts';
import { type Act, AuditEntry, GENESIS_HASH } from '../../src/model/record/audit.ts';
import type { ToldIncident } from '../../src/model/record/documents/exported-incident.ts';
import { IncidentId, PlanId, Sha256, TeamId, UserId } from '../../src/model/record/ids.ts';
import { Incident } from '../../src/model/record/incident.ts';
import type { IncidentRecord } from '../../src/model/record/record.ts';
import { chainedForm, saltsFor } from '../../src/record/erasable.ts';
import { exportIncident } from '../../src/record/export/export-incident.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';

const ALICE: Actor = { kind: 'slack-user', team: TeamId.parse('T1'), user: UserId.parse('UALICE') };
const BOB: Actor = { kind: 'slack-user', team: TeamId.parse('T1'), user: UserId.parse('UBOB') };
const BOT: Actor = { kind: 'bot', part: 'workflow' };
const INCIDENT = IncidentId.parse(142);
const PLAN = PlanId.parse('142-1');

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 14, 2, second));

/** The incident as it is told, with no checkpoint over it. */
export function toldIncident(record: IncidentRecord): ToldIncident {
  const proofs = { checkpoint: null, uncovered: 'no-key', inclusions: new Map() } as const;
  const exported = exportIncident(record, [], proofs, { writtenBy: '1.2.3', language: 'en' });
  return { ...record, messages: exported.messages, exported };
}

/** The whole story of a diagnosis with a plan: approved with `reason`, run, and healthy again. */
export function incidentRecord(diagnosis: Diagnosis, reason: string): IncidentRecord {
  const { plan: draft } = diagnosis;
  if (draft === null) throw new Error('a diagnosis with a plan is needed');
  const seal = {
    id: PLAN,
    incidentId: INCIDENT,
    requestedBy: ALICE,
    now: at(3),
    ttlMinutes: 15,
    nonce: 'f'.repeat(32),
    requesterSalt: 'e'.repeat(32),
  };
  const plan = sealPlan(draft, seal);
  const entries = chained([
    ['incident-opened', ALICE, {}],
    ['diagnosed', BOT, { verdict: 'faulty' }],
    ['plan-proposed', BOT, {}],
    ['plan-approved', BOB, { reason }],
    ['execution-intended', BOT, {}],
    ['execution-finished', BOT, { kind: 'applied' }],
    ['verified', { kind: 'terminal', user: 'ops|`x`' }, { kind: 'well' }],
  ]);
  const [first] = entries;
  if (first === undefined) throw new Error('no entries');
  const steps = draft.steps.map(({ path, from, to }) => ({ path, before: from, after: to, was: null, is: null }));
  const v2 = { url: 'http://127.0.0.1:5000/v2/', status: 200, body: '{}' };
  const delivered = { kind: 'delivered', ts: '1.2', at: at(9).toISOString() } as const;
  return {
    incident: Incident.parse({
      id: 142,
      host: diagnosis.host,
      channel: 'C0123456',
      openedBy: ALICE,
      openedAt: at(0).toISOString(),
      requestKey: 'r',
      state: 'resolved',
      verdict: 'faulty',
      currentPlan: PLAN,
      closedAt: at(40).toISOString(),
    }),
    alerts: [],
    diagnoses: [diagnosis],
    plans: [
      {
        plan,
        state: 'applied',
        decisions: [
          Decision.parse({
            planId: PLAN,
            planHash: plan.hash,
            verdict: 'approved',
            by: BOB,
            reason,
            at: at(20).toISOString(),
          }),
        ],
        execution: Execution.parse({
          planId: PLAN,
          intendedAt: at(21).toISOString(),
          finishedAt: at(22).toISOString(),
          outcome: { kind: 'applied', steps, tried: { result: 'allowed' } },
        }),
      },
    ],
    verifications: [
      {
        verification: {
          kind: 'well',
          afterMs: 900,
          v2,
          health: { ...v2, url: 'http://127.0.0.1:5001/debug/health' },
        },
        at: at(40).toISOString(),
      },
    ],
    entries,
    messages: [
      { body: { kind: 'record', host: diagnosis.host, entry: first }, delivery: delivered },
      {
        body: { kind: 'record', host: diagnosis.host, entry: first },
        delivery: { kind: 'given-up', why: { kind: 'refused', code: 'is_archived' } },
      },
    ],
  };
}

function chained(acts: readonly (readonly [Act, Actor, AuditEntry['outcome']])[]): AuditEntry[] {
  let previousHash = GENESIS_HASH;
  return acts.map(([act, actor, outcome], index) => {
    const isOfPlan = act.startsWith('plan') || act.startsWith('execution');
    const entry = {
      sequence: index + 5,
      at: at(index).toISOString(),
      incidentId: INCIDENT,
      incidentEntry: index + 1,
      actor,
      act,
      planId: isOfPlan ? PLAN : null,
      planHash: isOfPlan ? Sha256.parse(`sha256:${'a'.repeat(64)}`) : null,
      outcome,
      previousHash,
    };
    const salted = { ...entry, salts: saltsFor(entry, () => '5'.repeat(32)) };
    previousHash = canonicalHash(chainedForm(salted));
    return AuditEntry.parse({ ...salted, hash: previousHash });
  });
}
