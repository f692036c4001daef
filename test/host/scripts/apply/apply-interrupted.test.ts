import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { planDocument } from '../../../../src/host/request/plan-document.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { millisecondsOf, roundsOf } from '../../../support/campaign.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { chmodStep, samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, SHELLS } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import {
  apply,
  brief,
  claimOf,
  forget,
  killedAfter,
  outcome,
  parseOutput,
  signalGroup,
  startApply,
} from './apply-run.ts';

/** What becomes of a plan whose run dies, hangs, is asked about meanwhile, or loses its listener. */

const skip = skipUnless('linux', 'root', 'setpriv');
const ROUNDS = roundsOf(12, 240);
const BEFORE = ['0750', '0700'];
const PLANNED = ['0751', '0711'];

describe('the guard settles a plan that was interrupted', { skip }, () => {
  let tree: ScratchTree;
  let outer: Buffer;
  let inner: Buffer;
  let plan: Plan;
  const plans: Plan[] = [];
  const holders: ChildProcess[] = [];

  beforeEach(() => {
    tree = new ScratchTree();
    outer = tree.directory(tree.at('outer'), 0o750);
    inner = tree.directory(tree.at('outer/inner'), 0o700);
    const root = tree.directory(tree.at('outer/inner/root'));
    plan = newPlan(root);
  });
  afterEach(() => {
    for (const holder of holders.splice(0)) holder.kill('SIGKILL');
    tree.remove();
  });
  after(() => forget(plans));

  const newPlan = (root: Buffer): Plan => {
    const steps = [chmodStep(outer, '0751'), chmodStep(inner, '0711')];
    const made = samplePlan({ steps, storageRoot: hostPath(root) });
    plans.push(made);
    return made;
  };
  const modes = () => [modeOf(outer), modeOf(inner)];
  /** As a run leaves its record that was killed right there. */
  const claim = (...files: readonly string[]) => {
    mkdirSync(claimOf(plan), { recursive: true, mode: 0o700 });
    for (const file of files) writeFileSync(`${claimOf(plan)}/${file}`, '');
    if (files.includes('intent')) writeFileSync(`${claimOf(plan)}/plan`, planDocument(plan));
  };
  const setModes = (outerMode: number, innerMode: number) => {
    chmodSync(outer, outerMode);
    chmodSync(inner, innerMode);
  };

  for (const shell of SHELLS) {
    describe(`the outcome is asked under ${shell.name}`, { skip: shell.skip }, () => {
      test('a plan interrupted before any change is reported as rolled back, and never runs later', () => {
        claim('lock', 'intent');
        const result = outcome(shell, plan);
        assert.partialDeepStrictEqual(result, {
          kind: 'undone',
          why: reasonOf('interrupted-before-change'),
        });
        assert.deepEqual(apply(shell, plan), result);
        assert.deepEqual(modes(), BEFORE);
      });

      test('a second run of an interrupted plan changes nothing, whether it was interrupted before or after a change', () => {
        for (const [outerMode, innerMode] of [
          [0o750, 0o700],
          [0o751, 0o700],
        ] as const) {
          claim('lock', 'intent');
          setModes(outerMode, innerMode);
          assert.equal(apply(shell, plan).kind, 'undone');
          assert.deepEqual(modes(), BEFORE);
          plan = newPlan(tree.at('outer/inner/root'));
        }
      });

      test('a plan interrupted before it recorded its intent is reported as undone, and modes that changed meanwhile are not touched', () => {
        claim('lock');
        setModes(0o751, 0o700);
        assert.equal(outcome(shell, plan).kind, 'undone');
        assert.deepEqual(modes(), ['0751', '0700']);
      });

      test('a plan interrupted after its last change is reported as applied if the service reaches its storage', () => {
        claim('lock', 'intent');
        setModes(0o751, 0o711);
        assert.equal(outcome(shell, plan).kind, 'applied');
        assert.deepEqual(modes(), PLANNED);
      });

      test('a plan interrupted after its last change is rolled back if the service still can’t reach its storage', () => {
        tree.directory(tree.at('outer/inner/shut'), 0o700);
        tree.directory(tree.at('outer/inner/shut/root'));
        plan = { ...plan, storageRoot: hostPath(tree.at('outer/inner/shut/root')) };
        claim('lock', 'intent');
        setModes(0o751, 0o711);
        assert.equal(outcome(shell, plan).kind, 'undone');
        assert.deepEqual(modes(), BEFORE);
      });

      test('a plan interrupted half-way is rolled back', () => {
        claim('lock', 'intent');
        setModes(0o751, 0o700);
        const result = outcome(shell, plan);
        assert.partialDeepStrictEqual(result, { kind: 'undone', why: reasonOf('interrupted') });
        assert.deepEqual(outcome(shell, plan), result);
        assert.deepEqual(modes(), BEFORE);
      });

      test('a plan interrupted half-way is rolled back where directories are as it left them, and reported for a person to check elsewhere', () => {
        claim('lock', 'intent');
        setModes(0o751, 0o755);
        assert.deepEqual(brief(outcome(shell, plan)), {
          kind: 'undo-failed',
          why: reasonOf('interrupted-between'),
          steps: [
            { path: hostPath(outer), before: '0750', after: '0750' },
            { path: hostPath(inner), before: '0700', after: '0755' },
          ],
        });
        assert.deepEqual(modes(), ['0750', '0755']);
      });

      test('rolling back an interrupted plan never touches another directory that is now at the same path', () => {
        claim('lock', 'intent');
        setModes(0o751, 0o711);
        renameSync(inner, tree.at('outer/moved'));
        tree.directory(inner, 0o711);
        assert.partialDeepStrictEqual(outcome(shell, plan), {
          kind: 'undo-failed',
          steps: [{ after: '0750' }, { after: 'other-directory' }],
        });
        assert.deepEqual(modes(), ['0750', '0711']);
      });

      test('an interrupted plan is reported as running, and is not touched, while another process holds its lock', async () => {
        claim('lock', 'intent');
        setModes(0o751, 0o700);
        const holder = await holdLock(`${claimOf(plan)}/lock`);
        holders.push(holder);
        assert.deepEqual(outcome(shell, plan), { kind: 'running' });
        assert.deepEqual(apply(shell, plan), { kind: 'running' });
        assert.deepEqual(modes(), ['0751', '0700']);
        holder.kill('SIGKILL');
        await once(holder, 'exit');
        assert.equal(outcome(shell, plan).kind, 'undone');
      });
    });
  }

  test('a plan killed at any moment leaves all of its changes or none, and is always reported with the same outcome', async (t) => {
    const seen = new Map<string, number>();
    const wholeMs = await millisecondsOf(() => apply(DASH, plan));
    for (let round = 0; round < ROUNDS; round += 1) {
      const shell = SHELLS[round % SHELLS.length] ?? DASH;
      setModes(0o750, 0o700);
      plan = newPlan(tree.at('outer/inner/root'));
      await killedAfter((round * wholeMs) / ROUNDS, shell, plan);
      const result = outcome(shell, plan);
      seen.set(result.kind, (seen.get(result.kind) ?? 0) + 1);
      assert.deepEqual(modes(), result.kind === 'applied' ? PLANNED : BEFORE, JSON.stringify(result));
      assert.ok(['applied', 'undone', 'never-started'].includes(result.kind), JSON.stringify(result));
      if (result.kind !== 'never-started') assert.deepEqual(outcome(shell, plan), result);
    }
    t.diagnostic(`outcomes: ${JSON.stringify(Object.fromEntries(seen))}`);
  });

  test('a plan runs to its end even if the login hangs up or the connection is terminated', async () => {
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT', 'SIGPIPE'] as const) {
      setModes(0o750, 0o700);
      plan = newPlan(tree.at('outer/inner/root'));
      const child = startApply(DASH, plan);
      // From here on the script is at work; what it starts inherits what it ignores.
      await untilExists(claimOf(plan));
      signalGroup(child, signal);
      const [output, exited] = await Promise.all([child.stdout?.toArray(), once(child, 'exit')]);
      assert.deepEqual(exited, [0, null], signal);
      assert.equal(parseOutput(Buffer.concat(output ?? [])).kind, 'applied', signal);
    }
  });

  test('a plan’s outcome is recorded on the host even if no one reads the answer', async () => {
    const child = startApply(DASH, plan);
    const exited = once(child, 'exit');
    child.stdout?.destroy();
    await exited;
    assert.equal(outcome(DASH, plan).kind, 'applied');
    assert.deepEqual(modes(), PLANNED);
  });

  test('if two runs of one plan start at the same time, only one changes anything', async () => {
    for (let round = 0; round < roundsOf(4, 40); round += 1) {
      setModes(0o750, 0o700);
      plan = newPlan(tree.at('outer/inner/root'));
      const children = [startApply(DASH, plan), startApply(DASH, plan)];
      const outputs = await Promise.all(children.map((child) => child.stdout?.toArray()));
      const kinds = outputs.map((output) => parseOutput(Buffer.concat(output ?? [])).kind);
      assert.ok(kinds.includes('applied'), kinds.join());
      assert.ok(
        kinds.every((kind) => kind === 'applied' || kind === 'running'),
        kinds.join(),
      );
      assert.deepEqual(modes(), PLANNED);
      assert.equal(outcome(DASH, plan).kind, 'applied');
    }
  });
});

async function holdLock(file: string): Promise<ChildProcess> {
  const holder = spawn('sh', ['-c', 'exec 9>>"$1" && flock 9 && echo held && read -r _', 'sh', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (holder.stdout) await once(holder.stdout, 'data');
  return holder;
}

async function untilExists(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(1);
}
