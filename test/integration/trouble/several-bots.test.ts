import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { openTrail } from '../../../src/store/open-record.ts';
import { RecordServer } from '../../store/open-postgres.ts';
import { hasAction, OPS, SOON_MS, until } from '../../support/bots/main-job.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../../support/bots/serving-bot.ts';
import { countChanges } from '../../support/crash/crash-scene.ts';
import { stuckWork, violationsOf } from '../../support/crash/invariants.ts';
import { startRegistryHost } from '../../support/hosts/registry-host.ts';
import { startSshd } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

/** Three bots as processes of their own, on one record. */

const BOTS = 3;
const postgres = new RecordServer();
const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'postgres');

/** What bots need around them: Slack, a host with a registry, and a record. */
async function around(t: TestContext) {
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const sshd = await startSshd();
  t.after(() => sshd.stop());
  const registry = await startRegistryHost();
  t.after(() => registry.stop());
  return { slack, sshd, registry, place: await postgres.place() };
}

suite('several bots on one record', { skip }, () => {
  test('a host is diagnosed, fixed and verified once, and the story is told once, though the bot at work is paused past its lease', async (t) => {
    const { slack, sshd, registry, place } = await around(t);
    const ends: (() => unknown)[] = [];
    t.after(() => {
      for (const end of ends) end();
    });
    const bots: ServingBot[] = [];
    let drain: () => ReturnType<BotFiles['cli']> = () => assert.fail('no bot yet');
    for (let index = 0; index < BOTS; index += 1) {
      const hosts = { git01: { sshd, registry, withUrls: true } };
      const files = await prepareBot({
        ...{ slack, mode: 'socket', hosts, storeUrl: place.url },
        isAmongOthers: true,
      });
      t.after(files.remove);
      drain = () => files.cli('serve', '--drain');
      const bot = await files.start();
      bots.push(bot);
      t.after(() => bot.process.kill('SIGKILL'));
    }
    const fixes = countChanges(registry, ends);
    await fixes.breakIt();

    await slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
    const card = await slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    await slack.click({ user: 'U0BOB', channel: card.channel, ts: card.ts, actionId: 'approve_plan' });
    const running = () => bots.find((bot) => /"plan executed"/.test(bot.log()));
    await until(() => running() !== undefined, 'no bot ran the plan');
    const paused = running() ?? assert.fail();
    paused.process.kill('SIGSTOP');
    t.after(() => paused.process.kill('SIGCONT'));
    const isFixed = (message: SlackMessage) => message.channel === OPS && /healthy again/i.test(message.text);
    await slack.waitForMessage(isFixed, SOON_MS);
    paused.process.kill('SIGCONT');
    await until(() => paused.log().split('joined the bots').length > 2, 'it did not join again');

    const { auditTrail, close } = await openTrail(place);
    t.after(close);
    const record = async () => {
      const first = (await auditTrail.list({})).find(({ incidentId }) => incidentId !== null);
      return (first?.incidentId ? await auditTrail.incidentRecord(first.incidentId) : null) ?? assert.fail();
    };
    while (stuckWork(await record()) !== null) await sleep(100);
    const drained = await drain();
    assert.deepEqual(
      [drained.status, drained.stdout],
      [0, 'The bot has finished its work and ended.\n'],
      drained.stderr,
    );
    for (const bot of bots) assert.equal(await bot.stop(), 0, bot.log());
    assert.match((await drain()).stderr, /^No bot answers for the record/);
    assert.deepEqual(violationsOf([await record()], fixes.changes(), slack), []);
    assert.equal((await auditTrail.verify()).kind, 'intact');
    const counted = await (await postgres.server).query(place.database, 'select distinct host from sessions');
    assert.deepEqual(counted, [{ host: 'git01' }], 'the sessions on the host were counted');
  });

  test('a mute and an unmute that Slack sends again to another bot are done once and answered alike', async (t) => {
    const { slack, sshd, registry, place } = await around(t);
    const bots: ServingBot[] = [];
    for (let index = 0; index < 2; index += 1) {
      const hosts = { git01: { sshd, registry } };
      const files = await prepareBot({ slack, mode: 'http', hosts, storeUrl: place.url });
      t.after(files.remove);
      const bot = await files.start();
      bots.push(bot);
      t.after(() => bot.process.kill('SIGKILL'));
    }
    const [first = assert.fail(), second = assert.fail()] = bots;
    const answers = () => slack.ephemerals('U0ALICE').map(({ text }) => text);
    for (const [index, text] of ['mute git01 2h disk swap', 'unmute git01'].entries()) {
      const mention = slack.prepare.mention({ user: 'U0ALICE', channel: OPS, text: `@registry-doctor ${text}` });
      slack.deliverTo(first.requestUrl);
      await mention.send();
      await slack.waitUntil('the answer', () => answers().length === 2 * index + 1, SOON_MS);
      slack.deliverTo(second.requestUrl);
      await mention.send({ retry: { number: 1, reason: 'http_timeout' } });
      await slack.waitUntil('the second answer', () => answers().length === 2 * index + 2, SOON_MS);
    }
    const [muted, mutedAgain, unmuted, unmutedAgain] = answers();
    assert.match(muted ?? '', /^git01 is muted until /);
    assert.equal(mutedAgain, muted);
    assert.match(unmuted ?? '', /^git01 is no longer muted/);
    assert.equal(unmutedAgain, unmuted);
    const posts = () => slack.messages('C0INCIDENTS');
    await slack.waitUntil('the end of the mute', () => posts().length >= 2, SOON_MS);
    for (const bot of bots) assert.equal(await bot.stop(), 0, bot.log());
    assert.equal(posts().length, 2, slack.transcript());

    const { auditTrail, close } = await openTrail(place);
    t.after(close);
    const acts = (await auditTrail.list({})).map(({ act }) => act);
    assert.deepEqual(
      acts.filter((act) => act === 'muted' || act === 'unmuted'),
      ['muted', 'unmuted'],
    );
  });

  test('bots that start at once with the same config put it on record once, and each other config that one starts with', async (t) => {
    const { slack, sshd, registry, place } = await around(t);
    const prepared = async (others: Readonly<Record<string, unknown>> = {}) => {
      // No port of its own: all files are the same, but for `others`.
      const config = { slack: { mode: 'socket', incidentChannel: 'C0INCIDENTS' }, ...others };
      const hosts = { git01: { sshd, registry } };
      const files = await prepareBot({
        ...{ slack, mode: 'socket', hosts, config, storeUrl: place.url },
        isAmongOthers: true,
      });
      t.after(files.remove);
      const text = await readFile(files.configFile, 'utf8');
      return { ...files, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
    };
    const started = async ({ start }: BotFiles) => {
      const bot = await start();
      t.after(() => bot.process.kill('SIGKILL'));
      return bot;
    };
    const same = [await prepared(), await prepared(), await prepared()];
    const [{ digest } = assert.fail()] = same;
    const bots = await Promise.all(same.map(started));
    const other = await prepared({ language: 'zh-Hans' });
    bots.push(await started(other));
    assert.equal(await (bots.shift() ?? assert.fail()).stop(), 0);
    bots.push(await started(same[0] ?? assert.fail()));
    for (const bot of bots) assert.equal(await bot.stop(), 0, bot.log());

    const { auditTrail, close } = await openTrail(place);
    t.after(close);
    const told = (await auditTrail.list({})).filter(({ act }) => act === 'config-changed');
    assert.deepEqual(
      told.map(({ outcome }) => outcome['digests']),
      [{ after: digest }, { before: digest, after: other.digest }, { before: other.digest, after: digest }],
    );
  });
});
