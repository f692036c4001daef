import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../src/playground/slack/message-store.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { type RegistryHost, startRegistryHost } from '../support/registry-host.ts';
import { skipUnless } from '../support/requirements.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../support/serving-bot.ts';
import { type Sshd, startSshd } from '../support/sshd.ts';

/** The scenario of the product's main job, on real parts, once over HTTP and once over Socket Mode. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const SOON_MS = 30_000;
/** The registry looks at its storage every second here; three good looks and a margin for a busy machine. */
const RECOVERY_MS = 60_000;

const actionsOf = (message: SlackMessage) => JSON.stringify(message.blocks).match(/"action_id":"\w+"/g) ?? [];
const has = (message: SlackMessage, actionId: string) => actionsOf(message).includes(`"action_id":"${actionId}"`);
const saysAnywhere = (message: SlackMessage, text: string) =>
  message.text.includes(text) || JSON.stringify(message.blocks).includes(text);

for (const mode of ['http', 'socket'] as const) {
  describe(`the main job over ${mode}`, { skip }, () => {
    let slack: SlackStandIn;
    let sshd: Sshd;
    let registry: RegistryHost;
    let files: BotFiles;
    let bot: ServingBot;

    before(async () => {
      [slack, sshd, registry] = await Promise.all([startSlackStandIn(), startSshd(), startRegistryHost()]);
      files = await prepareBot({ slack, mode, hosts: { git01: { sshd, registry } } });
      await registry.waitUntilUnwell();
      bot = await files.start();
    });

    after(async () => {
      await bot?.kill();
      files?.remove();
      await Promise.all([slack?.close(), sshd?.stop(), registry?.stop()]);
    });

    let channelMessage: SlackMessage;
    let planCard: SlackMessage;

    test('`/registry diagnose git01` is acknowledged at once and opens one message in the channel', async () => {
      const answer = await slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'diagnose git01' });
      assert.equal(answer.failure, null);
      assert.ok(answer.ackMs < 3000);
      channelMessage = await slack.waitForMessage((message) => message.threadTs === null, SOON_MS);
      assert.match(channelMessage.text, /git01/);
    });

    test("the thread names both closed directories, the identity and its proof, and the registry's own words", async () => {
      planCard = await slack.waitForMessage((message) => has(message, 'approve_plan'), SOON_MS);
      const verdict = slack
        .thread('C0OPS', channelMessage.ts)
        .find((message) => message.blocks.some((block) => block.type === 'table'));
      assert.ok(verdict, slack.transcript());
      for (const { path } of registry.blockers) assert.ok(saysAnywhere(verdict, path), path);
      assert.ok(saysAnywhere(verdict, `uid ${registry.serviceUser.uid}`));
      assert.ok(saysAnywhere(verdict, 'permission denied'));
      assert.ok(saysAnywhere(verdict, '503'));
    });

    test('one card proposes one plan that clears both, with the smallest bits and no more', () => {
      assert.equal(
        slack.thread('C0OPS', channelMessage.ts).filter((message) => has(message, 'approve_plan')).length,
        1,
      );
      const [ops, disk] = registry.blockers;
      assert.ok(saysAnywhere(planCard, `chmod 0751 ${ops?.path}`), JSON.stringify(planCard.blocks));
      assert.ok(saysAnywhere(planCard, `chmod 0701 ${disk?.path}`));
      assert.ok(has(planCard, 'reject_plan'));
    });

    test('the requester and a bystander may not approve; each is told in private, and nothing changes', async () => {
      await slack.click({ user: 'U0ALICE', channel: 'C0OPS', ts: planCard.ts, actionId: 'approve_plan' });
      await slack.waitForEphemeral('U0ALICE', (word) => /somebody else/i.test(word.text), SOON_MS);
      await slack.click({ user: 'U0CAROL', channel: 'C0OPS', ts: planCard.ts, actionId: 'approve_plan' });
      await slack.waitForEphemeral('U0CAROL', () => true, SOON_MS);
      assert.deepEqual(modesOf(registry), ['750', '700']);
    });

    test('an approval changes exactly the two directories, and the registry is well again', async () => {
      await slack.click({ user: 'U0BOB', channel: 'C0OPS', ts: planCard.ts, actionId: 'approve_plan' });
      await slack.waitForMessage(
        (message) => message.threadTs !== null && /well again/i.test(message.text),
        RECOVERY_MS,
      );
      assert.deepEqual(modesOf(registry), ['751', '701']);
      await registry.waitUntilWell();
    });

    test('the card is a record now: who approved, and no buttons; the channel message says it is over', async () => {
      const card = await slack.waitForMessage(
        (message) => message.ts === planCard.ts && actionsOf(message).length === 0,
        SOON_MS,
      );
      assert.ok(saysAnywhere(card, 'U0BOB'));
      await slack.waitForMessage(
        (message) => message.ts === channelMessage.ts && /well again/i.test(message.text),
        SOON_MS,
      );
      assert.equal(slack.messages('C0OPS').length, 1);
    });

    test('a click on the old card changes nothing and says why', async () => {
      const told = slack.ephemerals('U0BOB').length;
      await slack.click({ user: 'U0BOB', channel: 'C0OPS', ts: planCard.ts, actionId: 'approve_plan', version: 0 });
      await slack.waitForEphemeral('U0BOB', () => slack.ephemerals('U0BOB').length > told, SOON_MS);
    });

    test('the record is whole, and can be exported in four parts', async () => {
      const verified = await files.cli('audit', 'verify');
      assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr);
      const listed = await files.cli('audit', 'list');
      assert.match(listed.stdout, /U0BOB/);
      const exported = await files.cli('audit', 'export', '1');
      for (const part of ['Plan', 'Review', 'Execution', 'Record'])
        assert.match(exported.stdout, new RegExp(`^## ${part}`, 'm'));
    });

    test('the command line says healthy, with exit status 0, and ends with SIGTERM after draining', async () => {
      const diagnosed = await files.cli('diagnose', 'git01', '--json');
      assert.equal(diagnosed.exitCode, 0, diagnosed.stdout + diagnosed.stderr);
      assert.equal(JSON.parse(diagnosed.stdout).verdict, 'healthy');
      assert.equal(await bot.stop(), 0);
    });
  });
}

function modesOf(registry: RegistryHost): string[] {
  return [registry.bytes('ops'), registry.bytes('disk4t')].map((path) => (statSync(path).mode & 0o7777).toString(8));
}
