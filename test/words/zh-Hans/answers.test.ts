import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlanState } from '../../../src/model/plan/plan.ts';
import { ChannelId, GroupId, HostName, IncidentId, PlanId, UserId } from '../../../src/model/record/ids.ts';
import type { PrivateAnswer } from '../../../src/model/record/messages/private-answer.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { privateAnswer } from '../../../src/words/zh-Hans/answers.ts';

const host = HostName.parse('git01');
const planId = PlanId.parse('142-1');
const [bob, carol] = [UserId.parse('U0BOB'), UserId.parse('U0CAROL')];

const ANSWERS: readonly (readonly [PrivateAnswer, string])[] = [
  [
    { kind: 'unknown-host', asked: 'git1', nearest: [host], known: [host] },
    '配置中没有主机 git1，你要找的是 git01 吗？',
  ],
  [{ kind: 'unknown-host', asked: 'zzz', nearest: [], known: [host] }, '配置中没有主机 zzz。主机：git01。'],
  [
    {
      kind: 'record-waits',
      incidentId: IncidentId.parse(142),
      failedBefore: { kind: 'refused', code: 'not_in_channel' },
    },
    '我会把故障 142 的记录发布到其消息列，其他消息优先。上次未能发布：Slack 返回 not_in_channel。',
  ],
  [
    { kind: 'wrong-channel', host, channels: [ChannelId.parse('C01'), ChannelId.parse('C02')] },
    '不能在这个频道中使用 Registry Doctor 诊断 git01。未做任何操作。请前往 C01 或 C02。',
  ],
  [
    { kind: 'already-diagnosing', host, incidentId: IncidentId.parse(142) },
    'git01 正在诊断中（故障 142），未开始新的诊断。',
  ],
  [
    { kind: 'may-not-decide', host, approvers: [bob, carol], approverGroups: [] },
    '你不是 git01 的审批人，未做任何修改。审批人：U0BOB、U0CAROL。',
  ],
  [
    { kind: 'own-plan', host, askedFor: 'diagnosis', approvers: [bob], approverGroups: [GroupId.parse('S0X')] },
    '这次诊断是你发起的，修复方案须由他人批准。未做任何修改。审批人：U0BOB、S0X。',
  ],
  [{ kind: 'approved-before', planId, missing: 1 }, '你已批准过方案 142-1，未做任何修改。该方案还差 1 人批准。'],
  [
    { kind: 'earlier-approval-lapsed', planId, by: { kind: 'terminal', user: 'bob' }, why: null },
    'bob（终端）此前批准过方案 142-1，但已不再是审批人。未做任何操作。请重新诊断以获得新方案。',
  ],
  [
    { kind: 'cannot-check-person', why: { kind: 'refused', code: 'internal_error' } },
    '无法向 Slack 核实你的权限（Slack 返回 internal_error），因此未做任何操作。请一分钟后重试。',
  ],
  [
    { kind: 'signature-refused', planId, why: { code: 'not-a-signature' } },
    '方案 142-1 未获批准：这不是 SSH 签名，不计入。请完整粘贴，从 -----BEGIN SSH SIGNATURE----- 到 -----END SSH SIGNATURE-----。未做任何修改。请再次点击批准按钮，获取要签名的文本。',
  ],
  [{ kind: 'not-requester', planId }, '方案 142-1 只能由其发起人撤回，未做任何修改。审批人请用“驳回”。'],
  [{ kind: 'acknowledged-before', incidentId: IncidentId.parse(142) }, '故障 142 已由你处理，未做任何修改。'],
  [
    { kind: 'may-not-acknowledge', host },
    '你没有接手 git01 的故障的权限，未做任何修改。如需权限，请让 Registry Doctor 的管理员把你加入其配置项 requesters。',
  ],
  [{ kind: 'plan-unknown' }, '找不到该方案，未做任何修改。用 /registry diagnose HOST 可生成新方案。'],
];

for (const [answer, words] of ANSWERS) {
  test(`the private answer ${answer.kind} reads in Chinese: ${words.slice(0, 20)}…`, () => {
    assert.equal(privateAnswer(answer).map(plainText).join(''), words);
  });
}

test('the Chinese answer to a click on a plan that can no longer run has a different sentence for each way it ended', () => {
  const answers = PlanState.options.map((state) =>
    privateAnswer({ kind: 'plan-not-open', planId, state }).map(plainText).join(''),
  );
  for (const answer of answers) assert.match(answer, /^方案 142-1 .+。你的点击未做任何修改。$/);
  assert.equal(new Set(answers).size, PlanState.options.length);
});

test('a Chinese answer with a long list cuts it and says how many more there are', () => {
  const approvers = Array.from({ length: 50 }, (_, index) => UserId.parse(`U${index}`));
  const answer = privateAnswer({ kind: 'may-not-decide', host, approvers, approverGroups: [] });
  assert.match(answer.map(plainText).join(''), /、U19、另外 30 个。$/);
});
