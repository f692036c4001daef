import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Plan, type PlanStep, SetfaclStep } from '../../src/model/plan.ts';
import { skipUnless } from '../support/requirements.ts';
import { apply, forget } from './apply-run.ts';
import { chmodStep, SERVICE, samplePlan } from './sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from './scratch-tree.ts';
import { DASH, SHELLS } from './shells.ts';

const ATTACKER = fileURLToPath(new URL('./swapping-attacker.ts', import.meta.url));
const ROUNDS = 150;
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

function entryStep(closed: Buffer): PlanStep {
  const { path, precondition } = chmodStep(closed, '0711');
  const from = 'user::rwx,group::---,other::---';
  return SetfaclStep.parse({
    action: 'setfacl',
    path,
    from,
    to: `user::rwx,user:${SERVICE.uid}:--x,group::---,mask::--x,other::---`,
    modify: `user:${SERVICE.uid}:--x`,
    gainingPrincipal: SERVICE.user,
    precondition: { ...precondition, acl: from },
  });
}

for (const race of RACES) {
  describe(`a directory that is swapped for a link while it is changed by ${race.by}`, { skip }, () => {
    let tree: ScratchTree;
    let victim: Buffer;
    let root: Buffer;
    let pinned: number;
    let attacker: ChildProcess;
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
      attacker = await startAttacker([closed, link, tree.at('free')]);
    });
    after(async () => {
      attacker?.kill('SIGKILL');
      if (attacker?.signalCode === null) await once(attacker, 'exit');
      closeSync(pinned);
      tree?.remove();
      forget(plans);
    });

    test('never leads a change to what the link points to, and is left as it was unless all is done', (t) => {
      const kinds = new Map<string, number>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const plan = samplePlan({ steps: [step], storageRoot: hostPath(root) });
        plans.push(plan);
        const { kind } = apply(SHELLS[round % SHELLS.length] ?? DASH, plan);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        assert.equal(modeOf(victim), '0700', `round ${round}: ${kind}`);
        const now = (fstatSync(pinned).mode & 0o7777).toString(8);
        assert.equal(now, kind === 'applied' ? race.done : '700', `round ${round}: ${kind}`);
        execFileSync('setfacl', ['-b', '/proc/self/fd/0'], { stdio: [pinned, 'ignore', 'inherit'] });
        fchmodSync(pinned, 0o700);
      }
      t.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries(kinds))}`);
    });
  });
}

/** Ended by the kernel when this process ends, however that happens. */
async function startAttacker(paths: readonly Buffer[]): Promise<ChildProcess> {
  const args = ['--pdeathsig', 'KILL', '--', process.execPath, ATTACKER, ...paths.map(String)];
  const attacker = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(attacker.stdout, 'data');
  return attacker;
}
