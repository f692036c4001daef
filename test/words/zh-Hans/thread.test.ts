import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { PlanId } from '../../../src/model/record/ids.ts';
import * as english from '../../../src/words/en/plan-card.ts';
import { type Phrase, plainText, say } from '../../../src/words/phrase.ts';
import { outcomeSentence, verificationSentence } from '../../../src/words/zh-Hans/outcome.ts';
import * as chinese from '../../../src/words/zh-Hans/plan-card.ts';
import { statusHeadline, statusOrigin, statusProgress, statusTitle } from '../../../src/words/zh-Hans/status.ts';
import { inVainSentence, pathCheckTitle, proofSentence, verdictSentence } from '../../../src/words/zh-Hans/verdict.ts';
import {
  appliedOutcome,
  BOB,
  INCIDENT,
  incidentDiagnosis,
  incidentPlan,
  planMessage,
  staleOutcome,
  statusMessage,
  wellAgainMessage,
} from '../../slack/scenario-messages.ts';

/** As a reader in UTC sees it. */
function shown(phrase: Phrase | null): string {
  return plainText(phrase ?? []).replace(/\d{4}-\d\d-\d\dT(\d\d:\d\d):[\d.]+Z/g, '$1');
}

function undoOf(plan: Plan): Plan {
  return { ...plan, id: PlanId.parse('142-2'), undoes: { id: plan.id, hash: plan.hash } };
}

describe('the incident in Chinese', () => {
  test('the Chinese channel message of the incident says what is broken and where, its stage, and who requested it', () => {
    const status = statusMessage();
    assert.equal(statusHeadline(status), 'git01：Registry 无法访问存储目录（503）');
    assert.equal(
      shown(statusProgress(status)),
      '方案：已就绪 · 评审：待 U0BOB 或 U0CAROL 批准 · 执行：未开始 · 记录：4 条',
    );
    assert.equal(shown(statusTitle(status)), 'git01：Registry 无法访问存储目录（503）· 故障 142');
    assert.equal(shown(statusOrigin(status)), '由 U0ALICE 于 14:02 发起');
    const watched = statusMessage({ openedBy: { kind: 'bot', part: 'watch' } });
    assert.equal(shown(statusOrigin(watched)), '由监控于 14:02 发现');
    const deep = statusMessage({ openedBy: { kind: 'bot', part: 'deep-look' } });
    assert.equal(shown(statusOrigin(deep)), '由监控的完整诊断于 14:02 发现，当时 Registry 自报正常');
  });

  test('the Chinese diagnosis of the incident says how certain it is, and what does not help', () => {
    const diagnosis = incidentDiagnosis();
    assert.equal(shown(proofSentence(diagnosis)), '已在 git01 上实测：以 registry（uid 993）的身份访问，被内核拒绝。');
    assert.equal(pathCheckTitle(diagnosis.walk), '路径检查：共 12 步，2 步受阻');
    assert.equal(
      shown(verdictSentence('git01：Registry 异常', INCIDENT, say`磁盘已满`)),
      'git01：Registry 异常（故障 142）。磁盘已满。',
    );
    assert.equal(
      shown(inVainSentence('untraversable-ancestor')),
      '以下做法没有用：对存储目录执行 chmod -R 777，或关闭健康检查。',
    );
  });

  test('the Chinese plan card shows risk, expiry, who gains access and what is expected', () => {
    const message = planMessage('proposed');
    assert.equal(shown(chinese.planTitle(message)), '方案 142-1（git01）· 权限风险：低 · 14:17 前有效');
    assert.equal(
      shown(chinese.gainsSentence(message.plan)),
      '权限变化：git01 上的所有账号都能穿过这 2 个目录，但不会多出列目录或修改的权限。',
    );
    assert.equal(
      shown(chinese.expectedSentence(message.plan, message.outlook)),
      '预期结果：之后没有其他阻碍，Registry 会自行恢复，无需重启。重启后修复仍然有效。',
    );
  });

  test('the Chinese plan card counts the approvals, and says when nothing runs yet', () => {
    const review = { needed: 2, approvals: [{ by: BOB, at: '2026-11-23T14:03:00.000Z' }] };
    const first = { needed: 2, approvals: [] };
    const message = { ...planMessage('proposed'), review };
    assert.equal(shown(chinese.approvalsSoFar(message)), '需要 2 人批准，已有 1 人：U0BOB，还差 1 人。');
    assert.equal(chinese.approveLabel(message.plan, first), '批准（1/2）');
    assert.match(chinese.confirmation(message.plan, first, 300).text, /^你的批准是第 1 个，共需 2 个，尚不会执行。/);
    assert.equal(chinese.approveLabel(message.plan, review), '批准并执行');
  });

  test('the Chinese outcome card says who approved, the outcome, and that the registry is healthy again', () => {
    assert.equal(shown(chinese.planRecord(planMessage('executing'))), 'U0BOB 已于 14:04 批准，正在 git01 上执行…');
    assert.equal(
      shown(outcomeSentence(incidentPlan(), appliedOutcome())),
      '已完成：git01 上的 2 个目录已按方案修改，registry（uid 993）可以访问存储目录（已实测）。',
    );
    assert.equal(
      shown(outcomeSentence(incidentPlan(), staleOutcome())),
      'git01 上未做任何修改：/data/vol1/ops 现在是 0755，而方案依据的是 0750。',
    );
    const { plan, verification } = wellAgainMessage();
    assert.equal(
      shown(verificationSentence(plan.host, verification)),
      'git01 已恢复正常：/v2/ 返回 200，健康检查返回 200。',
    );
  });

  test('the Chinese card of an undo warns that it breaks the registry', () => {
    const undo = undoOf(incidentPlan());
    const message = { ...planMessage('proposed'), plan: undo };
    assert.match(shown(chinese.planTitle(message)), /^方案 142-2：撤销方案 142-1 · 会使 Registry 再次出现故障 · /);
    const { text, confirm } = chinese.confirmation(undo, { needed: 1, approvals: [] }, 300);
    assert.match(text, /^这会让 Registry 再次失去对存储目录的访问，重新出现故障。将恢复 2 个目录原先的权限位。/);
    assert.equal(confirm, '撤销并使 Registry 再次故障');
  });
});

test('the Chinese card of a plan in every state names the same values as the English one', () => {
  const values = (phrase: Phrase) => phrase.filter(({ kind }) => kind !== 'text');
  for (const state of [
    'proposed',
    'approved',
    'executing',
    'applied',
    'undone',
    'stale',
    'rejected',
    'expired',
  ] as const) {
    const message = planMessage(state);
    assert.deepEqual(values(chinese.planRecord(message)), values(english.planRecord(message)), state);
    assert.deepEqual(values(chinese.planTitle(message)), values(english.planTitle(message)), state);
  }
});
