import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchmodSync, fstatSync, openSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../../src/model/plan.ts';
import { skipUnless } from '../support/requirements.ts';
import { apply, forget } from './apply-run.ts';
import { chmodStep, samplePlan } from './sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from './scratch-tree.ts';
import { DASH, SHELLS } from './shells.ts';

const ATTACKER = fileURLToPath(new URL('./swapping-attacker.ts', import.meta.url));
const ROUNDS = 150;

describe('a directory that is swapped for a link while the plan is carried out', {
  skip: skipUnless('linux', 'root', 'setpriv'),
}, () => {
  const plans: Plan[] = [];
  after(() => forget(plans));

  test('never leads a change to what the link points to', async (t) => {
    const tree = new ScratchTree();
    const victim = tree.directory(tree.at('victim'), 0o700);
    const closed = tree.directory(tree.at('closed'), 0o700);
    const root = tree.directory(tree.at('closed/root'));
    tree.link(tree.at('link'), victim);
    const pinned = openSync(closed, 'r');
    const step = chmodStep(closed, '0711');
    const attacker = spawn(
      process.execPath,
      [ATTACKER, closed.toString(), tree.at('link').toString(), tree.at('free').toString()],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(attacker.stdout, 'data');
    const kinds = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const shell = SHELLS[round % SHELLS.length] ?? DASH;
      const plan = samplePlan({ steps: [step], storageRoot: hostPath(root) });
      plans.push(plan);
      const { kind } = apply(shell, plan);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      assert.equal(modeOf(victim), '0700', `round ${round}: ${kind}`);
      const now = (fstatSync(pinned).mode & 0o7777).toString(8);
      assert.equal(now, kind === 'applied' ? '711' : '700', `round ${round}: ${kind}`);
      fchmodSync(pinned, 0o700);
    }
    closeSync(pinned);
    attacker.kill('SIGKILL');
    await once(attacker, 'exit');
    t.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries(kinds))}`);
    tree.remove();
  });
});
