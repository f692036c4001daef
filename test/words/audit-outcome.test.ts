import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Act, AuditEntry } from '../../src/model/record/audit.ts';
import { auditOutcome } from '../../src/words/en/audit-outcome.ts';
import { signatureProblem } from '../../src/words/en/signatures.ts';

const OUTCOMES: readonly (readonly [AuditEntry['outcome'], string, act?: Act])[] = [
  [{}, ''],
  [{ request: 'slack:T1:1.2', host: 'git01' }, 'git01'],
  [
    { verdict: 'faulty', findings: ['untraversable-ancestor', 'registry-unwell'], durationMs: 312 },
    'faulty, untraversable-ancestor, registry-unwell, after 0.3 s',
  ],
  [{ verdict: 'healthy', findings: [], durationMs: 40 }, 'healthy, after 0.0 s'],
  [{ steps: 2, risk: 'low' }, '2 steps, low risk'],
  [{ approval: 1, needed: 2, signatureDigest: 'sha256:ab' }, 'approval 1 of 2'],
  [{ reason: 'Slack is down', breakGlass: true, breakGlassSignature: '-----BEGIN' }, 'break glass, Slack is down'],
  [{ why: { code: 'undo-requested', planId: '142-1' } }, 'an undo of plan 142-1 was requested', 'plan-superseded'],
  [{ why: { code: 'of-a-later-version' } }, '{"code":"of-a-later-version"}', 'plan-superseded'],
  [{ refused: { code: 'no-ssh-keygen' } }, signatureProblem({ code: 'no-ssh-keygen' }), 'break-glass-refused'],
  [{ refused: { digest: 'sha256:ab' } }, 'erased', 'break-glass-refused'],
  [
    { kind: 'refused', why: { code: 'still-unreadable', path: '/data/key' } },
    'refused, the service still can’t read /data/key',
    'execution-finished',
  ],
  [{ called: ['U0BOB', 'S0ADMINS'] }, 'called: U0BOB S0ADMINS', 'approvers-reminded'],
  [{ kind: 'undone', steps: [] }, 'rolled back, 0 steps'],
  [{ kind: 'stale' }, 'out of date'],
  [{ registry: 'well', afterMs: 3_800 }, 'registry healthy, after 3.8 s'],
  [{ registry: 'not-well', afterMs: 45_000 }, 'registry unhealthy, after 45 s'],
  [
    {
      digests: { before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
      added: ['git02', 'git03'],
      atRestart: ['http'],
    },
    'file 1111… → 2222…, added: git02 git03, after a restart: http',
    'config-changed',
  ],
  [
    { foundAt: 'start', digests: { after: `sha256:${'2'.repeat(64)}` } },
    'found at the start, file 2222…, no earlier one known',
    'config-changed',
  ],
  [
    { foundAt: 'start', digests: { before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` } },
    'found at the start, file 1111… → 2222…',
    'config-changed',
  ],
  [
    {
      foundAt: 'start',
      digests: { before: `sha256:${'2'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
      keys: ['http'],
    },
    'found at the start, same file 2222…, other keys: http',
    'config-changed',
  ],
  [{ digests: 'of another version', keys: ['policy'] }, 'of another version, other keys: policy', 'config-changed'],
  [{ kind: 'applied', steps: [{ path: '/a', was: {}, is: {} }] }, 'applied, 1 step'],
];

for (const [outcome, words, act = 'diagnosed'] of OUTCOMES) {
  test(`audit list writes the outcome ${JSON.stringify(outcome)} as “${words}”`, () => {
    assert.equal(auditOutcome({ act, outcome }), words);
  });
}
