import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The product's main job on real parts, once over HTTP and once over Socket Mode. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');

for (const mode of ['http', 'socket'] as const) {
  describe(`an incident from diagnosis to fix over ${mode}`, { skip }, () => {
    let job: MainJob;
    let channelMessage: SlackMessage;
    let card: SlackMessage;

    before(async () => {
      job = await startMainJob({ mode });
      await job.registry.waitUntilUnwell();
    });
    after(() => job?.end());

    test('`/registry diagnose git01` is acknowledged at once and posts one message in the channel', async () => {
      const answer = await job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
      assert.equal(answer.failure, null);
      channelMessage = await job.slack.waitForMessage((message) => message.threadTs === null, SOON_MS);
      assert.match(channelMessage.versions[0]?.text ?? '', /git01: diagnosing/);
    });

    test('the incident’s thread names both blocked directories, the tested account and the registry’s own answer', async () => {
      card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
      const verdict = job.slack.thread(OPS, channelMessage.ts).find((message) => says(message, 'Path check: '));
      assert.ok(verdict, job.slack.transcript());
      for (const { path } of job.registry.blockers) assert.ok(says(verdict, path), path);
      assert.ok(says(verdict, `uid ${job.registry.serviceUser.uid}`));
      assert.ok(says(verdict, `pid ${job.registry.pid}`));
      assert.ok(says(verdict, 'denied by the kernel'));
      assert.ok(says(verdict, 'permission denied'));
      assert.ok(says(verdict, '503'));
      assert.ok(says(verdict, 'blocked: not owner, not in group operator, others have no x'));
    });

    test('the incident’s thread proposes one plan, which opens both directories with the fewest permission bits', () => {
      const cards = job.slack.thread(OPS, channelMessage.ts).filter((message) => hasAction(message, 'approve_plan'));
      assert.equal(cards.length, 1);
      const [ops, disk] = job.registry.blockers;
      assert.ok(says(card, `chmod 0751 ${ops?.path}`), JSON.stringify(card.blocks));
      assert.ok(says(card, `chmod 0701 ${disk?.path}`));
      assert.ok(hasAction(card, 'reject_plan'));
    });

    test('the requester and a bystander who click Approve are refused in private, and nothing changes', async () => {
      await job.click('U0ALICE', card, 'approve_plan');
      await job.slack.waitForEphemeral('U0ALICE', (word) => /someone else has to approve/i.test(word.text), SOON_MS);
      await job.click('U0CAROL', card, 'approve_plan');
      await job.slack.waitForEphemeral('U0CAROL', (word) => /approve/i.test(word.text), SOON_MS);
      assert.deepEqual(job.modes(), ['750', '700']);
    });

    test('an approval changes exactly the two directories of the plan, and the registry is healthy again', async () => {
      await job.click('U0BOB', card, 'approve_plan');
      await job.slack.waitForMessage(({ threadTs, text }) => threadTs !== null && /healthy again/i.test(text), SOON_MS);
      assert.deepEqual(job.modes(), ['751', '701']);
      await job.registry.waitUntilWell();
    });

    test('after the fix the plan’s card has no buttons, and the channel message says that the incident is over', async () => {
      const record = await job.slack.waitForMessage(
        (message) => message.ts === card.ts && !hasAction(message, 'approve_plan'),
        SOON_MS,
      );
      assert.ok(says(record, '@bob'));
      assert.ok(!hasAction(record, 'reject_plan'));
      await job.slack.waitForMessage(
        ({ ts, text }) => ts === channelMessage.ts && /healthy again/i.test(text),
        SOON_MS,
      );
      assert.equal(job.slack.messages(OPS).length, 1);
    });

    test('without the scope for files Slack is asked for none, and the channel message has the command for the record', async () => {
      const over = await job.slack.waitForMessage(({ ts }) => ts === channelMessage.ts, SOON_MS);
      assert.ok(says(over, 'registry-doctor audit export 1'), job.slack.transcript());
      assert.deepEqual(job.slack.calls('files.getUploadURLExternal'), []);
    });

    test('a click on the outdated card of an applied plan changes nothing and says why', async () => {
      const told = job.slack.ephemerals('U0BOB').length;
      const withButtons = card.versions.findIndex((version) => JSON.stringify(version.blocks).includes('approve_plan'));
      const act = { user: 'U0BOB', channel: OPS, ts: card.ts, actionId: 'approve_plan', version: withButtons };
      await job.slack.click(act);
      await job.slack.waitForEphemeral('U0BOB', () => job.slack.ephemerals('U0BOB').length > told, SOON_MS);
      const verified = await job.files.cli('audit', 'list');
      assert.equal(verified.stdout.match(/Execution finished/g)?.length, 1, verified.stdout);
    });

    test('after the incident the audit record is intact and can be exported in four parts', async () => {
      const verified = await job.files.cli('audit', 'verify');
      assert.equal(verified.status, 0, verified.stdout + verified.stderr);
      const exported = await job.files.cli('audit', 'export', '1');
      for (const part of ['Plan', 'Review', 'Execution', 'Record']) {
        assert.match(exported.stdout, new RegExp(`^## \\d\\. ${part}`, 'm'));
      }
      assert.match(exported.stdout, /U0BOB/);
    });

    test('after the fix diagnose reports the host healthy with exit status 0, and SIGTERM ends the bot with status 0', async () => {
      const diagnosed = await job.files.cli('diagnose', 'git01', '--json');
      assert.equal(diagnosed.status, 0, diagnosed.stdout + diagnosed.stderr);
      assert.equal(JSON.parse(diagnosed.stdout).verdict, 'healthy');
      assert.equal(await job.bot().stop(), 0);
    });
  });
}
