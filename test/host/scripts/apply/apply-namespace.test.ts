import assert from 'node:assert/strict';
import { chmodSync, chownSync } from 'node:fs';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import { judgeFacts } from '../../../../src/diagnosis/judge-facts.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { configuredHost, factsOf, probe } from '../../probe-run.ts';
import { samplePlan } from '../../sample-plan.ts';
import { hostPath, modeOf, ScratchTree } from '../../scratch-tree.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../shells.ts';
import { reasonOf } from '../guard/guard-reason-of.ts';
import {
  type Container,
  type NamespacedRegistry,
  startNamespacedRegistry,
} from '../probe/service/namespaced-registry.ts';
import { apply, forget } from './apply-run.ts';

/** A plan for a process in namespaces of its own: changed on the host, tried where the process stands. */

const skip = skipUnless('linux', 'root', 'setpriv', 'mount-namespaces', 'nsenter');
const IDENTITY = ['--reuid 48211', '--regid 48212', '--clear-groups'];

let tree: ScratchTree;
let running: NamespacedRegistry[];
const made: Plan[] = [];

/** The host has DISK/closed/registry; the registry has DISK as /storage. DISK itself it could not reach as the host has it. */
beforeEach(() => {
  if (skip) return;
  tree = new ScratchTree();
  running = [];
  tree.directory(tree.at('kept'), 0o700);
  for (const directory of ['kept/disk', 'kept/disk/closed', 'kept/disk/closed/registry'])
    tree.directory(tree.at(directory));
  chownSync(tree.at('kept/disk/closed/registry'), 48211, 48212);
  chmodSync(tree.at('kept/disk/closed'), 0o750);
});
afterEach(async () => {
  if (skip) return;
  await Promise.all(running.map((registry) => registry.stop()));
  tree.remove();
});
after(() => forget(made));

async function planMadeFor(
  shell: Shell,
  container: Partial<Container> = {},
  storageRoot = '/link/registry',
): Promise<Plan> {
  const host = configuredHost(tree, storageRoot);
  const { config } = host.registry;
  const prepare = `mkdir -p "$new/storage" "$new${tree.root}"; mount --bind '${tree.root}/kept/disk' "$new/storage"
    ln -s /storage/closed "$new/link"; : >"$new${config}"; mount --bind '${config}' "$new${config}"
    ${container.prepare ?? ''}`;
  const whole: Container = { root: 'own', identity: IDENTITY, args: ['serve', config], ...container, prepare };
  running.push(await startNamespacedRegistry(tree, whole));
  const { plan } = judgeFacts(factsOf(probe(shell, host)));
  assert.ok(plan);
  const sealed = samplePlan(plan);
  made.push(sealed);
  return sealed;
}

for (const shell of SHELLS) {
  const test = inTurn(shell);
  describe(`the guard applies a plan for a registry in another mount namespace, under ${shell.name}`, {
    skip: skip || shell.skip,
  }, () => {
    test(`a plan for a registry in another mount namespace changes the host’s path and gives the registry access (${shell.name})`, async () => {
      const plan = await planMadeFor(shell);
      assert.equal(plan.storageRoot, '/link/registry');
      const outcome = apply(shell, plan);
      assert.partialDeepStrictEqual(outcome, { kind: 'applied', tried: { result: 'allowed' } });
      assert.equal(modeOf(tree.at('kept/disk/closed')), '0751');
      assert.equal(modeOf(tree.at('kept')), '0700', 'what lies above a bound directory is left as it was');
    });

    test(`a plan for a registry in another mount namespace is rolled back if the registry is still blocked (${shell.name})`, async () => {
      const plan = await planMadeFor(shell);
      chmodSync(tree.at('kept/disk'), 0o700);
      const outcome = apply(shell, plan);
      assert.equal(outcome.kind, 'undone');
      assert.equal(modeOf(tree.at('kept/disk/closed')), '0750');
    });

    test(`the guard refuses a plan for a registry process before any change if that process has ended (${shell.name})`, async () => {
      const plan = await planMadeFor(shell);
      await running[0]?.stop();
      assert.deepEqual(apply(shell, plan), {
        kind: 'refused',
        why: reasonOf('process-ended'),
      });
      assert.equal(modeOf(tree.at('kept/disk/closed')), '0750');
    });
  });
}

describe('the guard finds the host’s directory of a registry in another mount namespace', { skip }, () => {
  for (const { what, bytes } of HOSTILE_NAMES) {
    test(`the guard finds the host’s directory of a containerized registry whatever the directory’s name: ${what}`, async () => {
      const closed = tree.at('kept/disk', bytes);
      tree.directory(closed);
      const inside = Buffer.concat([closed, Buffer.from('/registry')]);
      tree.directory(inside);
      chownSync(inside, 48211, 48212);
      chmodSync(closed, 0o700);
      tree.link(tree.at('kept/disk/entry'), bytes);
      const plan = await planMadeFor(DASH, {}, '/storage/entry/registry');
      assert.equal(plan.steps[0]?.path, hostPath(closed));
      assert.equal(apply(DASH, plan).kind, 'applied');
      assert.equal(modeOf(closed), '0701');
    });
  }

  test('the guard refuses a plan for a registry process if another process has its process id now', async () => {
    const plan = await planMadeFor(DASH);
    const later = { ...plan, process: { pid: plan.process?.pid ?? 0, startTicks: '1' } };
    assert.partialDeepStrictEqual(apply(DASH, later), { kind: 'refused' });
    assert.equal(modeOf(tree.at('kept/disk/closed')), '0750');
  });
});
