import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionFinding } from '../../../../src/diagnosis/checks/connection-findings.ts';
import { judgeFacts } from '../../../../src/diagnosis/judge-facts.ts';
import { fleetReport, type HostLook } from '../../../../src/incident/watch/fleet-report.ts';
import type { Finding } from '../../../../src/model/diagnosis/finding.ts';
import type { HostWarnings } from '../../../../src/model/fleet/fleet-look.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import { HostName } from '../../../../src/model/record/ids.ts';
import { cardFor } from '../../../../src/slack/cards/card-for.ts';
import { incidentFacts } from '../../../support/facts/incident-facts.ts';
import { english } from '../../../support/words/english.ts';
import { shownText } from '../../card-text.ts';

const NOW = new Date('2026-11-29T03:10:00Z');
const PATH = HostPath.parse('/srv/registry');

function look(name: string, change: Partial<HostLook> = {}): HostLook {
  const diagnosis = { verdict: 'healthy' as const, findings: [], durability: null };
  return { host: HostName.parse(name), diagnosis, drift: [], certificates: [], ...change };
}

const healthyWith = (...findings: Finding[]) => ({ verdict: 'healthy' as const, findings, durability: null });

test('muted hosts are counted under the title, also if no other host was checked', () => {
  assert.match(
    shownText(cardFor(fleetReport([look('git01')], NOW, 2), english)),
    /^Nightly check of 1 host: .*\n2 hosts are muted and left out\.\n/,
  );
  const card = cardFor(fleetReport([], NOW, 1), english);
  assert.equal(shownText(card), 'Nightly check: no host was checked\n1 host is muted and left out.\n');
});

test('a night without anything to report is one line', () => {
  const card = cardFor(fleetReport([look('git01'), look('git02')], NOW), english);
  assert.equal(
    shownText(card),
    'Nightly check of 2 hosts: nothing to report. 2 hosts are healthy: no fault, no warning, no change since the last ' +
      'nightly check and no certificate that I saw ends within 14 days.\n',
  );
  assert.equal(card.text, 'Nightly check of 2 hosts: nothing to report');
});

test('a night with findings names each host under what it has, and says what to run', () => {
  const card = cardFor(
    fleetReport(
      [
        look('git01', { diagnosis: judgeFacts(incidentFacts()) }),
        look('git02', {
          diagnosis: healthyWith({
            id: 'breaks-at-next-reboot',
            severity: 'warning',
            proof: 'evaluated',
            path: PATH,
            threats: [{ id: 'volatile-place', path: PATH, why: 'tmpfs' }],
          }),
          drift: [
            { what: 'mode', path: PATH, from: '0755', to: '0700' },
            { what: 'mount', path: PATH, from: '/dev/sdb1 (ext4)', to: null },
          ],
          certificates: [{ what: 'tls', endsAt: '2026-12-03T09:00:00.000Z' }],
        }),
        look('git03', {
          diagnosis: {
            verdict: 'inconclusive',
            findings: [connectionFinding('probe-timed-out', { code: 'timed-out', timeoutMs: 20_000 })],
            durability: null,
          },
        }),
        look('git04', { diagnosis: null }),
        look('git05'),
      ],
      NOW,
    ),
    english,
  );
  assert.equal(card.text, 'Nightly check of 5 hosts: 4 to look at');
  assert.deepEqual(
    shownText(card)
      .split('\n')
      .filter((line) => line !== ''),
    [
      'Nightly check of 5 hosts: 4 to look at',
      '1 host is healthy: no fault, no warning, no change since the last nightly check and no certificate that I saw ends within 14 days.',
      'Broken now',
      'git01: The registry can’t pass through /data/vol1/ops',
      'Healthy now, broken after the next reboot or reconfigure',
      'git02, at the next reboot: /srv/registry lies in memory (tmpfs): it is empty after a reboot.',
      'Certificates that end within 14 days',
      'git02: the TLS certificate of the registry ends 2026-12-03 09:00 UTC',
      'Changed since the last nightly check',
      'git02: permissions of /srv/registry: 0755 → 0700',
      'git02: mounted at /srv/registry: /dev/sdb1 (ext4) → none',
      'Not checked',
      'git03: the checks timed out. No answer within 20 s.',
      'git04: left alone, because another diagnosis or a plan is running there',
      'Next: run /registry diagnose HOST for the whole diagnosis and a plan. Nothing was changed.',
    ],
  );
});

test('what a deeper look sees on one healthy host has its name, the warnings, the certificates and what to do', () => {
  const warnings: HostWarnings = {
    kind: 'host-warnings',
    host: HostName.parse('git01'),
    notLasting: { lines: [], more: 0 },
    warnings: { lines: [], more: 0 },
    expiring: {
      lines: [{ host: HostName.parse('git01'), what: 'tls', endsAt: '2026-12-01T03:00:00.000Z' }],
      more: 0,
    },
  };
  const card = cardFor(warnings, english);
  assert.equal(
    shownText(card),
    'git01: healthy, with warnings\n\n' +
      'Certificates that end within 14 days\n' +
      'git01: the TLS certificate of the registry ends 2026-12-01 03:00 UTC\n\n' +
      'Next: run /registry diagnose HOST for the whole diagnosis and a plan. Nothing was changed.\n',
  );
  assert.equal(card.text, 'git01: healthy, with warnings');
});
