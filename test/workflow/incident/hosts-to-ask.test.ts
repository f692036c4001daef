import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId, HostName, TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { hostsToAsk } from '../../../src/workflow/incident/request-diagnosis.ts';
import type { MemberAnswer } from '../../../src/workflow/ports.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/policy.ts';
import { quietWith } from '../../support/quiet.ts';

const ANN = UserId.parse('UANN');
const BOB = UserId.parse('UBOB');
const [HERE, ELSEWHERE] = [ChannelId.parse('C1'), ChannelId.parse('C2')];

/** Which of two hosts Ann is told of, in the channel C1; the policy is that of git02. */
async function hostsFor(policy: Partial<Policy>, member: MemberAnswer = { kind: 'yes' }): Promise<readonly string[]> {
  const [git01, git02] = ['git01', 'git02'].map((name) => ({ ...hostSettings({}), name: HostName.parse(name) }));
  assert.ok(git01 && git02);
  const hosts = new Map([
    [git01.name, { ...git01, policy: policyWith() }],
    [git02.name, { ...git02, policy: policyWith(policy) }],
  ]);
  const never = () => Promise.reject(new Error('the help asks nobody but Slack'));
  const context = {
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
  return hostsToAsk(context, { by: { team: TeamId.parse('T1'), user: ANN }, channel: HERE });
}

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
