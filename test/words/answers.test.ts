import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlanState } from '../../src/model/plan/plan.ts';
import type { UsageProblem } from '../../src/model/record/command.ts';
import { ChannelId, GroupId, HostName, IncidentId, PlanId, UserId } from '../../src/model/record/ids.ts';
import type { PrivateAnswer } from '../../src/model/record/messages/private-answer.ts';
import { privateAnswer } from '../../src/words/en/answers.ts';
import { plainText } from '../../src/words/phrase.ts';

const host = HostName.parse('git01');
const planId = PlanId.parse('142-1');
const hosts = (...names: string[]) => names.map((name) => HostName.parse(name));

const HELP = [
  'What I can do',
  '/registry diagnose HOST checks the registry on HOST, shows what’s broken and why, and proposes the smallest fix. Nothing changes without approval.',
  '/registry status [HOST] shows what monitoring sees, open incidents and waiting plans.',
  '/registry incidents lists the open incidents.',
  '/registry history [HOST] lists the latest incidents with verdict, plan and outcome.',
  '/registry record INCIDENT posts the incident’s record with its proof in its thread.',
  '/registry hosts lists the hosts and how each is monitored.',
  '/registry mute HOST 2h REASON keeps me from posting about HOST on my own for that time.',
  '/registry unmute HOST ends that.',
  '/registry help shows this.',
  '/registry alone opens a form. In a thread, type @registry-doctor in place of /registry.',
].join(' ');
const usage = (problem: UsageProblem): PrivateAnswer => ({ kind: 'usage', problem, hosts: [] });

const ANSWERS: readonly [PrivateAnswer, string][] = [
  [usage({ code: 'host-missing', command: 'diagnose' }), `Which host? For example: /registry diagnose git01 ${HELP}`],
  [
    usage({ code: 'too-many-words', command: 'diagnose' }),
    `Enter exactly one host name: /registry diagnose git01 ${HELP}`,
  ],
  [
    usage({ code: 'unknown-verb', verb: 'statsu', nearest: 'status' }),
    `Unknown command “statsu”. Did you mean /registry status? ${HELP}`,
  ],
  [usage({ code: 'host-missing', command: 'mute' }), `Which host? For example: /registry mute git01 2h ${HELP}`],
  [usage({ code: 'incident-missing' }), `Which incident? Enter its number: /registry record 12 ${HELP}`],
  [usage({ code: 'mute-incomplete' }), `For how long? For example: /registry mute git01 2h disk replacement ${HELP}`],
  [
    usage({ code: 'not-a-length', text: 'soon' }),
    `“soon” is not a length of time up to 7d. Nothing was muted. For example: /registry mute git01 2h disk replacement ${HELP}`,
  ],
  [
    { kind: 'muted', host, until: '2026-11-29T16:02:00.000Z', isWatched: true },
    'git01 is muted until 2026-11-29T16:02:00.000Z. I keep checking it, post nothing of it on my own and sum up at the end. /registry unmute git01 ends it.',
  ],
  [
    { kind: 'muted', host, until: '2026-11-29T16:02:00.000Z', isWatched: false },
    'git01 is muted until 2026-11-29T16:02:00.000Z. I post nothing of it on my own and sum up at the end. /registry unmute git01 ends it.',
  ],
  [{ kind: 'unmuted', host, others: [] }, 'git01 is no longer muted by anyone.'],
  [
    { kind: 'not-muted', host, others: [{ kind: 'window', every: 'Sun 02:00', zone: 'UTC' }] },
    'No one has muted git01. Nothing was changed. Something else still mutes it: Maintenance window Sun 02:00 (UTC).',
  ],
  [
    { kind: 'joined-incident', host, incidentId: IncidentId.parse(142) },
    'git01 has an open incident (142), so I’m diagnosing it again there. The result is in its thread.',
  ],
  [usage({ code: 'too-many-hosts', command: 'status' }), `Enter one host name or none: /registry status git01 ${HELP}`],
  [usage({ code: 'nothing-follows', command: 'hosts' }), `Nothing follows this command: /registry hosts ${HELP}`],
  [
    { kind: 'opened', host, incidentId: IncidentId.parse(142), channel: ChannelId.parse('C01') },
    'I’m diagnosing git01 (incident 142) and will post in C01.',
  ],
  [usage({ code: 'unknown-verb', verb: 'x\u202ey', nearest: null }), `Unknown command “x\\xe2\\x80\\xaey”. ${HELP}`],
  [
    usage({ code: 'unknown-verb', verb: 'x'.repeat(100), nearest: null }),
    `Unknown command “${'x'.repeat(40)}”. ${HELP}`,
  ],
  [
    { kind: 'unknown-host', asked: 'git1', nearest: hosts('git01'), known: hosts('git01', 'x') },
    'There’s no host git1 in the config. Did you mean git01?',
  ],
  [
    { kind: 'unknown-host', asked: 'git1', nearest: hosts('git01', 'git11'), known: [] },
    'There’s no host git1 in the config. Did you mean git01 or git11?',
  ],
  [
    { kind: 'unknown-host', asked: 'zzz', nearest: [], known: hosts('a', 'b', 'c') },
    'There’s no host zzz in the config. Hosts: a, b and c.',
  ],
  [
    { kind: 'unknown-host', asked: 'zzz', nearest: [], known: [] },
    'There’s no host zzz in the config, and no other that you can request a diagnosis of here.',
  ],
  [
    { kind: 'may-not-request' },
    'You don’t have permission to request a diagnosis here. Nothing was started. To get access, ask an administrator of Registry Doctor to add you to requesters in its config.',
  ],
  [
    { kind: 'wrong-channel', host, channels: [ChannelId.parse('C01'), ChannelId.parse('C02')] },
    'You can’t use Registry Doctor for git01 in this channel. Nothing was done. Go to C01 or C02.',
  ],
  [
    { kind: 'already-diagnosing', host, incidentId: IncidentId.parse(142) },
    'git01 is already being diagnosed (incident 142). Nothing new was started.',
  ],
  [
    { kind: 'may-not-decide', host, approvers: [], approverGroups: [] },
    'You’re not an approver for git01. Nothing was changed. No one can approve plans for git01: the config names no approvers.',
  ],
  [
    {
      kind: 'own-plan',
      host,
      askedFor: 'diagnosis',
      approvers: [UserId.parse('U0BOB')],
      approverGroups: [GroupId.parse('S0X')],
    },
    'You requested this diagnosis, so someone else has to approve the fix. Nothing was changed. Approvers: U0BOB and S0X.',
  ],
  [
    { kind: 'own-plan', host, askedFor: 'undo', approvers: [UserId.parse('U0BOB')], approverGroups: [] },
    'You requested this undo, so someone else has to approve it. Nothing was changed. Approvers: U0BOB.',
  ],
  [
    { kind: 'cannot-check-person', why: { kind: 'refused', code: 'internal_error' } },
    'I couldn’t check your permissions with Slack (Slack says internal_error), so nothing was done. Try again in a minute.',
  ],
  [
    { kind: 'not-requester', planId },
    'Plan 142-1 can only be withdrawn by its requester. Nothing was changed. Approvers use Reject.',
  ],
  [
    { kind: 'plan-not-open', planId, state: 'withdrawn' },
    'Plan 142-1 was withdrawn by its requester. Diagnose again for a new one. Nothing was changed by your click.',
  ],
  [
    { kind: 'incident-over', incidentId: IncidentId.parse(142) },
    'Incident 142 is over, so there is nothing to acknowledge. Nothing was changed.',
  ],
  [
    { kind: 'acknowledged-before', incidentId: IncidentId.parse(142) },
    'You’re already on incident 142. Nothing was changed.',
  ],
  [
    { kind: 'may-not-acknowledge', host },
    'You don’t have permission to acknowledge an incident of git01. Nothing was changed. To get access, ask an administrator of Registry Doctor to add you to requesters in its config.',
  ],
  [
    { kind: 'incident-unknown' },
    'I can’t find that incident. Nothing was changed. /registry diagnose HOST creates a new one.',
  ],
  [{ kind: 'plan-unknown' }, 'I can’t find that plan. Nothing was changed. /registry diagnose HOST creates a new one.'],
  [
    {
      kind: 'record-waits',
      incidentId: IncidentId.parse(142),
      failedBefore: { kind: 'refused', code: 'not_in_channel' },
    },
    'I’ll post the record of incident 142 in its thread. Other messages go first. The last try failed: Slack says not_in_channel.',
  ],
  [
    { kind: 'record-waits', incidentId: IncidentId.parse(142), failedBefore: { kind: 'not-made', said: 'no font' } },
    'I’ll post the record of incident 142 in its thread. Other messages go first. The last try failed: the file could not be made (no font).',
  ],
  [
    { kind: 'record-posted', incidentId: IncidentId.parse(142) },
    'The record of incident 142 is already in its thread, with every entry so far.',
  ],
  [{ kind: 'host-busy', host }, 'Another plan is running on git01. Nothing was changed. Try again when it is done.'],
  [
    { kind: 'record-failed', why: 'plan-not-as-sealed' },
    'I couldn’t write to the audit record (the stored plan is not the one that was sealed), so I did nothing.',
  ],
  [
    { kind: 'usage', problem: { code: 'unknown-verb', verb: 'x\u202ey', nearest: null }, hosts: [] },
    `Unknown command “x\\xe2\\x80\\xaey”. ${HELP}`,
  ],
  [
    { kind: 'usage', problem: { code: 'unknown-verb', verb: 'x'.repeat(100), nearest: null }, hosts: [] },
    `Unknown command “${'x'.repeat(40)}”. ${HELP}`,
  ],
];

for (const [answer, words] of ANSWERS) {
  test(`the private answer ${answer.kind} reads: "${words.slice(0, 50)}…"`, () => {
    assert.equal(privateAnswer(answer).map(plainText).join(' '), words);
  });
}

test('the answer to a click on a plan that can no longer run says how it ended, and that nothing was changed', () => {
  const answers = PlanState.options.map((state) =>
    privateAnswer({ kind: 'plan-not-open', planId, state }).map(plainText).join(' '),
  );
  for (const answer of answers) assert.match(answer, /^Plan 142-1 .+\. Nothing was changed by your click\.$/);
  assert.equal(new Set(answers).size, PlanState.options.length);
});

test('an answer with a long list of hosts or approvers cuts it and says how many more there are', () => {
  const known = Array.from({ length: 200 }, (_, index) => HostName.parse(`host${index}`));
  assert.match(
    privateAnswer({ kind: 'unknown-host', asked: 'x', nearest: [], known }).map(plainText).join(' '),
    /host29 and 170 more\.$/,
  );
  const approvers = Array.from({ length: 50 }, (_, index) => UserId.parse(`U${index}`));
  const answer = privateAnswer({ kind: 'may-not-decide', host, approvers, approverGroups: [] });
  assert.match(answer.map(plainText).join(' '), /U19 and 30 more\.$/);
});
