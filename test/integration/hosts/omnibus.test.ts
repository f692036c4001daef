import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stringify } from 'yaml';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { parseApplyOutcome } from '../../../src/host/answer/parse-apply-outcome.ts';
import { guardOverStdin } from '../../../src/host/request/guard-input.ts';
import { applyRequest } from '../../../src/host/request/guard-request.ts';
import { createLog } from '../../../src/log.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { IncidentId, PlanId } from '../../../src/model/record/ids.ts';
import { sealPlan } from '../../../src/record/plan-seal.ts';
import { Ssh2RemoteHost } from '../../../src/ssh/run/remote-host.ts';
import { DiagnosisReport } from '../../../src/telling/json/diagnosis-report.ts';
import { diagnoseHost, PROBE_LIMITS } from '../../../src/workflow/host/diagnose-host.ts';
import { runCli } from '../../support/bots/run-cli.ts';
import { CLOSED_ANCESTORS, type OmnibusHost, startOmnibusHost } from '../../support/hosts/omnibus-host.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The incident on an Omnibus layout: what people try first does nothing, or hides it; the plan fixes it. */

const skip = skipUnless(
  'linux',
  'root',
  'mount-namespaces',
  'nsenter',
  'useradd',
  'sshd',
  'docker-registry',
  'setpriv',
);
const STORAGE = '/mnt/data/backup/disk4t/gitlab-rails/shared/registry';
const NONCE = 'omnibusnonce';

describe('an Omnibus host after the incident', { skip }, () => {
  let omnibus: OmnibusHost;
  let directory: string;
  let configFile: string;

  before(async () => {
    omnibus = await startOmnibusHost();
    directory = mkdtempSync(join(tmpdir(), 'rd-omnibus-'));
    configFile = join(directory, 'config.yml');
    writeFileSync(configFile, botConfig(omnibus, directory));
    await omnibus.untilV2(503);
  });
  after(async () => {
    await omnibus?.end();
    if (directory) rmSync(directory, { recursive: true });
  });

  async function diagnose() {
    const { stdout, stderr, status } = await runCli(['diagnose', 'git01', '--config', configFile, '--json']);
    assert.notEqual(stdout, '', stderr);
    return { status, report: DiagnosisReport.parse(JSON.parse(stdout)) };
  }

  const blockers = (report: DiagnosisReport) =>
    report.findings.filter(({ id }) => id === 'untraversable-ancestor').map(({ path }) => path);

  test('on Omnibus a diagnosis names both blocked directories above the symlink’s target, for the running process, and reveals no secret', async () => {
    const { status, report } = await diagnose();
    assert.equal(status, 1);
    assert.partialDeepStrictEqual(report.service, { user: 'registry', source: 'process', groups: [] });
    assert.deepEqual(blockers(report), CLOSED_ANCESTORS);
    assert.deepEqual(
      report.plan?.steps.map(({ action, path, from, to }) => [action, path, from, to]),
      CLOSED_ANCESTORS.map((path) => ['chmod', path, '0750', '0751']),
    );
    assert.doesNotMatch(JSON.stringify(report), /do-not-tell/);
  });

  test('on Omnibus a diagnosis shows that git, the web server’s user, can pass, and only the registry is blocked', () => {
    const stat = (user: string) =>
      `setpriv --reuid ${user} --regid ${user} --clear-groups stat -c %F /var/opt/gitlab/gitlab-rails/shared`;
    assert.equal(omnibus.run(stat('git')).trim(), 'directory');
    assert.throws(() => omnibus.run(stat('registry')), /Permission denied/);
  });

  test('on Omnibus usermod -aG does not help, not even after a restart, and the diagnosis still finds the fault', async () => {
    omnibus.run('usermod -aG git registry');
    await omnibus.restartRegistry();
    await omnibus.untilV2(503);
    const { report } = await diagnose();
    assert.deepEqual(report.service?.groups, []);
    assert.deepEqual(blockers(report), CLOSED_ANCESTORS);
    assert.equal(report.plan?.steps.length, 2);
  });

  test('on Omnibus chmod -R 777 on the storage does not help, and the diagnosis reports the changed modes', async () => {
    omnibus.run(`chmod -R 777 ${STORAGE}`);
    await omnibus.restartRegistry();
    await omnibus.untilV2(503);
    const { report } = await diagnose();
    assert.equal(report.findings[0]?.id, 'untraversable-ancestor');
    assert.deepEqual(blockers(report), CLOSED_ANCESTORS);
    omnibus.run(`chmod -R 0770 ${STORAGE}`);
    const ids = report.findings.map(({ id }) => id);
    assert.ok(ids.includes('world-writable-storage'), ids.join());
  });

  test('on Omnibus a diagnosis finds the fault when a disabled health check makes /v2/ green while pushes fail', async () => {
    const config = '/var/opt/gitlab/registry/config.yml';
    omnibus.run(`sed -i 's/enabled: true/enabled: false/' ${config}`);
    await omnibus.restartRegistry();
    await omnibus.untilV2(200);
    assert.notEqual(await omnibus.beginPush(), 202);
    const { status, report } = await diagnose();
    assert.equal(status, 1);
    assert.deepEqual(blockers(report), CLOSED_ANCESTORS);
    assert.ok(report.findings.some(({ id }) => id === 'health-check-off'));
    omnibus.run(`sed -i 's/enabled: false/enabled: true/' ${config}`);
    await omnibus.restartRegistry();
    await omnibus.untilV2(503);
  });

  test('on Omnibus the plan fixes the registry without a restart: health check, a push and a new diagnosis succeed', async () => {
    const { knownHostsFile } = omnibus.sshd;
    const remote = new Ssh2RemoteHost({
      knownHostsFile,
      agentSocket: null,
      keyPassphrase: null,
      log: createLog('silent'),
    });
    try {
      const config = HostPath.parse('/var/opt/gitlab/registry/config.yml');
      const registry = { layout: 'omnibus', config, url: null, debugUrl: null, serviceUser: 'registry' } as const;
      const host = omnibus.sshd.hostSettings('git01', { registry });
      const { diagnosis } = await diagnoseHost({ remote, clock: systemClock }, host);
      assert.ok(diagnosis.plan);
      assert.equal(diagnosis.plan.clearsEveryBlocker, true);
      const plan = sealPlan(diagnosis.plan, {
        id: PlanId.parse('1-1'),
        incidentId: IncidentId.parse(1),
        requestedBy: { kind: 'bot', part: 'watch' },
        now: new Date(),
        ttlMinutes: 15,
        nonce: randomBytes(16).toString('hex'),
        requesterSalt: randomBytes(16).toString('hex'),
      });
      const ran = await remote.run(
        host,
        guardOverStdin(applyRequest(NONCE, { plan, signature: null, approvals: [] })),
        PROBE_LIMITS,
      );
      assert.equal(ran.kind, 'exited');
      assert.equal(parseApplyOutcome('output' in ran ? ran.output.stdout : new Uint8Array(), NONCE).kind, 'applied');
    } finally {
      await remote.close();
    }
    await omnibus.untilV2(200);
    assert.equal(await omnibus.beginPush(), 202);
    const { report } = await diagnose();
    assert.deepEqual(
      report.findings.filter(({ severity }) => severity === 'fault'),
      [],
    );
    assert.equal(report.plan, null);
    assert.deepEqual(
      omnibus
        .run(`stat -c %a ${CLOSED_ANCESTORS.join(' ')}`)
        .trim()
        .split('\n'),
      ['751', '751'],
    );
  });
});

function botConfig({ sshd }: OmnibusHost, directory: string): string {
  const { address, port, user, identityFile } = sshd.hostSettings('git01').ssh;
  return stringify({
    slack: { mode: 'socket', incidentChannel: 'C0123456' },
    store: { url: `sqlite:${directory}/registry-doctor.db` },
    ssh: { knownHosts: sshd.knownHostsFile },
    hosts: { git01: { address, port, user, identityFile, sudo: false, registry: { layout: 'omnibus' } } },
    policy: {},
  });
}
