import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { terminalStyle } from '../../src/cli/terminal/terminal-style.ts';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import type { Diagnosis, JudgedService } from '../../src/model/diagnosis/diagnosis.ts';
import { known } from '../../src/model/fact.ts';
import { type DiagnosisTelling, tellDiagnosis } from '../../src/telling/diagnosis.ts';
import { diagnosisText } from '../../src/telling/text/diagnosis-text.ts';
import { plainText } from '../../src/words/phrase.ts';
import { contentsOf } from '../support/facts/contents-builder.ts';
import { dir, factsOf, hostPath, mountOf, unwell } from '../support/facts/facts-builder.ts';
import { fstabLine, mountSetupOf } from '../support/facts/mount-setup.ts';
import { english } from '../support/words/english.ts';
import { healthyDiagnosis, incidentDiagnosis, unreachableDiagnosis } from './sample-diagnoses.ts';

const ROOT = '/srv/disk/registry';

/** A disk of /etc/fstab is not mounted, and the registry says 503. */
function unmounted(): Diagnosis {
  const facts = factsOf({
    storageRoot: ROOT,
    nodes: [dir('/srv/disk'), dir(ROOT, '0770', 'registry:registry')],
    mounts: known([mountOf({ mountPoint: hostPath('/') })]),
    mountSetup: mountSetupOf({ fstab: [fstabLine('UUID=aaaa /srv/disk ext4 nofail')], uuids: {}, devices: {} }),
    contents: known(contentsOf({ repositories: 0 }, ROOT)),
    ...unwell(ROOT),
  });
  return { ...judgeFacts(facts), durationMs: 1 };
}

/** Everything that is told, as lines. */
function linesOf(told: DiagnosisTelling): string[] {
  const phrases = [
    ...(told.title === null ? [] : [told.title]),
    ...told.verdict.flatMap((part) => (part.kind === 'words' ? [part.words] : [])),
    ...told.remedy,
    ...told.cause,
    ...told.inVain,
    ...told.others.map(({ words }) => words),
    ...told.outlook,
    ...(told.path?.identity ? [told.path.identity] : []),
  ];
  return phrases.map(plainText);
}

describe('the account that a diagnosis tested with', () => {
  test('a diagnosis names the tested account in its own sentence if a disk is unmounted and the registry is unhealthy', () => {
    const diagnosis = unmounted();
    assert.deepEqual(
      diagnosis.findings.slice(0, 2).map(({ id }) => id),
      ['mount-missing', 'registry-unwell'],
    );
    const text = diagnosisText(diagnosis, terminalStyle(false), null, english);
    assert.doesNotMatch(text, /[Tt]hat identity/);
    assert.equal(
      text.match(/^Checked as `registry` \(uid \d+, .*\), the user of the running registry process/gm)?.length,
      1,
    );
  });

  for (const [what, diagnosis] of Object.entries({
    'a blocked directory': incidentDiagnosis,
    'a disk that is not mounted': unmounted(),
    'a healthy host': healthyDiagnosis,
  })) {
    test(`a diagnosis says once which account it tested with, next to the path, for ${what}`, () => {
      const told = tellDiagnosis(diagnosis, english);
      assert.equal(linesOf(told).filter((line) => line.startsWith('Checked as ')).length, 1);
      assert.notEqual(told.path?.identity, null);
    });
  }

  test('a diagnosis says which account it tested with and why, if no registry process is running', () => {
    const service: JudgedService = { ...(incidentDiagnosis.service ?? assert.fail()), source: 'account', pid: null };
    const told = tellDiagnosis({ ...incidentDiagnosis, service }, english);
    assert.equal(told.path?.identity, null);
    const said = told.verdict.map((part) => (part.kind === 'words' ? plainText(part.words) : ''));
    assert.ok(
      said.includes(
        'Checked as registry (uid 993, group 993, no other groups), taken from the account, because no registry process was identified.',
      ),
      said.join('\n'),
    );
  });

  test('a diagnosis of a host that was never reached claims no tested account', () => {
    assert.deepEqual(
      linesOf(tellDiagnosis(unreachableDiagnosis, english)).filter((line) =>
        /Checked as|Confirmed|[Tt]ested/.test(line),
      ),
      [],
    );
  });
});

describe('the content of a diagnosis', () => {
  test('a diagnosis says nothing twice', () => {
    for (const diagnosis of [incidentDiagnosis, unmounted(), healthyDiagnosis, unreachableDiagnosis]) {
      const lines = linesOf(tellDiagnosis(diagnosis, english));
      assert.equal(new Set(lines).size, lines.length, lines.join('\n'));
    }
  });

  test('a diagnosis with a plan leaves what to do, and whether it survives a reboot, to the plan', () => {
    const told = tellDiagnosis(incidentDiagnosis, english);
    assert.deepEqual([told.remedy, told.outlook], [[], []]);
    const without = tellDiagnosis({ ...incidentDiagnosis, plan: null }, english);
    assert.equal(without.remedy.length, 2, 'what to do, and that the registry recovers');
    assert.equal(without.outlook.length, 1);
  });

  test('a diagnosis includes the registry’s answer unless a finding is already about it', () => {
    const answer = /^The registry returns /;
    assert.equal(
      linesOf(tellDiagnosis(incidentDiagnosis, english)).some((line) => answer.test(line)),
      false,
    );
    assert.equal(
      linesOf(tellDiagnosis(healthyDiagnosis, english)).some((line) => answer.test(line)),
      true,
    );
    assert.match(plainText(tellDiagnosis(incidentDiagnosis, english).answers?.summary ?? []), answer);
  });

  test('a diagnosis says how to resolve a warning even if there is a plan for the fault', () => {
    const warning = { id: 'health-check-off', severity: 'warning', proof: 'evaluated', path: null } as const;
    const told = tellDiagnosis({ ...incidentDiagnosis, findings: [...incidentDiagnosis.findings, warning] }, english);
    assert.match(plainText(told.others[0]?.words ?? []), /^Warning: .* Then restart the registry\.$/);
  });
});
