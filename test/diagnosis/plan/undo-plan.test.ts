import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { undoPlan } from '../../../src/diagnosis/plan/undo-plan.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import type { ApplyOutcome } from '../../../src/model/plan/execution.ts';
import type { Plan, PlanStep } from '../../../src/model/plan/plan.ts';
import { stepCommand } from '../../../src/words/step-command.ts';
import { samplePlan } from '../../host/sample-plan.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

const NOW = { hostname: 'git01.example', bootId: '11111111-2222-3333-4444-555555555555', uptimeSeconds: 4711 };
const APPLIED = samplePlan(judgeFacts(incidentFacts()).plan ?? assert.fail());
const ACL_BEFORE = 'user::rwx,group::r-x,other::---';
const ACL_AFTER = 'user::rwx,user:993:--x,group::r-x,mask::r-x,other::---';

function outcomeOf(plan: Plan, acl: string | null = null): ApplyOutcome {
  const steps = plan.steps.map(({ path, from, to, action, precondition: { uid, gid, mode } }) => ({
    path,
    before: from,
    after: to,
    was: { mode, uid, gid, acl },
    is: { mode: action === 'chmod' ? to : mode, uid, gid, acl },
  }));
  return { kind: 'applied', steps, tried: { result: 'allowed' } } as ApplyOutcome;
}

function draftOf(plan: Plan, outcome: ApplyOutcome) {
  const undo = undoPlan(plan, outcome, NOW);
  return undo.kind === 'draft' ? undo.draft : assert.fail(undo.why);
}

test('an undo reverses a plan’s changes in reverse order, for the directories as they are now', () => {
  const draft = draftOf(APPLIED, outcomeOf(APPLIED));
  assert.equal(APPLIED.steps.length, 2);
  assert.deepEqual(
    draft.steps.map(({ path, from, to, precondition }) => ({ path, from, to, precondition })),
    APPLIED.steps.toReversed().map(({ path, from, to, precondition }) => ({
      path,
      from: to,
      to: from,
      precondition: { ...precondition, mode: to },
    })),
  );
});

test('an undo is valid for the host’s current boot, and has the same risk as its plan', () => {
  const draft = draftOf(APPLIED, outcomeOf(APPLIED));
  assert.partialDeepStrictEqual(draft, { ...NOW, risk: APPLIED.risk, identity: APPLIED.identity });
});

test('an undo names the same other paths as its plan, and changes files where its plan did', () => {
  const [first] = APPLIED.steps;
  const also = [{ use: 'read', path: HostPath.parse('/srv/key'), secret: true } as const];
  const step = { ...(first ?? assert.fail()), kind: 'file' } as PlanStep;
  const plan = samplePlan({ steps: [step], also, storageRoot: null });
  const draft = draftOf(plan, outcomeOf(plan));
  assert.partialDeepStrictEqual(draft, { also, storageRoot: null, steps: [{ kind: 'file' }] });
});

test('an undo restores an ACL completely, and its command says that entries are removed', () => {
  const [first] = APPLIED.steps;
  const plan = samplePlan({
    steps: [
      {
        action: 'setfacl',
        path: first?.path ?? assert.fail(),
        from: ACL_BEFORE,
        to: ACL_AFTER,
        modify: 'user:993:--x',
        gainingPrincipal: 'registry',
        precondition: { ...(first?.precondition ?? assert.fail()), acl: ACL_BEFORE },
      },
    ],
  });
  const [step] = draftOf(plan, outcomeOf(plan, ACL_AFTER)).steps;
  assert.partialDeepStrictEqual(step, { from: ACL_AFTER, to: ACL_BEFORE, precondition: { acl: ACL_AFTER } });
  assert.equal(stepCommand(step ?? assert.fail()), `setfacl --set ${ACL_BEFORE} ${first?.path}`);
});

const outcome = outcomeOf(APPLIED);
const withoutStates = {
  ...outcome,
  steps: APPLIED.steps.map(({ path, from, to }) => ({ path, before: from, after: to, was: null, is: null })),
} as ApplyOutcome;
const [chmod] = APPLIED.steps;
const opened = samplePlan({
  steps: [{ ...(chmod ?? assert.fail()), from: '0777', to: '0751' } as Plan['steps'][number]],
});

const IMPOSSIBLE: readonly (readonly [what: string, plan: Plan, outcome: ApplyOutcome, why: string])[] = [
  ['was undone', APPLIED, { kind: 'undone', why: { code: 'storage-still-closed' }, steps: [] }, 'not-applied'],
  ['was refused', APPLIED, { kind: 'refused', why: { code: 'time-is-up' } }, 'not-applied'],
  ['is itself an undo', { ...APPLIED, undoes: { id: APPLIED.id, hash: APPLIED.hash } }, outcome, 'not-applied'],
  ['left directories whose states could not be read', APPLIED, withoutStates, 'states-unknown'],
  ['closed what everyone could write to', opened, outcomeOf(opened), 'opens-to-everybody'],
];

for (const [what, plan, told, why] of IMPOSSIBLE) {
  test(`a plan that ${what} can’t be undone`, () => {
    assert.deepEqual(undoPlan(plan, told, NOW), { kind: 'impossible', why });
  });
}
