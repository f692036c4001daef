import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TimelineEntry } from '../../../src/model/diagnosis/why-now.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { processOf } from '../../support/facts/facts-builder.ts';
import {
  BLOCKER,
  BOOT,
  BOOTS,
  event,
  explain,
  FIRST_BAD,
  incidentAt,
  LAST_GOOD,
  LINK,
  LONG_AGO,
  PREVIOUS_BOOT,
  recordsOf,
  TAKEN,
} from './why-now-facts.ts';

function timeline(facts: Facts): readonly TimelineEntry[] {
  return explain(facts)?.timeline ?? [];
}

const line = ({ at, kind, path, certainty }: TimelineEntry) => `${at - BOOT} ${kind} ${path ?? '-'} ${certainty}`;

const incident = {
  ...incidentAt({
    [BLOCKER]: { changed: BOOT + 60, modified: LONG_AGO },
    [LINK]: { changed: BOOT - 600, born: BOOT - 600 },
  }),
  ...recordsOf({
    events: [
      ...BOOTS,
      event('mode-command', BOOT + 60, { path: BLOCKER, text: 'sudo, by alice: /bin/chmod 750 ops' }),
      event('mount', BOOT + 9, { path: '/data', text: 'Mounted /data.' }),
      event('privileged-command', BOOT - 20_000, { text: 'sudo, by alice: /bin/ln' }),
    ],
    files: [['config', BOOT + 1_500]],
    lastGood: LAST_GOOD,
  }),
  process: known(processOf({ startedAt: known(BOOT + 30) })),
};

describe('the why-now timeline', () => {
  test('the timeline shows everything known around the fault, in order, each with how certain its time is', () => {
    assert.deepEqual(timeline(incident).map(line), [
      `${PREVIOUS_BOOT - BOOT} boot - recorded`,
      `${LAST_GOOD - BOOT} last-good-storage-answer - recorded`,
      `-600 link-born ${LINK} recorded`,
      '0 boot - derived',
      '9 mount /data recorded',
      '30 process-started - derived',
      `60 mode-command ${BLOCKER} recorded`,
      `60 inode-changed ${BLOCKER} at-latest`,
      `${FIRST_BAD - BOOT} first-bad-answer - recorded`,
      '1500 config-change /etc/config at-latest',
      `${TAKEN - BOOT} taken - recorded`,
    ]);
  });

  for (const [after, shown] of [
    [0, ['inode-born']],
    [2, ['inode-born']],
    [3, ['inode-born', 'inode-changed']],
  ] as const)
    test(`the timeline shows a directory that was changed ${after} seconds after it was created as ${shown.join(', ')}`, () => {
      const made = incidentAt({ [BLOCKER]: { changed: BOOT + 60 + after, born: BOOT + 60 } });
      const kinds = timeline(made).flatMap(({ kind, path }) => (path === BLOCKER ? [kind] : []));
      assert.deepEqual(kinds, shown);
    });

  test('the timeline shows an event that two log records describe once', () => {
    const twice = [
      event('mount', BOOT + 9, { path: '/data', text: 'Mounted /data.' }),
      event('mount', BOOT + 10, { path: '/data', text: 'Mounted /data.', source: '/var/log/syslog' }),
    ];
    const mounts = timeline({ ...incident, ...recordsOf({ events: twice }) }).filter(({ kind }) => kind === 'mount');
    assert.deepEqual(
      mounts.map(({ at, source }) => [at - BOOT, source]),
      [[9, 'journal']],
    );
  });

  test('the timeline shows two commands in the same second as two events', () => {
    const two = ['/bin/chmod 750 ops', '/bin/chown root ops'].map((text) =>
      event('mode-command', BOOT + 60, { path: BLOCKER, text }),
    );
    const told = timeline({ ...incident, ...recordsOf({ events: two }) }).filter(({ kind }) => kind === 'mode-command');
    assert.equal(told.length, 2);
  });

  test('the timeline has a maximum length, and keeps its first and last entries', () => {
    const flood = Array.from({ length: 300 }, (_, index) =>
      event('privileged-command', BOOT + index, { text: `sudo, by mallory: ${index}` }),
    );
    const told = timeline({ ...incident, ...recordsOf({ events: [...BOOTS, ...flood], lastGood: LAST_GOOD }) });
    assert.equal(told.length, 64);
    const kinds = new Set(told.map(({ kind }) => kind));
    for (const kind of ['boot', 'last-good-storage-answer', 'first-bad-answer', 'taken', 'inode-changed'] as const) {
      assert.ok(kinds.has(kind), kind);
    }
  });

  test('the timeline shows contradicting records as they are, in the order of the host’s times', () => {
    const before = { ...incident, process: known(processOf({ startedAt: known(BOOT - 3_600) })) };
    const kinds = timeline(before).map(({ kind }) => kind);
    assert.ok(kinds.indexOf('process-started') < kinds.lastIndexOf('boot'));
    assert.ok(explain(before)?.doubts.some(({ id }) => id === 'process-before-boot'));
  });
});
