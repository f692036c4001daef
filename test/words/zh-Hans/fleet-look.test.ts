import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { DriftLine, ExpiryLine, FleetMessage } from '../../../src/model/fleet/fleet-look.ts';
import * as english from '../../../src/words/en/fleet-look.ts';
import { type Phrase, say } from '../../../src/words/phrase.ts';
import * as chinese from '../../../src/words/zh-Hans/fleet-look.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

function compare(inChinese: Phrase, inEnglish: Phrase): void {
  assertSameValues(inChinese, inEnglish);
  assertChinese(inChinese);
}

describe('the nightly look told in Chinese', () => {
  test('the Chinese post counts hosts, and says what is not known of them', () => {
    const [sample] = samplesOf(FleetMessage);
    assert.ok(sample !== undefined);
    for (const [hosts, quiet, unsure, muted] of [
      [1, 1, 0, 0],
      [1_200, 1_200, 3, 0],
      [12, 9, 0, 2],
      [12, 9, 2, 0],
      [3, 0, 0, 1],
      [0, 0, 0, 1],
    ] as const) {
      const message: FleetMessage = { ...sample, hosts, quiet, unsure, muted };
      assertChinese(say`${chinese.fleetTitle(message)}`);
      const heads = chinese.fleetHead(message);
      assert.equal(heads.length, english.fleetHead(message).length);
      assert.equal(heads.length, (quiet === hosts || quiet === 0 ? 1 : 2) + (muted === 0 ? 0 : 1));
      for (const head of heads) assertChinese(head);
      if (muted > 0) assertSameValues(heads.at(-1) ?? [], english.fleetHead(message).at(-1) ?? []);
    }
    compare(chinese.fleetAdvice(), english.fleetAdvice());
    compare(chinese.fleetMore(1_234), english.fleetMore(1_234));
  });

  test('each section has a Chinese heading', () => {
    for (const section of ['broken', 'notLasting', 'warnings', 'drift', 'expiring', 'notChecked'] as const) {
      assertChinese(chinese.fleetHeading(section));
    }
  });

  test('the Chinese lines name the same hosts, paths, values and moments', () => {
    const drifts = samplesOf(DriftLine);
    const ends = samplesOf(ExpiryLine);
    assert.ok(drifts.length > 8 && ends.length > 1);
    for (const line of drifts) compare(chinese.fleetDrift(line), english.fleetDrift(line));
    for (const line of ends) compare(chinese.fleetExpiry(line), english.fleetExpiry(line));
  });

  test('the Chinese lines say each finding, and why a host was not checked', () => {
    const [sample] = samplesOf(DriftLine);
    assert.ok(sample !== undefined);
    const { host } = sample;
    for (const finding of samplesOf(Finding)) {
      compare(chinese.fleetFinding({ host, finding }), english.fleetFinding({ host, finding }));
      compare(chinese.fleetNotLasting({ host, finding }), english.fleetNotLasting({ host, finding }));
      compare(chinese.fleetNotChecked({ host, finding }), english.fleetNotChecked({ host, finding }));
    }
    compare(chinese.fleetNotChecked({ host, finding: null }), english.fleetNotChecked({ host, finding: null }));
  });
});
