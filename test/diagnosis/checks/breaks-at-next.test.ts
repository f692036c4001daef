import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { dir, type FactsOptions, factsOf, hostPath, mountOf } from '../../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../../support/facts/mount-setup.ts';

/** breaks-at-next-reboot and breaks-at-next-reconfigure: what a host that works is told. */

const ROOT = '/srv/disk/registry';
const NODES = [dir('/srv/disk'), dir(ROOT, '0770', 'registry:registry')];
const slash = mountOf({ mountPoint: hostPath('/') });
const disk = mountOf({ mountPoint: hostPath('/srv/disk'), source: '/dev/sdb1', device: '8:17', root: '/' });
const STANDS = 'UUID=aaaa /srv/disk ext4';

function setup(lines: readonly string[]): Pick<Facts, 'mountSetup'> {
  const devices = { '/dev/sdb1': '8:17', 'UUID=aaaa': '8:17', 'UUID=cccc': '8:33' };
  return { mountSetup: mountSetupOf({ fstab: lines.map(fstabLine), devices }) };
}

describe('the warning that a working registry will break', () => {
  const findings = (options: FactsOptions) => {
    const facts = factsOf({ storageRoot: ROOT, nodes: NODES, mounts: known([slash, disk]), ...options });
    return judgeFacts(facts);
  };

  test('a registry that will break at the next reboot gets a warning and is still called healthy', () => {
    const { findings: found, verdict } = findings(setup([]));
    assert.deepEqual(
      found.map(({ id, severity }) => `${severity} ${id}`),
      ['warning breaks-at-next-reboot'],
    );
    assert.equal(verdict, 'healthy');
  });
  test('a host with another disk mounted than fstab names gets one finding for it, not two', () => {
    const found = findings(setup(['UUID=cccc /srv/disk ext4'])).findings;
    assert.deepEqual(
      found.map(({ id, severity }) => `${severity} ${id}`),
      ['warning wrong-disk-mounted'],
    );
  });
  test('a host gets no warning about the next reboot if it is unknown what the reboot changes', () => {
    assert.deepEqual(findings(setup(['/dev/sdb1 /srv/disk ext4'])).findings, []);
  });
  test('a registry that will break at the next gitlab-ctl reconfigure gets a warning', () => {
    const { config: plain } = factsOf();
    assert.ok(plain.state === 'known');
    const config = known({ ...plain.value, path: hostPath('/var/opt/gitlab/registry/config.yml') });
    const identity = { user: 'docker', uid: 77, gid: 77, groups: [], dacOverride: false, dacReadSearch: false };
    const nodes = [dir('/srv', '0755', 'registry:git'), dir('/srv/disk'), dir(ROOT, '0770', '77:77')];
    const { findings: found } = findings({ ...setup([STANDS]), config, identity, nodes });
    assert.deepEqual(
      found.filter(({ id }) => id.startsWith('breaks')).map(({ id, severity }) => `${severity} ${id}`),
      ['warning breaks-at-next-reconfigure'],
    );
  });
  test('a host without access tests gets no warning about the next reboot, since it is not known to work now', () => {
    const rootTries = {
      stat: unknown('not-permitted'),
      list: unknown('not-permitted'),
      create: unknown('not-permitted'),
    };
    assert.ok(!findings({ ...setup([]), rootTries }).findings.some(({ id }) => id.startsWith('breaks')));
  });
});
