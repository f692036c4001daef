import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync } from 'node:fs';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { factsOf, probe } from '../../host/probe-run.ts';
import { samplePlan } from '../../host/sample-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { apply, forget } from '../../host/scripts/apply/apply-run.ts';
import { DASH } from '../../host/shells.ts';
import { type RegistryHost, startRegistryHost } from '../../support/hosts/registry-host.ts';
import { skipUnless } from '../../support/requirements.ts';

/** A real registry with an image in it, whose storage is then hurt below its root; the health check stays green all the while. */

const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'curl', 'acl');

describe('a real registry with wrong permissions below its storage root', { skip }, () => {
  let registry: RegistryHost;
  const plans: Plan[] = [];

  before(async () => {
    registry = await startRegistryHost({ closed: [] });
    await registry.waitUntilWell();
    await pushImage('team/app');
    await pushImage('team/db');
  });
  after(async () => {
    await registry?.stop();
    forget(plans);
  });
  const docker = () => `${registry.path('registry')}/docker`;
  const giveBack = () => {
    const { uid, gid } = registry.serviceUser;
    execFileSync('chown', ['-R', `${uid}:${gid}`, docker()]);
    execFileSync('chmod', ['-R', 'u+rwX,go-w', docker()]);
    chownSync(registry.bytes('registry'), uid, gid);
  };
  beforeEach(giveBack);
  afterEach(giveBack);

  const diagnose = (): { facts: Facts; diagnosis: Omit<Diagnosis, 'durationMs'> } => {
    const facts = factsOf(probe(DASH, hostSettings(registry.registrySettings())));
    return { facts, diagnosis: judgeFacts(facts) };
  };
  /** Carries the plan of a diagnosis out, as after its approval. */
  const carryOut = ({ plan }: { plan: Diagnosis['plan'] }) => {
    assert.ok(plan);
    const sealed: Plan = { ...samplePlan(), ...plan };
    plans.push(sealed);
    return apply(DASH, sealed);
  };
  const firstOf = ({ findings: [first] }: { findings: Diagnosis['findings'] }) =>
    `${first?.severity} ${first?.id} ${first?.proof}`;

  const startUpload = async (repository: string) => {
    const answer = await fetch(`${registry.url}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    await answer.arrayBuffer();
    return answer;
  };

  async function pushImage(repository: string): Promise<void> {
    const config = Buffer.from('{}');
    const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`;
    const upload = await startUpload(repository);
    const place = new URL(upload.headers.get('location') ?? '', registry.url);
    place.searchParams.set('digest', digest);
    const blob = await fetch(place, { method: 'PUT', body: config });
    assert.equal(blob.status, 201, registry.logs());
    const type = 'application/vnd.docker.distribution.manifest.v2+json';
    const manifest = {
      schemaVersion: 2,
      mediaType: type,
      config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: config.length, digest },
      layers: [],
    };
    const pushed = await fetch(`${registry.url}/v2/${repository}/manifests/latest`, {
      method: 'PUT',
      headers: { 'Content-Type': type },
      body: JSON.stringify(manifest),
    });
    assert.equal(pushed.status, 201, registry.logs());
  }

  test('a diagnosis calls a real registry healthy and counts as many repositories on disk as the registry lists', () => {
    const { facts, diagnosis } = diagnose();
    assert.deepEqual(facts.listed, known({ repositories: 2, more: false }));
    assert.deepEqual(diagnosis.images, { onDisk: 2, atLeast: false, listed: 2 });
    assert.equal(diagnosis.verdict, 'healthy', JSON.stringify(diagnosis.findings));
  });

  test('a plan gives a storage tree that was restored as root back to the registry, and pushes work again', async () => {
    execFileSync('chown', ['-R', '0:0', docker()]);
    assert.equal((await startUpload('team/app')).status, 500);
    const { diagnosis } = diagnose();
    assert.equal(diagnosis.v2?.status, 200, 'its health is green');
    assert.equal(firstOf(diagnosis), 'fault wrong-owner kernel');
    assert.equal(diagnosis.plan?.clearsEveryBlocker, true);
    assert.equal(carryOut(diagnosis).kind, 'applied');
    assert.equal((await startUpload('team/app')).status, 202, registry.logs());
    await pushImage('team/new');
    assert.equal(diagnose().diagnosis.verdict, 'healthy');
  });

  test('a plan fixes a restore as root that also changed the storage root', async () => {
    execFileSync('chown', ['-R', '0:0', docker()]);
    chownSync(registry.bytes('registry'), 0, 0);
    const { diagnosis } = diagnose();
    assert.equal(firstOf(diagnosis), 'fault wrong-owner evaluated');
    assert.equal(diagnosis.plan?.steps.length, 2);
    assert.equal(carryOut(diagnosis).kind, 'applied');
    assert.equal((await startUpload('team/app')).status, 202, registry.logs());
  });

  test('a diagnosis finds a root-owned blob directory that only some pushes reach, and its plan fixes it', () => {
    chownSync(`${docker()}/registry/v2/blobs/sha256`, 0, 0);
    const { diagnosis } = diagnose();
    assert.equal(firstOf(diagnosis), 'fault wrong-owner kernel');
    assert.equal(diagnosis.findings[0]?.path, `${docker()}/registry/v2/blobs/sha256`);
    assert.deepEqual(
      diagnosis.plan?.steps.map((step) => step.action === 'chown' && step.tree?.entries),
      [1],
    );
    assert.equal(carryOut(diagnosis).kind, 'applied');
  });

  test('a plan adds a missing mode bit below the storage root, and pushes work again', async () => {
    const uploads = `${docker()}/registry/v2/repositories/team/app/_uploads`;
    chmodSync(uploads, 0o555);
    assert.equal((await startUpload('team/app')).status, 500);
    const { diagnosis } = diagnose();
    assert.equal(firstOf(diagnosis), 'fault inner-directory-unusable kernel');
    assert.equal(diagnosis.findings[0]?.path, uploads);
    assert.equal(diagnosis.plan?.clearsEveryBlocker, true);
    assert.equal(carryOut(diagnosis).kind, 'applied');
    assert.equal((await startUpload('team/app')).status, 202, registry.logs());
  });

  test('a diagnosis reports chmod -R 777 as a warning, not as a fault, and the plan restores exactly the earlier modes', async () => {
    const modes = () => execFileSync('find', [docker(), '-printf', '%m %p\\n'], { encoding: 'utf8' });
    await pushImage('team/fresh');
    const before = modes();
    execFileSync('chmod', ['-R', '777', registry.path('registry')]);
    const { diagnosis } = diagnose();
    assert.deepEqual(
      diagnosis.findings.map(({ id, severity }) => `${severity} ${id}`),
      ['warning world-writable-storage'],
    );
    assert.equal(diagnosis.plan?.risk, 'high');
    assert.deepEqual(
      diagnosis.plan?.steps.map(({ action, from, to }) => `${action} ${from} ${to}`),
      ['chmod 0777 0755', 'chmod 0777 0755', 'chmod 0777 0644'],
    );
    assert.equal(carryOut(diagnosis).kind, 'applied');
    assert.equal(modes(), before);
    assert.deepEqual(diagnose().diagnosis.findings, []);
  });

  test('one plan fixes wrong owners below the storage root and a blocked directory above it', async () => {
    execFileSync('chown', ['-R', '0:0', docker()]);
    registry.close('ops');
    const { diagnosis } = diagnose();
    assert.deepEqual(
      diagnosis.plan?.steps.map(({ action }) => action),
      ['chmod', 'chown'],
    );
    assert.equal(diagnosis.plan?.clearsEveryBlocker, true);
    assert.equal(carryOut(diagnosis).kind, 'applied');
    await registry.waitUntilWell();
    assert.equal((await startUpload('team/app')).status, 202, registry.logs());
  });
});
