import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import type { Finding, FindingId } from '../../../src/model/diagnosis/finding.ts';
import { durabilityPhrases } from '../../../src/words/en/durability.ts';
import { findingWords } from '../../../src/words/en/findings.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { factsOf, probe } from '../../host/probe-run.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { hostPath, ScratchTree } from '../../host/scratch-tree.ts';
import { DASH } from '../../host/shells.ts';
import { type DockerRegistry, SERVICE_ACCOUNT, startDockerRegistry } from '../../support/hosts/docker-registry.ts';
import { type MountedHost, startMountedHost } from '../../support/hosts/mounted-host.ts';
import { skipUnless } from '../../support/requirements.ts';

/** A real registry on real mounts: its health stays green, and the diagnosis tells what is wrong anyway. */

const skip = skipUnless('linux', 'root', 'mount-namespaces', 'docker-registry', 'setpriv');

type Scene = {
  readonly fstab: (disk: string) => string;
  readonly prepare: (disk: string) => string;
  readonly isUnwell?: boolean;
};

type Seen = { readonly diagnosis: Omit<Diagnosis, 'durationMs'>; readonly push: number };

/** Starts the registry on `DISK/registry` in mounts of its own, pushes, and diagnoses from where it stands. */
async function look({ fstab, prepare, isUnwell = false }: Scene): Promise<Seen> {
  const tree = new ScratchTree();
  let host: MountedHost | null = null;
  let registry: DockerRegistry | null = null;
  try {
    const disk = tree.directory(tree.at('disk')).toString();
    const lines = tree.at('fstab').toString();
    host = await startMountedHost(`
      printf '%s' '${fstab(disk)}' >'${lines}'; mount --bind '${lines}' /etc/fstab
      ${prepare(disk)}`);
    registry = await startDockerRegistry(tree.root.toString(), `${disk}/registry`, host.inside);
    if (isUnwell) await registry.waitUntil('unwell', (v2) => v2 === 503);
    else await registry.waitUntil('well', (v2, health) => v2 === 200 && health === '{}');
    const pushed = await fetch(`${registry.url}/v2/team/app/blobs/uploads/`, { method: 'POST' });
    await pushed.arrayBuffer();
    const shell = { ...DASH, command: [...host.inside, ...DASH.command] };
    const settings = hostSettings({ config: hostPath(Buffer.from(registry.configFile)), serviceUser: SERVICE_ACCOUNT });
    return { diagnosis: judgeFacts(factsOf(probe(shell, settings))), push: pushed.status };
  } finally {
    await registry?.stop();
    await host?.stop();
    tree.remove();
  }
}

function wordsOf(id: FindingId, { diagnosis }: Seen): { title: string; because: string; remedy: string } {
  const finding = diagnosis.findings.find((one: Finding) => one.id === id);
  assert.ok(finding, JSON.stringify(diagnosis.findings.map((one) => one.id)));
  const { title, because, remedy } = findingWords(finding, diagnosis);
  return { title: plainText(title), because: plainText(because), remedy: plainText(remedy) };
}

function isGreen({ diagnosis }: Seen): boolean {
  return diagnosis.v2?.status === 200 && diagnosis.health?.status === 200;
}

const MAKE_ROOT = (disk: string) => `mkdir '${disk}/registry'; chown ${SERVICE_ACCOUNT} '${disk}/registry'`;
const ON_TMPFS = (options: string) => (disk: string) =>
  `mount -t tmpfs -o mode=755,${options} none '${disk}'; ${MAKE_ROOT(disk)}`;

describe('a faulty registry whose health check is green', { skip }, () => {
  test('a diagnosis finds a disk without a free block although the registry’s health check is green', async () => {
    const seen = await look({
      fstab: (disk) => `none ${disk} tmpfs\n`,
      prepare: (disk) => `${ON_TMPFS('size=1m')(disk)}; head -c 2097152 /dev/zero >'${disk}/big' 2>/dev/null || true`,
    });
    assert.ok(isGreen(seen));
    assert.equal(seen.push, 500);
    assert.equal(seen.diagnosis.verdict, 'faulty');
    assert.equal(seen.diagnosis.findings[0]?.id, 'filesystem-full');
    assert.equal(seen.diagnosis.plan, null);
    const { title, because } = wordsOf('filesystem-full', seen);
    assert.equal(title, 'The filesystem of the storage has no room left');
    assert.match(because, /^0 B of 1 MiB are left .* Every push fails with “no space left on device”/);
  });

  test('a diagnosis finds a disk without a free inode although the registry’s health check is green', async () => {
    const seen = await look({
      fstab: (disk) => `none ${disk} tmpfs\n`,
      prepare: (disk) =>
        `${ON_TMPFS('nr_inodes=8')(disk)}; i=0; while touch '${disk}/'$i 2>/dev/null; do i=$((i+1)); done`,
    });
    assert.ok(isGreen(seen));
    assert.equal(seen.push, 500);
    assert.equal(seen.diagnosis.findings[0]?.id, 'filesystem-full');
    assert.match(wordsOf('filesystem-full', seen).title, /has no inodes left$/);
  });

  test('a diagnosis finds a disk mounted read-only, though writable in fstab, although the registry’s health check is green', async () => {
    const seen = await look({
      fstab: (disk) => `${disk} ${disk} none bind\n`,
      prepare: (disk) => `${MAKE_ROOT(disk)}; mount --bind '${disk}' '${disk}'; mount -o remount,bind,ro '${disk}'`,
    });
    assert.ok(isGreen(seen));
    assert.equal(seen.push, 500);
    assert.equal(seen.diagnosis.findings[0]?.id, 'readonly-mount');
    assert.match(
      wordsOf('readonly-mount', seen).because,
      /\/etc\/fstab mounts it writable, so it turned read-only on its own/,
    );
  });

  test('a diagnosis finds that the registry uses the empty directory under an unmounted disk although its health check is green', async () => {
    const seen = await look({
      fstab: (disk) => `UUID=0000-1111 ${disk} ext4 defaults,nofail 0 2\n`,
      prepare: MAKE_ROOT,
    });
    assert.ok(isGreen(seen));
    assert.equal(seen.push, 202, 'the stub takes pushes');
    assert.equal(seen.diagnosis.verdict, 'faulty');
    assert.equal(seen.diagnosis.findings[0]?.id, 'mount-missing');
    assert.equal(seen.diagnosis.plan, null);
    assert.equal(seen.diagnosis.durability, null);
    const { title, because, remedy } = wordsOf('mount-missing', seen);
    assert.match(title, /^The disk for \/var\/tmp\/.*\/disk is not mounted$/);
    assert.match(
      because,
      /\/etc\/fstab puts UUID=0000-1111 there.* The images are on the unmounted disk; they are not lost\./,
    );
    assert.match(remedy, /^Mount it: mount \/var\/tmp\/.*\/disk\. .*don’t create or change anything at or below/);
  });

  test('a diagnosis finds a missing disk without a directory under it although the registry’s health check is green', async () => {
    const seen = await look({
      fstab: (disk) => `UUID=0000-1111 ${disk} ext4 defaults 0 2\n`,
      prepare: () => '',
    });
    assert.ok(isGreen(seen), 'a missing directory counts as healthy');
    assert.deepEqual(
      seen.diagnosis.findings.slice(0, 2).map(({ id, severity }) => `${severity} ${id}`),
      ['fault mount-missing', 'info storage-root-missing'],
    );
    assert.equal(seen.diagnosis.plan, null);
  });
});

describe('a registry whose disk is a FUSE mount of another account', { skip: skip || skipUnless('fuse') }, () => {
  test('for a FUSE mount that blocks even root the bot names the mount option to set and proposes no mode change', async () => {
    const seen = await look({
      fstab: () => '',
      prepare: (disk) => `
        exec 9<>/dev/fuse
        mount -i -t fuse -o fd=9,rootmode=40000,user_id=1000,group_id=1000 none '${disk}'`,
      isUnwell: true,
    });
    assert.deepEqual(seen.diagnosis.findings.map(({ id, severity }) => `${severity} ${id}`).slice(0, 2), [
      'fault mount-options-deny',
      'info path-not-visible',
    ]);
    assert.equal(seen.diagnosis.plan, null);
    const { title, remedy } = wordsOf('mount-options-deny', seen);
    assert.match(title, /^docker-registry can’t pass through \/var\/tmp\/.*\/disk: the mount options forbid it$/);
    assert.match(remedy, /^chmod has no effect here\. Change the options .* to allow_other,default_permissions/);
  });
});

describe('a healthy registry that breaks at the next reboot', { skip }, () => {
  let seen: Seen;
  before(async () => {
    seen = await look({
      fstab: () => '',
      prepare: (disk) => `${MAKE_ROOT(disk)}; mount --bind '${disk}' '${disk}'`,
    });
  });

  test('a registry that will lose its disk at the next reboot counts as healthy, with a warning that names the mount', () => {
    assert.ok(isGreen(seen));
    assert.equal(seen.push, 202);
    assert.equal(seen.diagnosis.verdict, 'healthy');
    const { title, because, remedy } = wordsOf('breaks-at-next-reboot', seen);
    assert.equal(title, 'The registry on git01 will lose access to its storage at the next reboot');
    assert.match(
      because,
      /\/disk is mounted now .*, and neither \/etc\/fstab nor a systemd unit mounts it at a boot\.$/,
    );
    assert.match(remedy, /^To make it last, add to \/etc\/fstab DIRECTORY \/var\/tmp\/.*\/disk none bind 0 0/);
  });

  test('the diagnosis of a registry that will lose its disk at the next reboot says that it won’t survive a reboot', () => {
    const [first] = durabilityPhrases({ ...seen.diagnosis, isBroken: false }).map(plainText);
    assert.equal(first, 'Survives a reboot: no. It breaks at the next reboot.');
  });
});
