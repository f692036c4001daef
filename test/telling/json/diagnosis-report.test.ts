import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHash } from '../../../src/hash/canonical-hash.ts';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import { DiagnosisReport, diagnosisReport } from '../../../src/telling/json/diagnosis-report.ts';
import { english } from '../../support/words/english.ts';
import {
  HOSTILE_NAMES,
  healthyDiagnosis,
  hostileDiagnosis,
  incidentDiagnosis,
  unreachableDiagnosis,
} from '../sample-diagnoses.ts';

/** As a script sees it: printed, and read back. */
function reported(diagnosis: Diagnosis): DiagnosisReport {
  const hash = diagnosis.plan === null ? null : canonicalHash(diagnosis.plan);
  return DiagnosisReport.parse(JSON.parse(JSON.stringify(diagnosisReport(diagnosis, hash, english))));
}

test('the JSON report of an incident has the path, both blocking directories and one plan', () => {
  const { walk, findings, plan, whyNow, durability, ...rest } = reported(incidentDiagnosis);
  assert.deepEqual(rest, {
    version: 1,
    host: 'git01',
    verdict: 'faulty',
    durationMs: 312,
    service: { user: 'registry', uid: 993, gid: 993, groups: [], pid: 4711, source: 'process' },
    storageRoot: '/var/opt/gitlab/gitlab-rails/shared/registry',
    images: { onDisk: 3, atLeast: false, listed: null },
  });
  assert.equal(durability?.reboot, 'holds');
  assert.match(whyNow?.summary ?? '', /^Possible cause: /);
  assert.deepEqual(
    walk.filter((step) => step.access === 'denied').map(({ because, ...step }) => step),
    [
      {
        path: '/data/vol1/ops',
        kind: 'directory',
        target: null,
        mode: '0750',
        owner: 'root',
        group: 'ops',
        access: 'denied',
      },
      {
        path: '/data/vol1/ops/disk4t',
        kind: 'directory',
        target: null,
        mode: '0700',
        owner: 'root',
        group: 'root',
        access: 'denied',
      },
    ],
  );
  assert.deepEqual(
    walk.find((step) => step.kind === 'symlink'),
    {
      path: '/var/opt/gitlab/gitlab-rails',
      kind: 'symlink',
      target: '/data/vol1/ops/disk4t/gitlab-rails',
      mode: null,
      owner: 'root',
      group: 'root',
      access: 'allowed',
      because: 'symlink (its own mode is ignored)',
    },
  );
  assert.deepEqual(
    findings.map(({ id, severity, path, proof }) => ({ id, severity, path, proof })),
    [
      { id: 'untraversable-ancestor', severity: 'fault', path: '/data/vol1/ops', proof: 'kernel' },
      { id: 'untraversable-ancestor', severity: 'fault', path: '/data/vol1/ops/disk4t', proof: 'kernel' },
      { id: 'registry-unwell', severity: 'info', path: null, proof: 'evaluated' },
    ],
  );
  for (const { title, because, remedy } of findings) assert.ok(title !== '' && because !== '' && remedy !== '');
  assert.equal(plan?.hash, canonicalHash(incidentDiagnosis.plan));
  assert.match(plan?.id ?? '', /^draft-[0-9a-f]{12}$/);
  assert.equal(plan?.risk, 'low');
  assert.deepEqual(plan?.alternatives, [
    {
      title: 'Narrower option: an ACL for registry only',
      steps: [
        {
          action: 'setfacl',
          path: '/data/vol1/ops',
          from: 'user::rwx,group::r-x,other::---',
          to: 'user::rwx,user:993:--x,group::r-x,mask::r-x,other::---',
          command: 'setfacl -m user:993:--x /data/vol1/ops',
        },
        {
          action: 'setfacl',
          path: '/data/vol1/ops/disk4t',
          from: 'user::rwx,group::---,other::---',
          to: 'user::rwx,user:993:--x,group::---,mask::--x,other::---',
          command: 'setfacl -m user:993:--x /data/vol1/ops/disk4t',
        },
      ],
    },
  ]);
  assert.deepEqual(plan?.steps, [
    {
      action: 'chmod',
      path: '/data/vol1/ops',
      from: '0750',
      to: '0751',
      command: 'chmod 0751 /data/vol1/ops',
    },
    {
      action: 'chmod',
      path: '/data/vol1/ops/disk4t',
      from: '0700',
      to: '0701',
      command: 'chmod 0701 /data/vol1/ops/disk4t',
    },
  ]);
});

test('the JSON report of a healthy host has no plan and no denial', () => {
  const report = reported(healthyDiagnosis);
  assert.equal(report.verdict, 'healthy');
  assert.equal(report.plan, null);
  assert.ok(report.walk.every((step) => step.access === 'allowed'));
});

test('the history in a JSON report has times, their sources, and the evidence for and against each cause', () => {
  const { whyNow } = reported(incidentDiagnosis);
  const times = whyNow?.timeline.map(({ at }) => at) ?? [];
  assert.deepEqual(times, times.toSorted());
  assert.ok(whyNow?.timeline.some(({ kind, path }) => kind === 'inode-changed' && path === '/data/vol1/ops'));
  const order = ['supported', 'open', 'refuted'];
  const standings = whyNow?.hypotheses.map(({ standing }) => order.indexOf(standing)) ?? [];
  assert.deepEqual(standings, standings.toSorted());
  for (const { title } of whyNow?.hypotheses ?? []) assert.notEqual(title, '');
});

test('the JSON report of an unreachable host has the usual shape', () => {
  const { findings, ...rest } = reported(unreachableDiagnosis);
  assert.deepEqual(rest, {
    version: 1,
    host: 'git01',
    verdict: 'inconclusive',
    durationMs: 5000,
    service: null,
    storageRoot: null,
    walk: [],
    plan: null,
    images: null,
    whyNow: null,
    durability: null,
  });
  assert.equal(findings[0]?.id, 'host-unreachable');
});

test('the JSON report gives the same plan id and hash for the same diagnosis', () => {
  assert.deepEqual(reported(incidentDiagnosis).plan, reported(structuredClone(incidentDiagnosis)).plan);
});

for (const name of HOSTILE_NAMES) {
  test(`the JSON report names a directory literally: ${JSON.stringify(name)}`, () => {
    const { walk, plan, findings } = reported(hostileDiagnosis(name));
    assert.ok(walk.some((step) => step.path === `/data/${name}` && step.owner === name));
    assert.equal(plan?.steps[0]?.path, `/data/${name}`);
    assert.equal(findings[0]?.path, `/data/${name}`);
    assert.doesNotMatch(`${plan?.steps[0]?.command}${findings[0]?.title}${findings[0]?.because}`, /\p{Cc}|\u202e/u);
  });
}

test('the schema of the JSON report allows no field that is not documented', () => {
  const hash = canonicalHash(incidentDiagnosis.plan);
  const report = diagnosisReport(incidentDiagnosis, hash, english);
  const [step] = report.walk;
  const [finding] = report.findings;
  const wrong = [
    { ...report, extra: 1 },
    { ...report, walk: [{ ...step, extra: 1 }] },
    { ...report, findings: [{ ...finding, extra: 1 }] },
    { ...report, plan: { ...report.plan, extra: 1 } },
    { ...report, service: { ...report.service, extra: 1 } },
    { ...report, version: 2 },
    { ...report, walk: [{ ...step, path: 'relative' }] },
    { ...report, findings: [{ ...finding, path: 'relative' }] },
    { ...report, plan: { ...report.plan, hash: 'sha256:abc' } },
  ];
  assert.ok(DiagnosisReport.safeParse(report).success);
  for (const value of wrong) assert.equal(DiagnosisReport.safeParse(value).success, false);
});
