import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Act, AuditEntry } from '../../../src/model/record/audit.ts';
import { auditOutcome } from '../../../src/words/zh-Hans/audit-outcome.ts';

const OUTCOMES: readonly (readonly [AuditEntry['outcome'], string, act?: Act])[] = [
  [{}, ''],
  [
    { verdict: 'faulty', findings: ['untraversable-ancestor', 'registry-unwell'], durationMs: 312 },
    '异常，untraversable-ancestor、registry-unwell，用时 0.3 秒',
  ],
  [{ called: ['U0BOB', 'S0ADMINS'] }, '已通知：U0BOB、S0ADMINS', 'plan-escalated'],
  [{ steps: 2, risk: 'low' }, '2 步，权限风险：低'],
  [{ approval: 1, needed: 2, signatureDigest: 'sha256:ab' }, '第 1 个批准，共需 2 个'],
  [{ kind: 'applied', steps: [{ path: '/a', was: {}, is: {} }] }, '已执行，1 步'],
  [{ why: { code: 'undo-requested', planId: '142-1' } }, '有人发起对方案 142-1 的撤销', 'plan-superseded'],
  [
    { kind: 'refused', why: { code: 'still-unreadable', path: '/data/key' } },
    '被拒绝，服务仍然无法读取 /data/key',
    'execution-finished',
  ],
  [
    {
      digests: { before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
      removed: ['git02', 'git03'],
      keys: ['policy'],
    },
    '文件 1111… → 2222…，移除：git02、git03，其他配置项：policy',
    'config-changed',
  ],
  [
    { foundAt: 'start', digests: { after: `sha256:${'2'.repeat(64)}` } },
    '启动时发现，文件 2222…，此前无已知文件',
    'config-changed',
  ],
  [
    { foundAt: 'start', digests: { before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` } },
    '启动时发现，文件 1111… → 2222…',
    'config-changed',
  ],
  [
    {
      foundAt: 'start',
      digests: { before: `sha256:${'2'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
      keys: ['http'],
    },
    '启动时发现，文件 2222… 未变，其他配置项：http',
    'config-changed',
  ],
  [{ registry: 'well', afterMs: 4000 }, 'Registry 正常，4.0 秒后'],
  [{ verdict: 'of another version' }, 'of another version'],
];

for (const [outcome, words, act = 'diagnosed'] of OUTCOMES) {
  test(`audit list writes the outcome ${JSON.stringify(outcome)} in Chinese as “${words}”`, () => {
    assert.equal(auditOutcome({ act, outcome }), words);
  });
}
