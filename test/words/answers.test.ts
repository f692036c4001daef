import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelId, GroupId, HostName, IncidentId, PlanId, UserId } from '../../src/model/ids.ts';
import { PlanState } from '../../src/model/plan.ts';
import type { PrivateAnswer } from '../../src/model/thread-message.ts';
import { privateAnswer } from '../../src/words/en/answers.ts';
import { plainText } from '../../src/words/phrase.ts';

const host = HostName.parse('git01');
const planId = PlanId.parse('142-1');
const hosts = (...names: string[]) => names.map((name) => HostName.parse(name));

const ANSWERS: readonly [PrivateAnswer, string][] = [
  [
    { kind: 'unknown-host', asked: 'git1', nearest: hosts('git01'), known: hosts('git01', 'x') },
    'I know no host git1. Did you mean git01?',
  ],
  [
    { kind: 'unknown-host', asked: 'git1', nearest: hosts('git01', 'git11'), known: [] },
    'I know no host git1. Did you mean git01 or git11?',
  ],
  [
    { kind: 'unknown-host', asked: 'zzz', nearest: [], known: hosts('a', 'b', 'c') },
    'I know no host zzz. I know a, b and c.',
  ],
  [
    { kind: 'unknown-host', asked: 'zzz', nearest: [], known: [] },
    'I know no host zzz: there are no hosts in my config file.',
  ],
  [{ kind: 'may-not-request' }, 'You are not among the people who may ask for a diagnosis here. Nothing was started.'],
  [
    { kind: 'wrong-channel', host, channels: [ChannelId.parse('C01'), ChannelId.parse('C02')] },
    'git01 is not dealt with in this channel. Nothing was done. The right place is C01 or C02.',
  ],
  [
    { kind: 'already-diagnosing', host, incidentId: IncidentId.parse(142) },
    'git01 is being diagnosed already: see incident 142. Nothing new was started.',
  ],
  [
    { kind: 'may-not-decide', host, approvers: [], approverGroups: [] },
    'You may not decide on plans for git01. Nothing was changed. There are no approvers for git01 in the config file (approvers).',
  ],
  [
    {
      kind: 'own-plan',
      host,
      askedFor: 'diagnosis',
      approvers: [UserId.parse('U0BOB')],
      approverGroups: [GroupId.parse('S0X')],
    },
    'You asked for this diagnosis, so somebody else has to decide on its plan. Nothing was changed. Approvers for git01: U0BOB and S0X.',
  ],
  [
    { kind: 'own-plan', host, askedFor: 'undo', approvers: [UserId.parse('U0BOB')], approverGroups: [] },
    'You asked for this undo, so somebody else has to decide on it. Nothing was changed. Approvers for git01: U0BOB.',
  ],
  [
    { kind: 'cannot-check-person', why: 'Slack says internal_error' },
    'I could not find out whether you may do this (Slack says internal_error), so nothing was done. Please try again in a minute.',
  ],
  [{ kind: 'plan-unknown' }, 'I know no such plan. Nothing was changed. /registry diagnose HOST makes a new one.'],
  [
    { kind: 'host-busy', host },
    'Another plan is running on git01 just now. Nothing was changed. Please try again when it is done.',
  ],
  [
    { kind: 'record-failed', why: 'disk full' },
    'I could not write this down (disk full), and without a record I do nothing. Nothing was changed.',
  ],
];

for (const [answer, words] of ANSWERS) {
  test(`${answer.kind}: "${words.slice(0, 50)}…"`, () => {
    assert.equal(privateAnswer(answer).map(plainText).join(' '), words);
  });
}

test('a click on a plan that is not open says what became of it, and that nothing was changed', () => {
  const answers = PlanState.options.map((state) =>
    privateAnswer({ kind: 'plan-not-open', planId, state }).map(plainText).join(' '),
  );
  for (const answer of answers) assert.match(answer, /^Nothing was changed by this: plan 142-1 .+\.$/);
  assert.equal(new Set(answers).size, PlanState.options.length);
});

test('a long list of hosts or approvers is cut, and says how many more there are', () => {
  const known = Array.from({ length: 200 }, (_, index) => HostName.parse(`host${index}`));
  assert.match(
    privateAnswer({ kind: 'unknown-host', asked: 'x', nearest: [], known }).map(plainText).join(' '),
    /host29 and 170 more\.$/,
  );
  const approvers = Array.from({ length: 50 }, (_, index) => UserId.parse(`U${index}`));
  const answer = privateAnswer({ kind: 'may-not-decide', host, approvers, approverGroups: [] });
  assert.match(answer.map(plainText).join(' '), /U19 and 30 more\.$/);
});
