import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionFinding } from '../../../src/diagnosis/checks/connection-findings.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { fleetReport, type HostLook } from '../../../src/incident/watch/fleet-report.ts';
import type { Durability } from '../../../src/model/diagnosis/durability.ts';
import type { Finding } from '../../../src/model/diagnosis/finding.ts';
import { FLEET_LINES, FleetMessage } from '../../../src/model/fleet/fleet-look.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

const NOW = new Date('2026-11-29T03:10:00Z');
const DAY_MS = 24 * 60 * 60_000;
const PATH = HostPath.parse('/srv/registry');
const FAULTY = judgeFacts(incidentFacts());

const REBOOT: Finding = {
  id: 'breaks-at-next-reboot',
  severity: 'warning',
  proof: 'evaluated',
  path: PATH,
  threats: [{ id: 'volatile-place', path: PATH, why: 'tmpfs' }],
};
const ALMOST_FULL: Finding = {
  id: 'filesystem-full',
  severity: 'warning',
  proof: 'evaluated',
  path: PATH,
  mountPoint: PATH,
  of: 'bytes',
  available: 2e6,
  total: 1e9,
};
const durability = (reboot: Durability['reboot']): Durability => ({
  reboot,
  reconfigure: 'not-applicable',
  threats: [],
  unknowns: [],
});

function look(name: string, change: Partial<HostLook> = {}): HostLook {
  return { host: HostName.parse(name), diagnosis: healthy(), drift: [], certificates: [], ...change };
}

function healthy(findings: Finding[] = [], lasts: Durability | null = null) {
  return { verdict: 'healthy' as const, findings, durability: lasts };
}

const report = (...looks: readonly HostLook[]) => FleetMessage.parse(fleetReport(looks, NOW));

describe('the post of a nightly look', () => {
  test('counts healthy hosts, and those of which no one knows whether they survive a reboot', () => {
    const message = report(
      look('git01'),
      look('git02', { diagnosis: healthy([], durability('holds')) }),
      look('git03', { diagnosis: healthy([], durability('unknown')) }),
    );
    assert.deepEqual([message.hosts, message.quiet, message.unsure], [3, 3, 1]);
  });

  test('tells what is broken, what will be, what is scarce and what could not be checked, each in its section', () => {
    const unreachable = connectionFinding('host-unreachable', { code: 'timed-out', timeoutMs: 20_000 });
    const message = report(
      look('broken', { diagnosis: FAULTY }),
      look('fading', { diagnosis: healthy([REBOOT, ALMOST_FULL]) }),
      look('away', { diagnosis: { verdict: 'inconclusive', findings: [unreachable], durability: null } }),
      look('busy', { diagnosis: null }),
      look('quiet'),
    );
    assert.equal(message.quiet, 1);
    const shown = (lines: readonly { host: HostName; finding: Finding | null }[]) =>
      lines.map(({ host, finding }) => [host, finding?.id ?? null]);
    assert.deepEqual(shown(message.broken.lines), [['broken', 'untraversable-ancestor']]);
    assert.deepEqual(shown(message.notLasting.lines), [['fading', 'breaks-at-next-reboot']]);
    assert.deepEqual(shown(message.warnings.lines), [['fading', 'filesystem-full']]);
    assert.deepEqual(shown(message.notChecked.lines), [
      ['away', 'host-unreachable'],
      ['busy', null],
    ]);
  });

  test('of inconclusive hosts, those seen to fail are broken or warned of, and only the others are not checked', () => {
    const failing = { severity: 'warning', proof: 'evaluated', path: null } as const;
    const pushes: Finding = {
      ...failing,
      id: 'pushes-failed',
      complaint: null,
      request: null,
      count: 5,
      said: { words: '', at: null },
    };
    const errors: Finding = {
      ...failing,
      id: 'server-errors',
      requests: 100,
      failed: 20,
      from: 0,
      to: 60,
      first: null,
    };
    const unknown: Finding = {
      ...failing,
      path: PATH,
      id: 'contents-not-judged',
      why: { code: 'asked-in-vain', detail: '' },
    };
    const inconclusive = (...findings: Finding[]) => ({ verdict: 'inconclusive' as const, findings, durability: null });
    const message = report(
      look('pushes', { diagnosis: inconclusive(pushes, unknown) }),
      look('errors', { diagnosis: inconclusive(errors, unknown) }),
      look('unknown', { diagnosis: inconclusive(unknown, errors) }),
    );
    const hosts = (lines: readonly { host: HostName }[]) => lines.map(({ host }) => host);
    assert.deepEqual(hosts(message.broken.lines), ['pushes']);
    assert.deepEqual(hosts(message.warnings.lines), ['errors', 'unknown']);
    assert.deepEqual(hosts(message.notChecked.lines), ['unknown']);
  });

  test('tells a certificate that ends within 14 days or has ended, and no later one', () => {
    const ending = (days: number) => ({
      what: 'tls' as const,
      endsAt: new Date(NOW.getTime() + days * DAY_MS).toISOString(),
    });
    const message = report(look('git01', { certificates: [ending(13.9), ending(14), ending(-1)] }), look('git02'));
    assert.deepEqual(
      message.expiring.lines.map(({ endsAt }) => endsAt),
      [ending(13.9).endsAt, ending(-1).endsAt],
    );
    assert.equal(message.quiet, 1);
  });

  test('tells what changed', () => {
    const drift = { what: 'mode', path: PATH, from: '0755', to: '0700' } as const;
    const message = report(look('git01', { drift: [drift] }));
    assert.deepEqual(message.drift.lines, [{ host: 'git01', drift }]);
    assert.equal(message.quiet, 0);
  });

  test('shows the first lines of a section and counts the others', () => {
    const many = Array.from({ length: 100 }, (_, index) => look(`git${index}`, { diagnosis: FAULTY }));
    const { broken, quiet } = report(...many);
    assert.deepEqual([broken.lines.length, broken.more, quiet], [FLEET_LINES, 100 - FLEET_LINES, 0]);
  });

  test('leaves the walk of a path out, which the diagnosis of the host shows', () => {
    const lead = FAULTY.findings.find(({ id }) => id === 'untraversable-ancestor');
    assert.ok(lead?.id === 'untraversable-ancestor');
    const walked = { ...FAULTY, findings: [{ ...lead, walk: FAULTY.walk }] };
    const [line] = report(look('git01', { diagnosis: walked })).broken.lines;
    assert.equal('walk' in (line?.finding ?? {}), false);
  });
});
