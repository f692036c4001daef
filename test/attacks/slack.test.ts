import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../src/playground/slack/stores/message-store.ts';
import { type MainJob, OPS, SOON_MS, startMainJob } from '../support/bots/main-job.ts';
import { skipUnless } from '../support/requirements.ts';
import { type Captured, clickIn, signed, tapWire, type Wire, withClick, without } from './wire.ts';

/**
 * Attacks on the way from Slack to the bot: the bot as a process, over HTTP, with a real host behind it. The attacker holds
 * the wire. What must never happen is a change on the host, or an approval on record, by anyone but the approver's own click.
 */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const TEAM = 'T0WORKSHOP';
/** All but Carol may approve, by the policy alone; who they are is another question. */
const APPROVERS = ['U0ALICE', 'U0BOB', 'U0GUEST', 'U0ONEROOM', 'U0GONE', 'U0STRANGER', 'U0OTHERBOT', 'U0DOCTOR'];
/** What the record holds of the start and of two diagnoses, when no one has decided on anything. */
const ACTS_OF_ASKING = [
  'config-changed',
  'diagnosed',
  'diagnosis-requested',
  'incident-opened',
  'plan-proposed',
  'plan-superseded',
];
const NOT_ALLOWED = /^You’re not an approver for git01\. Nothing was changed\./;

describe('attacks through Slack', { skip }, () => {
  let job: MainJob;
  let wire: Wire;
  let olderCard: SlackMessage;
  let card: SlackMessage;

  before(async () => {
    job = await startMainJob({ mode: 'http', policy: { approvers: { users: APPROVERS }, channels: [OPS] } });
    await job.registry.waitUntilUnwell();
    olderCard = await job.askForPlan();
    card = await job.askForPlan();
    wire = await tapWire(job.bot().requestUrl);
    job.slack.deliverTo(wire.url);
  });
  after(async () => {
    wire?.close();
    await job?.end();
  });

  const secret = () => job.slack.credentials.signingSecret;

  /** Bob's click on Approve, which the attacker keeps for himself. */
  const captureApproval = async (): Promise<Captured> => {
    await job.click('U0BOB', card, 'approve_plan');
    return wire.newest();
  };
  const changed = async (change: Record<string, unknown>) => {
    const captured = await captureApproval();
    return signed(withClick(captured, { ...clickIn(captured), ...change }), secret());
  };
  const withValue = async (value: string, actionId = 'approve_plan', blockId = 'b') => {
    const action = { type: 'button', action_id: actionId, block_id: blockId, action_ts: '1.2', value };
    return changed({ actions: [action] });
  };
  const clickedBy = (id: string, team = TEAM) => changed({ user: { id, username: id, name: id, team_id: team } });

  const acts = () => actsOnRecord(join(job.files.directory, 'registry-doctor.db'));
  const assertNothingDone = () => {
    assert.deepEqual(job.modes(), ['750', '700']);
    assert.deepEqual([...new Set(acts())].toSorted(), ACTS_OF_ASKING);
  };
  /** The bot takes the request, and answers the person whose click it seems to be in private. */
  const assertRefusedInPrivate = async (request: Captured, words: RegExp) => {
    const told = job.slack.ephemerals('U0BOB').length;
    assert.equal(await wire.send(request), 200);
    await job.slack.waitForEphemeral('U0BOB', () => job.slack.ephemerals('U0BOB').length > told, SOON_MS);
    assert.match(job.slack.ephemerals('U0BOB').at(-1)?.text ?? '', words);
    assertNothingDone();
  };

  const UNSIGNED: Record<string, (captured: Captured) => Captured> = {
    'signed with another secret': (captured) => signed(captured, `${secret()}x`),
    'without a signature': (captured) => without(captured, 'x-slack-signature'),
    'without a timestamp': (captured) => without(captured, 'x-slack-request-timestamp'),
    'with an empty signature': (captured) => ({
      ...captured,
      headers: { ...captured.headers, 'x-slack-signature': '' },
    }),
    'whose body was changed after it was signed': (captured) =>
      withClick(captured, { ...clickIn(captured), trigger_id: '1.2.other' }),
    'whose timestamp was changed after it was signed': (captured) => ({
      ...captured,
      headers: {
        ...captured.headers,
        'x-slack-request-timestamp': String(Number(captured.headers['x-slack-request-timestamp']) - 1),
      },
    }),
    'signed correctly, but more than five minutes ago': (captured) => signed(captured, secret(), 5 * 60 + 2),
  };
  for (const [what, forge] of Object.entries(UNSIGNED)) {
    test(`the bot refuses a Slack request ${what}`, async () => {
      assert.equal(await wire.send(forge(await captureApproval())), 401);
      assertNothingDone();
    });
  }

  const VALUES: Record<string, string> = {
    'an id of no plan': '77-1',
    nothing: '',
    garbage: 'approve everything',
    'a line break and a second id': '1-2\n1-1',
    'a command': '$(reboot)',
    'a piece of SQL': "1-2' OR '1'='1",
    'a path': '../../1-2',
  };
  for (const [what, value] of Object.entries(VALUES)) {
    test(`a Slack button whose value was changed to ${what} approves nothing`, async () => {
      await assertRefusedInPrivate(await withValue(value), /^I can’t find that plan\./);
    });
  }

  test('a Slack button whose value was changed to an older plan of the host approves nothing', async () => {
    const value = planIdOn(olderCard);
    assert.notEqual(value, planIdOn(card));
    await assertRefusedInPrivate(await withValue(value), /plan 1-1 in the current record is a different plan/);
    await assertRefusedInPrivate(await withValue(value, 'approve_plan', blockIdOn(card)), /is a different plan/);
  });

  test('the button of an outdated Slack card approves nothing', async () => {
    const click = await withValue(planIdOn(olderCard), 'approve_plan', blockIdOn(olderCard));
    await assertRefusedInPrivate(click, /was replaced|newer/i);
  });

  test('a Slack button whose value is longer than any id is not looked up', async () => {
    await assertRefusedInPrivate(await withValue('1'.repeat(300)), /^I couldn’t understand/);
  });

  test('a Slack action that no card offers does nothing', async () => {
    const logged = job.bot().log().length;
    await assertRefusedInPrivate(await withValue(planIdOn(card), 'execute_plan'), /belongs to another version/);
    assert.doesNotMatch(job.bot().log().slice(logged), /resuming|execution/);
    assertNothingDone();
  });

  const PEOPLE: Record<string, { user: string; team?: string; words: RegExp }> = {
    'the requester': { user: 'U0ALICE', words: /someone else has to approve/ },
    'a member who is not an approver': { user: 'U0CAROL', words: NOT_ALLOWED },
    'a guest': { user: 'U0GUEST', words: NOT_ALLOWED },
    'a guest of one channel': { user: 'U0ONEROOM', words: NOT_ALLOWED },
    'a deactivated account': { user: 'U0GONE', words: NOT_ALLOWED },
    'another bot': { user: 'U0OTHERBOT', words: NOT_ALLOWED },
    'the bot itself': { user: 'U0DOCTOR', words: NOT_ALLOWED },
    'a member of another workspace, in a shared channel': {
      user: 'U0STRANGER',
      team: 'T0ELSEWHERE',
      words: NOT_ALLOWED,
    },
    'a member of another workspace who claims ours': { user: 'U0STRANGER', words: NOT_ALLOWED },
    "a member of another workspace with an approver's id": { user: 'U0BOB', team: 'T0ELSEWHERE', words: NOT_ALLOWED },
    'an account that Slack does not know': { user: 'U0NOBODY', words: /^I couldn’t check your permissions with Slack/ },
  };
  for (const [who, { user, team, words }] of Object.entries(PEOPLE)) {
    test(`a click on “Approve” by ${who} approves nothing`, async () => {
      await assertRefusedInPrivate(await clickedBy(user, team), words);
    });
  }

  test('a click on “Approve” in a channel outside the policy approves nothing', async () => {
    const elsewhere = await changed({ channel: { id: 'C0PRIVATE', name: 'privategroup' } });
    await assertRefusedInPrivate(elsewhere, /channel/);
  });

  test('an approval request that is sent again, byte for byte, has no second effect', async () => {
    const approval = await captureApproval();
    await Promise.all([wire.send(approval), wire.send(approval)]);
    await job.slack.waitForMessage(({ threadTs, text }) => threadTs !== null && /healthy again/i.test(text), SOON_MS);
    const told = job.slack.ephemerals('U0BOB').length;
    assert.equal(await wire.send(approval), 200);
    await job.slack.waitForEphemeral('U0BOB', () => job.slack.ephemerals('U0BOB').length > told, SOON_MS);
    assert.deepEqual(job.modes(), ['751', '701']);
    assert.equal(acts().filter((act) => act === 'execution-intended').length, 1);
    assert.equal(acts().filter((act) => act === 'execution-finished').length, 1);
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
  });
});

function planIdOn(card: SlackMessage): string {
  return /"value":"(\d+-\d+)"/.exec(JSON.stringify(card.blocks))?.[1] ?? assert.fail('the card has no button');
}

/** The block's id has the hash of the plan that the card shows. */
function blockIdOn(card: SlackMessage): string {
  return /"block_id":"([^"]*sha256[^"]*)"/.exec(JSON.stringify(card.blocks))?.[1] ?? assert.fail('no hash on the card');
}

function actsOnRecord(file: string): string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT act FROM audit_entries ORDER BY sequence').all();
  database.close();
  return rows.map(({ act }) => String(act));
}
