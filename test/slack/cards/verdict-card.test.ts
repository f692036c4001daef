import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { verdictCard } from '../../../src/slack/cards/verdict-card.ts';
import { factsOf } from '../../support/facts/facts-builder.ts';
import { english } from '../../support/words/english.ts';
import { buttonsOf, foldsOf, shownText } from '../card-text.ts';
import { incidentDiagnosis, verdictMessage } from '../scenario-messages.ts';

test('the diagnosis card says what is blocked by what, that the images are there, how that is known, and what won’t help', () => {
  const shown = shownText(verdictCard(verdictMessage(), english)).split('\n\n')[0];
  assert.equal(
    shown,
    [
      'registry can’t pass through /data/vol1/ops',
      'Two directories on the storage path block it. registry is not their owner, not in their group, and others have no x:',
      '/data/vol1/ops         0750  root:ops',
      '/data/vol1/ops/disk4t  0700  root:root',
      'Your images are still there: 3 repositories on the disk.',
      'Confirmed on git01: tested as registry (uid 993), denied by the kernel.',
      'Possible cause: /data/vol1/ops last changed at 2025-10-09 08:21 UTC, 1 minute after the boot (perhaps an entry of it came or went). Unknown: who changed it, and how (nothing in the logs).',
      'Won’t help: chmod -R 777 on the storage, or turning off the health check.',
    ].join('\n'),
  );
});

test('the diagnosis card ends with its audit entries and the duration of the diagnosis', () => {
  assert.equal(
    shownText(verdictCard(verdictMessage(), english)).trim().split('\n').at(-1),
    'Record #2 0202…, #3 0303… · diagnosed in 0.4 s',
  );
});

test('the diagnosis card folds path, timeline and raw responses under titles that say their result', () => {
  assert.deepEqual(foldsOf(verdictCard(verdictMessage(), english)), [
    'Path check: 12 steps, 2 blocked',
    'Timeline and other possible causes',
    'Registry responses (raw)',
  ]);
});

test('the path table of a diagnosis card marks blocked directories in words and names the tested account', () => {
  const shown = shownText(verdictCard(verdictMessage(), english));
  const rows = shown.split('\n').filter((line) => line.includes(' | '));
  assert.equal(rows[0], ' | path | access | mode | owner:group | type');
  assert.ok(
    rows.includes(
      '✖ | /data/vol1/ops | blocked: not owner, not in group ops, others have no x | 0750 | root:ops | directory',
    ),
  );
  assert.ok(
    rows.includes(
      ' | /var/opt/gitlab/gitlab-rails | yes |  | root:root | symlink → /data/vol1/ops/disk4t/gitlab-rails',
    ),
  );
  assert.equal(rows.filter((row) => row.startsWith('✖')).length, 2);
  assert.match(
    shown,
    /Checked as registry \(uid 993, group 993, no other groups\), the user of the running registry process \(pid 4711\)\./,
  );
});

test('the diagnosis card quotes the registry’s status, health and complete answers', () => {
  const shown = shownText(verdictCard(verdictMessage(), english));
  assert.match(shown, /The registry returns 503 for \/v2\/ and 503 for its health check\./);
  assert.match(
    shown,
    /http:\/\/127\.0\.0\.1:5001\/debug\/health → 503\n\{"storagedriver_filesystem":"filesystem: stat .*: permission denied"\}/,
  );
});

test('the diagnosis card itself says what to do if there is no plan', () => {
  const withoutPlan = { ...incidentDiagnosis(), plan: null };
  const shown = shownText(verdictCard(verdictMessage(withoutPlan), english));
  assert.match(shown, /Missing: x for others\. I propose no change yet/);
  assert.match(shown, /Once that is fixed, the registry recovers at its next health check; no restart needed\./);
});

test('the diagnosis card of a healthy host says that it is healthy, and how that is known', () => {
  const healthy = { ...judgeFacts(factsOf()), durationMs: 300 };
  const card = verdictCard(verdictMessage(healthy), english);
  assert.equal(card.text, 'git01: the registry is healthy (incident 142). Record #2 0202…, #3 0303…');
  assert.match(
    shownText(card),
    /Confirmed on git01: tested as registry \(uid 993\), the path to the storage is open\./,
  );
  assert.match(shownText(card), /The registry returns 200 for \/v2\/ and 200 for its health check\./);
});

test('the diagnosis card of an unreachable host says what to do, and claims no test', () => {
  const at = { address: '10.0.0.5', port: 22, user: 'registry-doctor' };
  const why = { code: 'ssh', problem: { code: 'connect-timed-out', at, timeoutMs: 10_000 } } as const;
  const card = verdictCard(
    verdictMessage({
      ...incidentDiagnosis(),
      verdict: 'inconclusive',
      service: null,
      walk: [],
      v2: null,
      health: null,
      plan: null,
      images: null,
      whyNow: null,
      durability: null,
      findings: [{ id: 'host-unreachable', severity: 'fault', proof: 'unproven', path: null, why }],
    }),
    english,
  );
  assert.match(
    card.text,
    /^git01: the host is unreachable \(incident 142\)\. git01 is unreachable\. Record #2 0202…, #3 0303…$/,
  );
  const shown = shownText(card);
  assert.match(
    shown,
    /^git01 is unreachable\n10\.0\.0\.5 port 22 did not answer within 10 s\. Nothing was run\. Check .*\n.*Then diagnose again\./,
  );
  assert.doesNotMatch(shown, /[Cc]onfirmed|[Tt]ested/);
  assert.deepEqual(buttonsOf(card), [{ actionId: 'diagnose_again', value: '142' }]);
});

test('the path table for 4,000 directories shows every blocked one that fits and says how many it leaves out', () => {
  const [step] = incidentDiagnosis().walk;
  assert.ok(step);
  const walk = Array.from({ length: 4_000 }, (_, index) => ({
    ...step,
    path: HostPath.parse(`/d${index}`),
    ...(index === 2_000 || index === 3_000 ? { access: 'denied' as const } : {}),
  }));
  const rows = shownText(verdictCard(verdictMessage({ ...incidentDiagnosis(), walk }), english))
    .split('\n')
    .filter((line) => line.includes(' | '));
  assert.ok(rows.some((row) => row.startsWith('✖ | /d2000 |')));
  assert.ok(rows.some((row) => row.startsWith('✖ | /d3000 |')));
  assert.ok(rows.some((row) => row.startsWith(' | … 999 more steps, all accessible |')));
});

test('the path table says how many blocked directories it leaves out if not even those fit', () => {
  const closed = incidentDiagnosis().walk.find(({ access }) => access === 'denied');
  assert.ok(closed);
  const walk = Array.from({ length: 500 }, () => closed);
  assert.match(
    shownText(verdictCard(verdictMessage({ ...incidentDiagnosis(), walk }), english)),
    /… 470 more steps, 470 of them not accessible/,
  );
});

test('the diagnosis card shows further problems, and folds notes', () => {
  const diagnosis = incidentDiagnosis();
  const warning = { id: 'health-check-off', severity: 'warning', proof: 'evaluated', path: null } as const;
  const note = { ...warning, severity: 'info' } as const;
  const card = verdictCard(verdictMessage({ ...diagnosis, findings: [...diagnosis.findings, warning] }), english);
  assert.match(
    shownText(card).split('\n\n')[0] ?? '',
    /\nWarning: The registry’s storage health check is off\. .*restart/,
  );
  const noted = verdictCard(verdictMessage({ ...diagnosis, findings: [...diagnosis.findings, note] }), english);
  assert.doesNotMatch(shownText(noted).split('\n\n')[0] ?? '', /health check is off/);
  assert.ok(foldsOf(noted).includes('1 more finding'));
});

test('the diagnosis card describes a single blocked directory in the singular', () => {
  const diagnosis = incidentDiagnosis();
  const findings = diagnosis.findings.filter(({ path }) => path !== '/data/vol1/ops/disk4t');
  assert.match(
    shownText(verdictCard(verdictMessage({ ...diagnosis, findings }), english)),
    /\nOne directory on the storage path blocks it\. registry is not its owner, not in its group, and others have no x:\n\/data\/vol1\/ops {2}0750 {2}root:ops\n/,
  );
});

test('the diagnosis card names directories that are blocked for different reasons together, and claims no single reason', () => {
  const diagnosis = incidentDiagnosis();
  const findings = diagnosis.findings.map((finding) =>
    finding.id === 'untraversable-ancestor' && finding.path === '/data/vol1/ops'
      ? { ...finding, decidedBy: 'group' as const }
      : finding,
  );
  assert.match(
    shownText(verdictCard(verdictMessage({ ...diagnosis, findings }), english)),
    / registry has no x on any of them:\n/,
  );
});
