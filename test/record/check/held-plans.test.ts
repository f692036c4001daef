import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredPlan } from '../../../src/model/plan/plan.ts';
import type { Act, AuditEntry } from '../../../src/model/record/audit.ts';
import type { HeldOutcome, HeldPlans } from '../../../src/model/record/held-plans.ts';
import { HostName, IncidentId } from '../../../src/model/record/ids.ts';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import { chainEntry } from '../../../src/record/chain.ts';
import { HeldPlansWalk } from '../../../src/record/check/held-plans.ts';
import { chainedForm } from '../../../src/record/erasable.ts';
import { samplePlan } from '../../host/sample-plan.ts';

const GIT01 = HostName.parse('git01');
const PLAN = samplePlan();

function entriesOf(...acts: readonly (readonly [Act, AuditEntry['outcome']?])[]): readonly AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const [act, outcome = {}] of acts) {
    const plan = { planId: PLAN.id, planHash: PLAN.hash, incidentId: IncidentId.parse(1) };
    const content = { at: PLAN.createdAt, actor: { kind: 'bot', part: 'workflow' }, act, outcome, ...plan } as const;
    entries.push(chainEntry(content, entries.at(-1) ?? null, entries.length));
  }
  return entries;
}

function problemsOf(held: HeldPlans, entries: readonly AuditEntry[], plans: readonly StoredPlan[]) {
  const walk = new HeldPlansWalk(held);
  for (const entry of entries) walk.addEntry(chainedForm(entry));
  for (const { plan } of plans) walk.addPlan(plan);
  return walk.problems();
}

const APPROVED = [['plan-proposed'], ['plan-approved'], ['execution-intended']] as const;
const ENDED = [...APPROVED, ['execution-finished', { kind: 'applied' }]] as const;

const CASES: readonly {
  readonly title: string;
  readonly entries: readonly AuditEntry[];
  readonly holds: readonly HeldOutcome[];
  readonly more?: number;
  readonly enteredBy?: readonly string[];
  readonly problems: readonly RecordProblem[];
}[] = [
  {
    title: 'a host that holds the outcome of the entry agrees',
    entries: entriesOf(...ENDED),
    holds: ['applied'],
    problems: [],
  },
  {
    title: 'a plan of which no entry tells is named by its hash',
    entries: [],
    holds: ['applied'],
    problems: [{ kind: 'host-plan-unknown', host: GIT01, planHash: PLAN.hash, outcome: 'applied' }],
  },
  {
    title: 'another outcome than the entry’s is named with the entry',
    entries: entriesOf(...APPROVED, ['execution-finished', { kind: 'refused' }]),
    holds: ['applied'],
    problems: [{ kind: 'host-outcome-differs', host: GIT01, planId: PLAN.id, sequence: 4, outcome: 'applied' }],
  },
  {
    title: 'a plan that is under way is not judged',
    entries: entriesOf(...APPROVED),
    holds: ['applied'],
    problems: [],
  },
  {
    title: 'a plan that the host has not finished is not judged',
    entries: entriesOf(...ENDED),
    holds: [null],
    problems: [],
  },
  {
    title: 'a plan that ran without an intent on record is named',
    entries: entriesOf(['plan-proposed']),
    holds: ['applied'],
    problems: [{ kind: 'host-outcome-unrecorded', host: GIT01, planId: PLAN.id, outcome: 'applied' }],
  },
  {
    title: 'a plan that ran and by the entries expired before is named',
    entries: entriesOf(...APPROVED, ['plan-expired']),
    holds: ['applied'],
    problems: [{ kind: 'host-outcome-unrecorded', host: GIT01, planId: PLAN.id, outcome: 'applied' }],
  },
  {
    title: 'a plan that changed something by the entries, and of which the host holds nothing, is named',
    entries: entriesOf(...ENDED),
    holds: [],
    problems: [{ kind: 'host-plan-missing', host: GIT01, planId: PLAN.id, sequence: 4 }],
  },
  {
    title: 'a plan that was refused need not have reached the host',
    entries: entriesOf(...APPROVED, ['execution-finished', { kind: 'refused' }]),
    holds: [],
    problems: [],
  },
  {
    title: 'a plan that the host only counted is not missing',
    entries: entriesOf(...ENDED),
    holds: [],
    more: 1,
    problems: [],
  },
  {
    title: 'a plan in a container that was made again is not missing',
    entries: entriesOf(...ENDED),
    holds: [],
    enteredBy: ['docker', 'exec', '-i', 'registry'],
    problems: [],
  },
];

for (const { title, entries, holds, more = 0, enteredBy = [], problems } of CASES) {
  test(`audit verify with a host: ${title}`, () => {
    const plans = holds.map((outcome) => ({ hash: PLAN.hash, outcome, checkpoint: null }));
    const stored: readonly StoredPlan[] = [
      { plan: { ...PLAN, host: GIT01, enteredBy: [...enteredBy] }, state: 'applied' },
    ];
    const held = { host: GIT01, plans, held: plans.length + more };
    assert.deepEqual(problemsOf(held, entries, stored), problems);
  });
}

test('audit verify with a host: a plan of another host is none of its own', () => {
  const plan = { ...PLAN, host: HostName.parse('git02') };
  const held = { host: GIT01, plans: [], held: 0 };
  assert.deepEqual(problemsOf(held, entriesOf(...ENDED), [{ plan, state: 'applied' }]), []);
});
