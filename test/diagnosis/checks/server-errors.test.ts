import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { onDeepLook } from '../../../src/incident/watch/deep-look.ts';
import { fleetReport } from '../../../src/incident/watch/fleet-report.ts';
import { absent, type Fact, known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import type { FailedRequests, RegistryLogs, RequestMinute } from '../../../src/model/host/registry-logs.ts';
import { logsFrom } from '../../host/sift-log.ts';
import { allFindings } from '../../support/facts/all-findings.ts';
import { dir, factsOf } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** A registry that fails now and then: when the share of its failed requests is worth a warning. */

const NOW = factsOf().takenAt;
const FAILED = { at: NOW - 600, method: 'PUT', path: '/v2/a/manifests/b', status: 500 };

/** `[minutes ago, requests, failed]`. */
type Row = readonly [ago: number, requests: number, failed: number];

function minutes(...rows: readonly Row[]): Fact<RequestMinute[]> {
  return known(
    rows.map(([ago, requests, failed]) => ({
      at: NOW - ago * 60,
      requests,
      failed,
      firstFailed: failed > 0 ? FAILED : null,
    })),
  );
}

function logs(requestMinutes: Fact<RequestMinute[]>, more: Partial<RegistryLogs> = {}): Pick<Facts, 'logs'> {
  return { logs: known({ ...logsFrom(''), requestMinutes, ...more }) };
}

const failedPushes = (count: number): FailedRequests => ({
  count,
  last: { at: NOW - 60, method: 'PUT', path: '/v2/a/manifests/b', status: 500 },
  words: null,
  complaint: null,
  path: null,
});
const started = (ago: number): Pick<Facts, 'process'> => {
  const { process } = factsOf();
  if (process.state !== 'known') assert.fail();
  return { process: known({ ...process.value, startedAt: known(NOW - ago * 60) }) };
};
const chmodAgo = (ago: number, modifiedAgo: number) => ({
  storageRoot: '/srv/r',
  nodes: [{ ...dir('/srv/r'), changedAt: NOW - ago * 60, modifiedAt: known(NOW - modifiedAgo * 60) }],
});

const ROWS: readonly (readonly [what: string, facts: Facts, findings: readonly string[]])[] = [
  ['a fifth of five hundred requests', factsOf(logs(minutes([10, 250, 50], [2, 250, 50]))), ['warning 100/500']],
  ['exactly one in twenty', factsOf(logs(minutes([2, 60, 3]))), ['warning 3/60']],
  ['fewer than one in twenty', factsOf(logs(minutes([2, 61, 3]))), []],
  ['two failures, however few requests', factsOf(logs(minutes([2, 20, 2]))), []],
  ['twenty requests', factsOf(logs(minutes([2, 20, 3]))), ['warning 3/20']],
  ['nineteen requests', factsOf(logs(minutes([2, 19, 19]))), []],
  ['no failures', factsOf(logs(minutes([2, 500, 0]))), []],
  ['the last failure five minutes ago', factsOf(logs(minutes([5, 100, 20], [1, 100, 0]))), ['warning 20/200']],
  ['the last failure six minutes ago', factsOf(logs(minutes([6, 100, 20], [1, 100, 0]))), []],
  ['no requests', factsOf(logs(absent)), []],
  ['requests that could not be counted', factsOf(logs(unknown('not-understood'))), []],
  ['a log that was not read', factsOf({ logs: unknown('no-log-found') }), []],
  [
    'failures before the registry was started anew',
    factsOf({ ...logs(minutes([4, 100, 50], [1, 100, 1])), ...started(3) }),
    [],
  ],
  [
    'failures since the registry was started anew',
    factsOf({ ...logs(minutes([4, 100, 50], [1, 100, 9])), ...started(3) }),
    ['warning 9/100'],
  ],
  ['a mode on the path was changed since', factsOf({ ...logs(minutes([4, 100, 50])), ...chmodAgo(3, 90) }), []],
  ['an entry came or went since', factsOf({ ...logs(minutes([4, 100, 50])), ...chmodAgo(3, 3) }), ['warning 50/100']],
  [
    'the unbroken failed pushes that are reported already',
    factsOf(logs(minutes([2, 30, 5]), { failedPushes: failedPushes(5) })),
    [],
  ],
  [
    'more than the failed pushes that are reported',
    factsOf(logs(minutes([2, 30, 6]), { failedPushes: failedPushes(5) })),
    ['warning 6/30'],
  ],
  [
    'failures that a closed directory explains',
    { ...incidentFacts(), takenAt: NOW, process: factsOf().process, ...logs(minutes([2, 30, 6])) },
    ['info 6/30'],
  ],
];

describe('the share of failed requests', () => {
  for (const [what, facts, findings] of ROWS) {
    test(`the share of failed requests is reported only if it is worth a warning: ${what}`, () =>
      assert.deepEqual(
        allFindings(facts).flatMap((one) =>
          one.id === 'server-errors' ? [`${one.severity} ${one.failed}/${one.requests}`] : [],
        ),
        findings,
      ));
  }

  const facts = factsOf(logs(minutes([10, 250, 50], [2, 250, 50])));

  test('the finding names the counted time and the first failed request', () => {
    const finding = allFindings(facts).find(({ id }) => id === 'server-errors');
    assert.partialDeepStrictEqual(finding, { from: NOW - 600, to: NOW - 120, first: FAILED, path: null });
  });

  test('a registry that fails a part of its requests is not called healthy, and a deeper look neither opens nor resolves an incident', () => {
    const diagnosis = judgeFacts(facts);
    assert.equal(diagnosis.verdict, 'inconclusive');
    for (const hasIncident of [false, true]) {
      assert.equal(onDeepLook({ answersHealthy: true, diagnosis, hasIncident, isTold: hasIncident }), 'nothing');
    }
  });

  test('the nightly look tells the share of failed requests among its warnings', () => {
    const look = { host: facts.host, diagnosis: judgeFacts(facts), drift: [], certificates: [] };
    const { warnings } = fleetReport([look], new Date(NOW * 1000));
    assert.deepEqual(
      warnings.lines.map(({ host, finding }) => `${host} ${finding.id}`),
      [`${facts.host} server-errors`],
    );
  });
});
