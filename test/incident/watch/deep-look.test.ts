import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { type DeepLook, onDeepLook } from '../../../src/incident/watch/deep-look.ts';
import type { FindingOf } from '../../../src/model/diagnosis/finding.ts';
import { logsFrom } from '../../host/sift-log.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

const FAULTY = judgeFacts(incidentFacts());
const HEALTHY: DeepLook['diagnosis'] = { verdict: 'healthy', findings: [] };

const failed = (count: number, change: Partial<FindingOf<'pushes-failed'>> = {}) => {
  const request = { at: 1_700_000_000, method: 'PUT', path: '/v2/a/manifests/b', status: 500 };
  const finding: FindingOf<'pushes-failed'> = {
    id: 'pushes-failed',
    severity: 'warning',
    proof: 'evaluated',
    path: null,
    complaint: null,
    count,
    said: { words: 'PUT /v2/a/manifests/b 500', at: 1_700_000_000 },
    request,
    ...change,
  };
  return { verdict: 'inconclusive' as const, findings: [finding] };
};

const after = (change: Partial<DeepLook>) =>
  onDeepLook({ answersHealthy: true, diagnosis: FAULTY, hasIncident: false, isTold: false, ...change });

/** What distribution logs of a push that it could not store. */
function failedPush(minute: number): string {
  return (
    `time="2026-11-29T14:0${minute}:00.000000000Z" level=error msg="response completed with error" ` +
    `err.message="unknown error" http.request.id=a${minute} http.request.method=PUT ` +
    `http.request.uri="/v2/a/b/manifests/v${minute}" http.response.status=500\n` +
    `10.0.0.1 - - [29/Nov/2026:14:0${minute}:00 +0000] "PUT /v2/a/b/manifests/v${minute} HTTP/1.1" 500 120 "" "docker"\n`
  );
}

describe('a deeper look', () => {
  test('opens an incident for a fault behind a healthy answer', () => {
    assert.equal(after({}), 'open-incident');
  });

  test('leaves an unhealthy answer to the ordinary looks', () => {
    assert.equal(after({ answersHealthy: false }), 'nothing');
    assert.equal(after({ answersHealthy: false, diagnosis: HEALTHY, hasIncident: true }), 'nothing');
  });

  test('opens no second incident in the incident channel, and one beside an incident of another channel', () => {
    assert.equal(after({ hasIncident: true, isTold: true }), 'nothing');
    assert.equal(after({ hasIncident: true, isTold: false }), 'open-incident');
  });

  test('opens nothing for a warning, and nothing for what can’t be judged', () => {
    const warnings = FAULTY.findings.map((finding) => ({ ...finding, severity: 'warning' as const }));
    assert.equal(after({ diagnosis: { verdict: 'healthy', findings: warnings } }), 'nothing');
    assert.equal(after({ diagnosis: { verdict: 'inconclusive', findings: [] } }), 'nothing');
  });

  test('opens an incident when five requests in a row failed, and not for four', () => {
    assert.equal(after({ diagnosis: failed(5) }), 'open-incident');
    assert.equal(after({ diagnosis: failed(4) }), 'nothing');
  });

  test('counts failed requests as the registry’s own log has them', () => {
    const countOf = (log: string) => logsFrom(log).failedPushes?.count ?? 0;
    const six = [1, 2, 3, 4, 5, 6].map(failedPush).join('');
    assert.equal(after({ diagnosis: failed(countOf(six)) }), 'open-incident');
    const stored = '10.0.0.1 - - [29/Nov/2026:14:07:00 +0000] "PUT /v2/a/b/manifests/v7 HTTP/1.1" 201 0 "" "docker"\n';
    assert.equal(countOf(six + stored), 0, 'a push succeeded since');
  });

  test('opens nothing for failed requests that the log only hints at, or that a fault explains', () => {
    assert.equal(after({ diagnosis: failed(9, { request: null }) }), 'nothing');
    assert.equal(after({ diagnosis: failed(9, { severity: 'info' }) }), 'nothing');
  });

  test('resolves what is open when the whole diagnosis is healthy', () => {
    assert.equal(after({ diagnosis: HEALTHY, hasIncident: true, isTold: true }), 'resolve');
    assert.equal(after({ diagnosis: HEALTHY }), 'nothing');
  });
});
