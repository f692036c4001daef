import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { registryHttp } from '../../../src/compose/registry-http.ts';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { parseApplyOutcome } from '../../../src/host/answer/parse-apply-outcome.ts';
import { parseAsk } from '../../../src/host/answer/parse-ask.ts';
import { guardOverStdin } from '../../../src/host/request/guard-input.ts';
import { applyRequest, askRequest } from '../../../src/host/request/guard-request.ts';
import type { HostCheck, TrialNote } from '../../../src/model/host/host-check.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import type { ApplyOutcome } from '../../../src/model/plan/execution.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { checkHost } from '../../../src/ssh/run/check-host.ts';
import { trialNote } from '../../../src/words/en/trial-check.ts';
import { diagnoseHost } from '../../../src/workflow/host/diagnose-host.ts';
import { lookAtRegistry, NO_LOOKS } from '../../../src/workflow/host/look-at-registry.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { samplePlan } from '../../host/sample-plan.ts';
import { modeOf, ScratchTree } from '../../host/scratch-tree.ts';
import { forget } from '../../host/scripts/apply/apply-run.ts';
import {
  type NamespacedRegistry,
  startNamespacedRegistry,
} from '../../host/scripts/probe/service/namespaced-registry.ts';
import { CALM, remoteHostFor, sshdFor, stdoutOf } from '../../ssh/remote-host-fixture.ts';
import { SERVICE_ACCOUNT } from '../../support/hosts/docker-registry.ts';
import { skipUnless } from '../../support/requirements.ts';

/**
 * A real registry in a container, as far as one is namespaces: a root, mounts and a network of its own. Diagnosed over SSH, from
 * the host and from inside, fixed there, and healthy again by its own answer.
 */

const skip = skipUnless(
  ...(['linux', 'root', 'sshd', 'ssh-keygen', 'docker-registry', 'setpriv', 'busybox'] as const),
  ...(['mount-namespaces', 'nsenter'] as const),
);
/** Of no package, so that the host has no file of this name. */
const CONFIG = HostPath.parse('/etc/distribution/config.yml');
const NONCE = 'containernonce';
const CONFIG_TEXT = `version: 0.1
storage: { filesystem: { rootdirectory: /storage/closed/registry } }
http: { addr: "127.0.0.1:5000", debug: { addr: "127.0.0.1:5001" } }
health: { storagedriver: { enabled: true, interval: 1s, threshold: 3 } }
`;

let tree: ScratchTree;
let registry: NamespacedRegistry | null;

/** The disk is DISK on the host and /storage in the container; above DISK, only root may pass. */
beforeEach(async () => {
  if (skip) return;
  registry = null;
  tree = new ScratchTree();
  tree.directory(tree.at('kept'), 0o700);
  for (const name of ['disk', 'disk/closed', 'disk/closed/registry']) tree.directory(tree.at(`kept/${name}`));
  const id = (flag: string) => Number(execFileSync('id', [flag, SERVICE_ACCOUNT], { encoding: 'utf8' }));
  chownSync(tree.at('kept/disk/closed/registry'), id('-u'), id('-g'));
  chmodSync(tree.at('kept/disk/closed'), 0o750);
  writeFileSync(tree.at('own-config.yml'), CONFIG_TEXT);
  registry = await startNamespacedRegistry(tree, {
    root: 'own',
    unshare: ['-n'],
    prepare: `busybox ifconfig lo up
      mkdir -p "$new/storage" "$new/etc/distribution" "$new/var/lib" "$new/tmp"
      mount --bind '${tree.root}/kept/disk' "$new/storage"; cp '${tree.root}/own-config.yml' "$new${CONFIG}"`,
    identity: [`--reuid ${id('-u')}`, `--regid ${id('-g')}`, '--clear-groups'],
    program: '/usr/bin/docker-registry',
    args: ['serve', CONFIG],
  });
});
afterEach(async () => {
  if (skip) return;
  await registry?.stop();
  tree.remove();
});

/** What `docker exec -i NAME COMMAND…` does, for a container of this name alone. */
function dockerFor(name: string): string {
  const program = tree.at('docker').toString();
  const script = `#!/bin/sh
[ "$1 $2" = 'exec -i' ] || exit 64
[ "$3" = '${name}' ] || { echo "Error response from daemon: No such container: $3" >&2; exit 1; }
shift 3
exec nsenter -t ${registry?.pid} -m -n -r -w -- "$@"
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

async function diagnose(remote: RemoteHost, host: HostSettings) {
  return (await diagnoseHost({ remote, clock: systemClock }, host)).diagnosis;
}

async function apply(remote: RemoteHost, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  const outcome = await remote.run(
    host,
    guardOverStdin(applyRequest(NONCE, { plan, signature: null, approvals: [] })),
    CALM,
  );
  return outcome.kind === 'exited' ? parseApplyOutcome(outcome.output.stdout, NONCE) : assert.fail(outcome.kind);
}

/** Asked on the host, in whose network no one listens there. */
async function waitUntilItSays(status: number, remote: RemoteHost, host: HostSettings): Promise<void> {
  let last: unknown = null;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(100)) {
    const outcome = await remote.run(host, guardOverStdin(askRequest({ nonce: NONCE, host })), CALM);
    const asked = parseAsk(Buffer.from(stdoutOf(outcome)), NONCE);
    last = asked;
    if (asked.kind === 'answers' && asked.v2.state === 'known' && asked.v2.value.status === status) return;
  }
  assert.fail(`the registry did not answer ${status}: ${JSON.stringify(last)}`);
}

describe('a registry in a container', { skip }, () => {
  test('for a registry in a network of its own monitoring uses the guard, since its address on the host belongs to something else', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01', { registry: { config: CONFIG } });
    await waitUntilItSays(503, remote, host);
    const looking = { remote, http: registryHttp(remote), nowMs: 0, mayConnect: async () => {} };
    const entered = { ...host, enter: [dockerFor('registry'), 'exec', '-i', 'registry'] };
    for (const one of [host, entered]) {
      const first = await lookAtRegistry(looking, one, NO_LOOKS);
      const second = await lookAtRegistry(looking, one, first.memory);
      assert.deepEqual([second.way, second.failed, second.answer.v2?.status], ['guard', [], 503]);
    }
  });

  test('the incident of a registry in a container shows host and container paths, and a plan on the host makes it healthy', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01', { registry: { config: CONFIG } });
    await waitUntilItSays(503, remote, host);

    const diagnosis = await diagnose(remote, host);
    assert.partialDeepStrictEqual(diagnosis.findings[0], {
      id: 'untraversable-ancestor',
      path: '/storage/closed',
      hostPath: `${tree.root}/kept/disk/closed`,
      proof: 'kernel',
    });
    assert.match(diagnosis.health?.body ?? '', /stat \/storage\/closed\/registry: permission denied/);
    assert.ok(diagnosis.plan);
    const plan = samplePlan(diagnosis.plan);
    t.after(() => forget([plan]));
    assert.equal((await apply(remote, host, plan)).kind, 'applied');
    assert.equal(modeOf(tree.at('kept')), '0700');

    await waitUntilItSays(200, remote, host);
    const after = await diagnose(remote, host);
    assert.deepEqual(
      after.findings.filter(({ severity }) => severity === 'fault'),
      [],
    );
  });

  test('for a host whose config enters the container, the incident shows container paths and the plan runs in the container', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const enter = [dockerFor('registry'), 'exec', '-i', 'registry'];
    const host = { ...sshd.hostSettings('git01', { registry: { config: CONFIG } }), enter };
    await waitUntilItSays(503, remote, host);

    const { plan, findings } = await diagnose(remote, host);
    assert.equal(findings[0]?.id, 'untraversable-ancestor');
    assert.partialDeepStrictEqual(
      findings.find(({ id }) => id === 'looked-from-inside'),
      { enteredBy: enter, mount: { mountPoint: '/storage', directory: `${tree.root}/kept/disk` } },
    );
    assert.ok(plan);
    assert.deepEqual(plan.enteredBy, enter);
    assert.deepEqual(
      plan.steps.map(({ path, to }) => `${path} ${to}`),
      ['/storage/closed 0751'],
    );
    assert.equal((await apply(remote, host, samplePlan(plan))).kind, 'applied');
    assert.equal(modeOf(tree.at('kept/disk/closed')), '0751');
    await waitUntilItSays(200, remote, host);
  });

  test('check reports that the container named in the config does not exist', async (t) => {
    const sshd = await sshdFor(t);
    const remote = remoteHostFor(t, sshd.knownHostsFile);
    const host = sshd.hostSettings('git01', { registry: { config: CONFIG } });
    const docker = dockerFor('registry');
    const good = await checkHost(remote, { ...host, enter: [docker, 'exec', '-i', 'registry'] });
    const entering = (checks: typeof good) => checks.find(({ what }) => what === 'enter');
    assert.deepEqual(entering(good), { what: 'enter', result: 'ok', why: null });
    const bad = await checkHost(remote, { ...host, enter: [docker, 'exec', '-i', 'gone'] });
    assert.equal(entering(bad)?.result, 'failed');
    assert.match(said(entering(bad)), /No such container: gone/);
  });
});

function said(check: HostCheck<TrialNote> | undefined): string {
  return check?.why ? trialNote(check.why) : '';
}
