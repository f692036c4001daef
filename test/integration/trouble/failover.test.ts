import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { ACKNOWLEDGED_WITHIN_MS, hasAction, SOON_MS, until } from '../../support/bots/main-job.ts';
import { recordsIn } from '../../support/crash/crash-campaign.ts';
import type { Flow } from '../../support/crash/crash-scene.ts';
import { stuckWork, violationsOf } from '../../support/crash/invariants.ts';
import { skipUnless } from '../../support/requirements.ts';
import { type FailoverBot, type FailoverScene, startFailoverScene } from '../../support/services/failover-scene.ts';
import { answerOf } from '../../support/services/http-answer.ts';

/** Two bots, whose Postgres server dies in the middle of work. Its synchronous standby takes over, and later the dead one comes back. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'postgres');

describe('two bots whose Postgres server fails over to its standby', { skip }, () => {
  let scene: FailoverScene;
  let first: FailoverBot;
  let proposed: Flow;
  let running: Flow;
  let card: SlackMessage;
  before(async () => {
    scene = await startFailoverScene(2);
    [first = assert.fail()] = scene.bots;
    [proposed = assert.fail(), running = assert.fail()] = scene.flows;
    await Promise.all(scene.flows.map((flow) => flow.breakIt()));
  });
  after(() => scene?.end());

  const ask = ({ host, channel }: Flow) =>
    scene.slack.slashCommand({ user: 'U0ALICE', channel, text: `diagnose ${host}` });
  const approve = ({ channel, ts }: SlackMessage) =>
    scene.slack.click({ user: 'U0BOB', channel, ts, actionId: 'approve_plan' });
  const messageIn = ({ channel }: Flow, fits: (message: SlackMessage) => boolean) =>
    scene.slack.waitForMessage((message) => message.channel === channel && fits(message), SOON_MS);
  const planIn = (flow: Flow) => messageIn(flow, (message) => hasAction(message, 'approve_plan'));
  const isFixed = (flow: Flow) => messageIn(flow, ({ text }) => /healthy again/i.test(text));
  const posts = () => scene.slack.calls('chat.postMessage').length + scene.slack.calls('chat.update').length;

  const areReady = (status: 200 | 503) =>
    Promise.all(scene.bots.map(({ monitoring }) => answerOf(`${monitoring}/readyz`, status)));

  async function isAcknowledged(request: () => ReturnType<typeof ask>): Promise<void> {
    const { failure, ackMs } = await request();
    assert.equal(failure, null);
    assert.ok(ackMs < ACKNOWLEDGED_WITHIN_MS, `${ackMs} ms`);
  }

  /** The request is acknowledged, and the person is told that nothing comes of it. */
  async function isRefused(request: () => ReturnType<typeof ask>, user: string): Promise<void> {
    const refusals = () => scene.slack.ephemerals(user).filter(({ text }) => /isn’t recorded.*Try again/.test(text));
    const earlier = refusals().length;
    await isAcknowledged(request);
    await scene.slack.waitForEphemeral(user, () => refusals().length > earlier, SOON_MS);
  }

  /** Once all work has ended: whatever was done is on record and in Slack, once, and the chain is intact. */
  async function isAllThereOnce(): Promise<void> {
    const records = () => recordsIn({ url: scene.standby.url(scene.database), passwordFile: null });
    while ((await records()).some((record) => stuckWork(record) !== null)) await sleep(100);
    for (const flow of scene.flows) {
      const theirs = (await records()).filter(({ incident }) => incident.host === flow.host);
      assert.deepEqual(violationsOf(theirs, flow.changes(), scene.slack), []);
    }
    const { status, stdout } = await first.files.cli('audit', 'verify');
    assert.equal(status, 0, stdout);
  }

  test('while no server is there each request is acknowledged within 3 s and refused as not recorded, and nothing runs', async () => {
    await Promise.all([ask(proposed), ask(running)]);
    card = await planIn(proposed);
    await approve(await planIn(running));
    await until(() => running.changes() > 0, 'the approved plan changed nothing');
    await scene.primary.stop('SIGQUIT');

    await isRefused(() => approve(card), 'U0BOB');
    await isRefused(() => ask(proposed), 'U0ALICE');
    assert.equal(proposed.changes(), 0);
    await areReady(503);
  });

  test('once the standby has taken over, the plan that ran is settled on its own, and the one proposed before is approved and runs once', async () => {
    await scene.standby.promote();
    scene.follow(scene.standby);
    await isFixed(running);
    await approve(card);
    await isFixed(proposed);
    await isAllThereOnce();
    assert.deepEqual([proposed.changes(), running.changes()], [1, 1]);
  });

  test('while the address leads to the former primary, whose record is older, both bots do nothing and say why, and they go on when it leads back', async () => {
    const { primary, standby, bots } = scene;
    await primary.start(['synchronous_standby_names=']);
    const inIt = () =>
      primary.query(
        scene.database,
        `SELECT (SELECT max(sequence) FROM audit_entries) AS entry, (SELECT max(id) FROM bots) AS bot,
          (SELECT max(seen_at) FROM bots) AS seen, (SELECT sum(version + delivered_version + trying) FROM messages) AS messages`,
      );
    const [before, postsBefore] = [await inIt(), posts()];
    scene.follow(primary);
    await isRefused(() => ask(proposed), 'U0ALICE');
    for (const { monitoring, serving, files } of bots) {
      await until(() => /does not have an entry that this bot has seen/.test(serving.log()), 'a bot did not notice');
      assert.match(await answerOf(`${monitoring}/readyz`, 503), /^store: unhealthy$/m);
      assert.match(await answerOf(`${monitoring}/metrics`, 200), /^registry_doctor_record_older_copy 1$/m);
      const { status, stdout } = await files.cli('health');
      assert.equal(status, 1);
      assert.match(stdout, /is an older copy, or another record: it does not have entry \d+/);
    }
    assert.deepEqual([await inIt(), posts()], [before, postsBefore]);

    scene.follow(standby);
    await areReady(200);
    await ask(proposed);
    await scene.slack.waitUntil('the diagnosis in Slack', () => posts() > postsBefore, SOON_MS);
    await isAllThereOnce();
    assert.deepEqual([proposed.changes(), running.changes()], [1, 1]);
  });

  test('while a primary waits for a standby that is not there, a request is acknowledged within 3 s and nothing runs, and all goes on when it waits no more', async () => {
    const { standby: primary, bots } = scene;
    const waitFor = async (standbys: string) => {
      await primary.query('postgres', `ALTER SYSTEM SET synchronous_standby_names = '${standbys}'`);
      await primary.query('postgres', 'SELECT pg_reload_conf()');
    };
    const failures = ({ serving }: FailoverBot) => serving.log().split('no lease could be renewed').length;
    const before = bots.map(failures);
    await waitFor('*');
    await until(() => bots.every((bot, index) => failures(bot) > (before[index] ?? 0)), 'a bot renews its leases');
    await isAcknowledged(() => ask(proposed));
    await areReady(503);

    await waitFor('');
    await areReady(200);
    const postsBefore = posts();
    await ask(proposed);
    await scene.slack.waitUntil('the diagnosis in Slack', () => posts() > postsBefore, SOON_MS);
    await isAllThereOnce();
    assert.deepEqual(await Promise.all(bots.map(({ serving }) => serving.stop())), [0, 0]);
  });
});
