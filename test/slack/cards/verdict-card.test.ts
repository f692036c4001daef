import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPath } from '../../../src/model/host-path.ts';
import { verdictCard } from '../../../src/slack/cards/verdict-card.ts';
import { judgeFacts } from '../../../src/workflow/host/judge-facts.ts';
import { factsOf } from '../../support/facts-builder.ts';
import { shownText } from '../card-text.ts';
import { incidentDiagnosis, verdictMessage } from '../scenario-messages.ts';

test('the verdict leads with the directory, names the other one, the identity and the proof', () => {
  const lines = shownText(verdictCard(verdictMessage())).split('\n');
  assert.equal(lines[0], 'registry can’t pass through /data/vol1/ops.');
  const shown = lines.join('\n');
  assert.match(shown, /uid 993, group 993, no other groups/);
  assert.match(shown, /Closed as well: \/data\/vol1\/ops\/disk4t\./);
  assert.match(shown, /read from the running process \(pid 4711\)\. Proven on git01/);
  assert.match(shown, /What will not help: chmod -R 777/);
  assert.match(shown, /#3 0303… · diagnosed in 0\.4 s/);
});

test('the walk is a table in which the closed directories are marked in words', () => {
  const rows = shownText(verdictCard(verdictMessage()))
    .split('\n')
    .filter((line) => line.includes(' | '));
  assert.equal(rows[0], ' | path | registry may pass | mode | owner:group | type');
  assert.ok(
    rows.includes(
      '✖ | /data/vol1/ops | no: not owner, not in group ops, others have no x | 0750 | root:ops | directory',
    ),
  );
  assert.ok(
    rows.includes(' | /var/opt/gitlab/gitlab-rails | yes |  | root:root | link → /data/vol1/ops/disk4t/gitlab-rails'),
  );
  assert.equal(rows.filter((row) => row.startsWith('✖')).length, 2);
});

test("the registry's own words are in the card: status, health and the whole answers", () => {
  const shown = shownText(verdictCard(verdictMessage()));
  assert.match(shown, /503 to \/v2\//);
  assert.match(
    shown,
    /http:\/\/127\.0\.0\.1:5001\/debug\/health → 503\n\{"storagedriver_filesystem":"filesystem: stat .*: permission denied"\}/,
  );
});

test('without a plan the verdict itself says what to do', () => {
  const withoutPlan = { ...incidentDiagnosis(), plan: null };
  assert.match(shownText(verdictCard(verdictMessage(withoutPlan))), /I propose no change|No chmod|Add only what lacks/);
});

test('a healthy host is told as healthy, with the proof', () => {
  const healthy = { ...judgeFacts(factsOf()), durationMs: 300 };
  const card = verdictCard(verdictMessage(healthy));
  assert.equal(card.text, 'git01: the registry is well (incident 142).');
  assert.match(shownText(card), /Judged as registry \(uid 993.*the way to the storage is open/);
  assert.match(shownText(card), /The registry itself answers 200 to \/v2\/ and 200 to its health check\./);
});

test('a host that cannot be reached is told without a word about proof, with what to do', () => {
  const why = 'no answer on port 22; nothing was run on the host';
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
  );
  assert.match(card.text, /^git01: I cannot tell: the host is unreachable \(incident 142\)\. git01 is unreachable\.$/);
  const shown = shownText(card);
  assert.match(
    shown,
    /^git01 is unreachable\.\n\nno answer on port 22; nothing was run on the host\.\n\n.*Then diagnose again\./,
  );
  assert.doesNotMatch(shown, /[Pp]roven/);
});

test('a walk of 4,000 steps shows every closed one that fits and counts what is left out', () => {
  const [step] = incidentDiagnosis().walk;
  assert.ok(step);
  const walk = Array.from({ length: 4_000 }, (_, index) => ({
    ...step,
    path: HostPath.parse(`/d${index}`),
    ...(index === 2_000 || index === 3_000 ? { access: 'denied' as const } : {}),
  }));
  const rows = shownText(verdictCard(verdictMessage({ ...incidentDiagnosis(), walk })))
    .split('\n')
    .filter((line) => line.includes(' | '));
  assert.ok(rows.some((row) => row.startsWith('✖ | /d2000 |')));
  assert.ok(rows.some((row) => row.startsWith('✖ | /d3000 |')));
  assert.ok(rows.some((row) => row.startsWith(' | … 999 steps left out, all: yes |')));
});

test('when more steps are closed than fit, the table says how many are left out', () => {
  const closed = incidentDiagnosis().walk.find(({ access }) => access === 'denied');
  assert.ok(closed);
  const walk = Array.from({ length: 500 }, () => closed);
  assert.match(
    shownText(verdictCard(verdictMessage({ ...incidentDiagnosis(), walk }))),
    /… 470 steps left out, 470 of them not: yes/,
  );
});
