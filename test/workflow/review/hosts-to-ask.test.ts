import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId, HostName, TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { requestDiagnosis } from '../../../src/workflow/incident/request-diagnosis.ts';
import type { MemberAnswer } from '../../../src/workflow/ports/people.ts';
import { requestMute, requestUnmute } from '../../../src/workflow/quiet/request-mute.ts';
import { hostsToAsk } from '../../../src/workflow/review/hosts-to-ask.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

const ANN = UserId.parse('UANN');
const BOB = UserId.parse('UBOB');
const [HERE, ELSEWHERE] = [ChannelId.parse('C1'), ChannelId.parse('C2')];

const REQUEST = { by: { team: TeamId.parse('T1'), user: ANN }, channel: HERE };

/** Two hosts; the policy is that of git02. */
function contextOf(policy: Partial<Policy>, member: MemberAnswer = { kind: 'yes' }): WorkflowContext {
  const [git01, git02] = ['git01', 'git02'].map((name) => ({ ...hostSettings({}), name: HostName.parse(name) }));
  assert.ok(git01 && git02);
  const hosts = new Map([
    [git01.name, { ...git01, policy: policyWith() }],
    [git02.name, { ...git02, policy: policyWith(policy) }],
  ]);
  const never = () => Promise.reject(new Error('the help asks nobody but Slack'));
  return {
    store: { transact: never },
    remote: { run: never },
    metrics: UNMEASURED,
    signatures: { check: never },
    signer: null,
    clock: { now: () => new Date(0), sleep: never },
    log: createLog('silent'),
    directory: { isMember: async () => member, isFullMember: async () => member },
    settings: {
      hosts,
      defaultPolicy: policyWith(),
      incidentChannel: ChannelId.parse('CINCIDENTS'),
      fleetLook: null,
      quiet: quietWith(),
    },
  };
}

/** Which of the two hosts Ann is told of, in the channel C1. */
function hostsFor(...about: Parameters<typeof contextOf>): Promise<readonly HostName[]> {
  return hostsToAsk(contextOf(...about), REQUEST);
}

test('an answer about an unknown host names no host that only others can request a diagnosis of', async () => {
  const context = contextOf({ requesters: { users: [BOB], groups: [] } });
  const unknown = { kind: 'unknown-host', asked: 'git03', nearest: ['git01'], known: ['git01'] };
  const request = { ...REQUEST, hostText: 'git03', lengthText: '1h', reason: null, requestKey: 'slack:1' };
  assert.deepEqual(await requestMute(context, request), unknown);
  assert.deepEqual((await requestUnmute(context, request)).answer, unknown);
  assert.deepEqual(await requestDiagnosis(context, request), { kind: 'answer', answer: unknown });
});

test('the help lists every host that the person can request a diagnosis of', async () => {
  assert.deepEqual(await hostsFor({}), ['git01', 'git02']);
});

test('the help does not list a host that only others can request a diagnosis of', async () => {
  assert.deepEqual(await hostsFor({ requesters: { users: [BOB], groups: [] } }), ['git01']);
});

test('the help does not list a host that belongs to another channel', async () => {
  assert.deepEqual(await hostsFor({ channels: [ELSEWHERE] }), ['git01']);
});

test('the help lists no host to someone whose group memberships Slack can’t tell', async () => {
  assert.deepEqual(
    await hostsFor({}, { kind: 'unknown', why: { kind: 'no-answer', why: { code: 'failed', said: 'away' } } }),
    [],
  );
});
