import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Plan, PlanStep } from '../../../../src/model/plan/plan.ts';
import { roundsOf } from '../../../support/campaign.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, entryStep, reverseOf, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, SHELLS } from '../../shells.ts';
import { apply, claimOf, forget } from './apply-run.ts';

const ATTACKER = fileURLToPath(new URL('./swapping-attacker.ts', import.meta.url));
const LATE_ATTACKER = fileURLToPath(new URL('./late-attacker.ts', import.meta.url));
/** Of an attacker who never rests: hardly a plan gets past the comparison. */
const ROUNDS = roundsOf(4, 60);
/** Of one who begins once all is compared, and swaps some thousand times in each. Without the pinned descriptor about one in six is lost. */
const LATE_ROUNDS = roundsOf(8, 240);
const UNDO_ROUNDS = roundsOf(2, 30);
const skip = skipUnless('linux', 'root', 'setpriv', 'acl');

type Race = {
  readonly by: string;
  readonly step: (closed: Buffer) => PlanStep;
  /** The mode of the directory once the step is done; with an ACL its group bits are the mask. */
  readonly done: string;
};

const RACES: readonly Race[] = [
  { by: 'chmod', step: (closed) => chmodStep(closed, '0711'), done: '711' },
  { by: 'an ACL entry', step: entryStep, done: '710' },
];

for (const race of RACES) {
  describe(`a directory that is swapped for a symlink during its change by ${race.by}`, { skip }, () => {
    let tree: ScratchTree;
    let victim: Buffer;
    let root: Buffer;
    let pinned: number;
    let attacker: ChildProcess;
    let places: readonly Buffer[];
    let step: PlanStep;
    const plans: Plan[] = [];

    before(async () => {
      tree = new ScratchTree();
      victim = tree.directory(tree.at('victim'), 0o700);
      const closed = tree.directory(tree.at('closed'), 0o700);
      root = tree.directory(tree.at('closed/root'));
      const link = tree.link(tree.at('link'), victim);
      step = race.step(closed);
      pinned = openSync(closed, 'r');
      places = [closed, link, tree.at('free')];
    });
    afterEach(async () => {
      attacker?.kill('SIGKILL');
      if (attacker?.signalCode === null) await once(attacker, 'exit');
    });
    after(() => {
      closeSync(pinned);
      tree?.remove();
      forget(plans);
    });

    /** Carries a plan out, and looks what came of the two directories whose names are being swapped. */
    const carryOut = (round: number, plan: Plan): string => {
      plans.push(plan);
      const { kind } = apply(SHELLS[round % SHELLS.length] ?? DASH, plan);
      assert.equal(modeOf(victim), '0700', `round ${round}: ${kind}`);
      assert.equal(modeOfPinned(), kind === 'applied' ? race.done : '700', `round ${round}: ${kind}`);
      putBack();
      return kind;
    };
    const modeOfPinned = () => (fstatSync(pinned).mode & 0o7777).toString(8);
    const putBack = () => {
      execFileSync('setfacl', ['-b', '/proc/self/fd/0'], { stdio: [pinned, 'ignore', 'inherit'] });
      fchmodSync(pinned, 0o700);
    };
    const newPlan = () => samplePlan({ steps: [step], storageRoot: hostPath(root) });

    test('if a directory is swapped for a symlink between check and change, the guard never changes the symlink’s target', async (t) => {
      attacker = await startAttacker(LATE_ATTACKER, places);
      const kinds: string[] = [];
      for (let round = 0; round < LATE_ROUNDS; round += 1) {
        const plan = newPlan();
        const swapped = once(attacker.stdout ?? assert.fail(), 'data');
        attacker.stdin?.write(`${claimOf(plan)}/intent\n`);
        kinds.push(carryOut(round, plan));
        await swapped;
      }
      t.diagnostic(`outcomes: ${JSON.stringify(counted(kinds))}`);
      assert.ok(!kinds.includes('refused'), 'the attacker came too early to show anything');
    });

    test('if a directory is swapped for a symlink, the guard’s rollback never changes the symlink’s target', async (t) => {
      attacker = await startAttacker(LATE_ATTACKER, places);
      const kinds: string[] = [];
      for (let round = 0; round < UNDO_ROUNDS; round += 1) {
        const plan = newPlan();
        const undo = reverseOf(plan);
        plans.push(plan, undo);
        assert.equal(apply(DASH, plan).kind, 'applied');
        const swapped = once(attacker.stdout ?? assert.fail(), 'data');
        attacker.stdin?.write(`${claimOf(undo)}/intent\n`);
        const { kind } = apply(SHELLS[round % SHELLS.length] ?? DASH, undo);
        await swapped;
        kinds.push(kind);
        assert.equal(modeOf(victim), '0700', `round ${round}: ${kind}`);
        assert.equal(modeOfPinned(), kind === 'applied' ? '700' : race.done, `round ${round}: ${kind}`);
        putBack();
      }
      t.diagnostic(`outcomes: ${JSON.stringify(counted(kinds))}`);
      assert.ok(!kinds.includes('refused'), 'the attacker came too early to show anything');
    });

    // The last one: it is killed wherever it is, and leaves the names as they are then.
    test('if a directory is swapped for a symlink, the guard never changes its target, and restores the directory unless all is done', async (t) => {
      attacker = await startAttacker(ATTACKER, places);
      await once(attacker.stdout ?? assert.fail(), 'data');
      const kinds = Array.from({ length: ROUNDS }, (_, round) => carryOut(round, newPlan()));
      t.diagnostic(`outcomes: ${JSON.stringify(counted(kinds))}`);
    });
  });
}

function counted(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
}

/** Ended by the kernel when this process ends, however that happens. */
async function startAttacker(program: string, paths: readonly Buffer[]): Promise<ChildProcess> {
  const args = ['--pdeathsig', 'KILL', '--', process.execPath, program, ...paths.map(String)];
  const attacker = spawn('setpriv', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(attacker, 'spawn');
  return attacker;
}
