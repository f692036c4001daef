import assert from 'node:assert/strict';
import { chownSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { parseHeldPlans } from '../../../../src/host/answer/parse-held-plans.ts';
import { applyRequest, heldPlansRequest, outcomeRequest } from '../../../../src/host/request/guard-request.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import type { HeldPlan } from '../../../../src/model/record/held-plans.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { runParts } from '../../guard-parts.ts';
import { InstalledGuard, NONCE } from '../../installed-guard.ts';
import { chmodStep, PERMITTED_SERVICE, reverseOf, SERVICE, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS, type Shell } from '../../shells.ts';
import { forget } from '../apply/apply-run.ts';

/** The host keeps, with each plan, the checkpoint of the record under which it ran. */

const CLAIMS = '/var/lib/registry-doctor/plans';
const ORIGIN = 'registry-doctor/5f0c2b8e91d7a346';
const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const SIGNATURE = `Az3g${'r'.repeat(86)}+=`;
const CHECKPOINT = `checkpoint ${ORIGIN} 217 ${ROOT} ${ORIGIN} ${SIGNATURE}`;

const MALFORMED: Readonly<Record<string, string>> = {
  'another origin': CHECKPOINT.replaceAll('registry-doctor/', 'registry-doctor.'),
  'a longer origin': CHECKPOINT.replaceAll(ORIGIN, `${ORIGIN}0`),
  'a shorter origin': CHECKPOINT.replaceAll(ORIGIN, ORIGIN.slice(0, -1)),
  'an origin that is a path': CHECKPOINT.replaceAll(ORIGIN, 'registry-doctor/../../../../etc'),
  'a signature of another name': CHECKPOINT.replace(
    / registry-doctor\/5f0c2b8e91d7a346 (?=Az3g)/,
    ' registry-doctor/0f0c2b8e91d7a346 ',
  ),
  'a size below 0': CHECKPOINT.replace(' 217 ', ' -217 '),
  'a size of 17 digits': CHECKPOINT.replace(' 217 ', ` ${'9'.repeat(17)} `),
  'a size that begins with 0': CHECKPOINT.replace(' 217 ', ' 0217 '),
  'a root of another length': CHECKPOINT.replace(ROOT, ROOT.slice(1)),
  'a root that is not base64': CHECKPOINT.replace(ROOT, ROOT.replace('/', '.')),
  'a root without its end': CHECKPOINT.replace(ROOT, `${ROOT.slice(0, -1)}a`),
  'a longer signature': CHECKPOINT.replace(SIGNATURE, `aaaa${SIGNATURE}`),
  'a signature that is an escape': CHECKPOINT.replace(SIGNATURE, `\\0141${SIGNATURE.slice(5)}`),
  'a cosignature': `${CHECKPOINT} ${ORIGIN} ${SIGNATURE}`,
  'no signature': CHECKPOINT.slice(0, -SIGNATURE.length - 1),
  'two blanks': CHECKPOINT.replace(' 217', '  217'),
  'a blank at its end': `${CHECKPOINT} `,
  'another word': CHECKPOINT.replace('checkpoint', 'checkpointed'),
};

const skip = skipUnless('linux', 'root', 'setpriv', 'ssh-keygen');

describe('a guard and the checkpoints of the record', { skip }, () => {
  let guard: InstalledGuard;
  let tree: ScratchTree;
  let closed: Buffer;
  const plans: Plan[] = [];
  before(() => {
    guard = new InstalledGuard();
  });
  beforeEach(() => {
    tree = new ScratchTree();
    closed = tree.directory(tree.at('closed'), 0o700);
    const root = tree.directory(tree.at('closed/root'), 0o755);
    chownSync(root, SERVICE.uid, SERVICE.gid);
    guard.permit(`${PERMITTED_SERVICE} ${root}`);
  });
  afterEach(() => tree.remove());
  after(() => {
    forget(plans);
    guard.remove();
  });

  const newPlan = (to = '0701'): Plan => {
    const plan = samplePlan({ steps: [chmodStep(closed, to)], storageRoot: hostPath(tree.at('closed/root')) });
    plans.push(plan);
    return plan;
  };
  const kept = ({ hash }: Plan) => `${CLAIMS}/${hash.slice('sha256:'.length)}/checkpoint`;
  const held = (shell: Shell) => {
    const { stdout, status } = guard.run(shell, heldPlansRequest(NONCE));
    assert.equal(status, 0);
    const parsed = parseHeldPlans(stdout, NONCE);
    return parsed.kind === 'plans' ? parsed.plans : assert.fail(JSON.stringify(parsed));
  };
  const heldOf = (shell: Shell, { hash }: Plan): HeldPlan | undefined => held(shell).find((one) => one.hash === hash);

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('a host keeps the checkpoint under which its plan ran, and the one of its undo, and tells both with the outcomes', () => {
        const plan = newPlan();
        const told = guard.apply(shell, { ...guard.signed(plan), checkpoint: CHECKPOINT });
        assert.equal(told.kind, 'applied');
        const { uid, mode } = statSync(kept(plan));
        assert.deepEqual([uid, mode & 0o22], [0, 0]);
        assert.equal(readFileSync(kept(plan), 'utf8'), `${CHECKPOINT}\n`);
        const undo = reverseOf(plan);
        plans.push(undo);
        const later = CHECKPOINT.replace(' 217 ', ' 230 ');
        assert.equal(guard.apply(shell, { ...guard.signed(undo), checkpoint: later }).kind, 'applied');
        assert.deepEqual(heldOf(shell, plan), { hash: plan.hash, outcome: 'applied', checkpoint: CHECKPOINT });
        assert.deepEqual(heldOf(shell, undo), { hash: undo.hash, outcome: 'applied', checkpoint: later });
      });

      test('a checkpoint that comes with a replay changes nothing', () => {
        const signed = guard.signed(newPlan());
        guard.apply(shell, { ...signed, checkpoint: CHECKPOINT });
        guard.apply(shell, { ...signed, checkpoint: CHECKPOINT.replace(' 217 ', ' 1 ') });
        assert.equal(readFileSync(kept(signed.plan), 'utf8'), `${CHECKPOINT}\n`);
        assert.equal(heldOf(shell, signed.plan)?.checkpoint, CHECKPOINT);
      });

      test('a plan without a checkpoint runs, and one that was refused and one that was cut off are told as such', () => {
        const plan = newPlan();
        assert.equal(guard.apply(shell, guard.signed(plan)).kind, 'applied');
        assert.deepEqual(heldOf(shell, plan), { hash: plan.hash, outcome: 'applied', checkpoint: null });
        const refused = newPlan('0703');
        assert.equal(guard.apply(shell, { ...guard.signed(refused), checkpoint: CHECKPOINT }).kind, 'refused');
        assert.deepEqual(heldOf(shell, refused), { hash: refused.hash, outcome: 'refused', checkpoint: null });
        rmSync(`${CLAIMS}/${plan.hash.slice('sha256:'.length)}/outcome`);
        assert.equal(heldOf(shell, plan)?.outcome, null);
      });

      test('only a plan that is to run takes a checkpoint, and an unsigned one leaves nothing of it', () => {
        const unsigned = newPlan();
        const told = guard.apply(shell, { plan: unsigned, signature: null, approvals: [], checkpoint: CHECKPOINT });
        assert.equal(told.kind, 'refused');
        assert.equal(existsSync(kept(unsigned)), false);
        const asked = outcomeRequest(NONCE, guard.signed(unsigned)).replace(/\nend\n$/, `\n${CHECKPOINT}\nend\n`);
        guard.run(shell, asked);
        assert.equal(existsSync(kept(unsigned)), false);
        assert.equal(modeOf(closed), '0700');
      });

      test('whatever is not a checkpoint of its exact form is refused with the whole request', () => {
        const request = applyRequest(NONCE, { ...guard.signed(newPlan()), checkpoint: CHECKPOINT });
        const requests = [request, ...Object.values(MALFORMED).map((line) => request.replace(CHECKPOINT, line))];
        const program = requests
          .map((text) => `request='${text.trimEnd()}'; if parse_request; then echo taken; else echo refused; fi`)
          .join('\n');
        const parts = ['lib/frame.sh', 'plan/request.sh', 'plan/plan-document.sh'];
        const told = runParts(shell, parts, program).toString().trim().split('\n');
        const expected = [['as it is', 'taken'], ...Object.keys(MALFORMED).map((what) => [what, 'refused'])];
        assert.deepEqual(
          ['as it is', ...Object.keys(MALFORMED)].map((what, index) => [what, told[index]]),
          expected,
        );
      });
    });
  }
});
