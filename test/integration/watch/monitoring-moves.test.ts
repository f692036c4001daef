import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { RecordServer } from '../../store/open-postgres.ts';
import { until } from '../../support/bots/main-job.ts';
import { type BotFiles, prepareBot, type ServingBot } from '../../support/bots/serving-bot.ts';
import { startRegistryHost } from '../../support/hosts/registry-host.ts';
import { startSshd } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';

const INTERVAL_S = 6;
const WITHIN_MS = 2 * INTERVAL_S * 1000;
/** How long a bot that says nothing is taken for alive, and the second in which that is noticed. */
const TAKEOVER_MS = 6_000;
/** So many looks in a row by one bot: with two at it, their looks would alternate. */
const LOOKS = 2;

const postgres = new RecordServer();
const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'postgres');

test('a monitored host is checked by another bot within two intervals and the end of the leases after its bot died, and never by two at once', {
  skip,
}, async (t) => {
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const sshd = await startSshd();
  t.after(() => sshd.stop());
  const registry = await startRegistryHost({ closed: [] });
  t.after(() => registry.stop());
  await registry.waitUntilWell();
  const { url: storeUrl } = await postgres.place();
  const lives: ServingBot[] = [];
  t.after(() => Promise.all(lives.map((bot) => bot.kill())));
  const prepare = async () => {
    const hosts = { git01: { sshd, registry, watchSeconds: INTERVAL_S } };
    const files = await prepareBot({ slack, mode: 'socket', hosts, storeUrl, isAmongOthers: true });
    t.after(files.remove);
    return files;
  };
  const start = async (files: BotFiles) => {
    const bot = await files.start();
    lives.push(bot);
    return { files, bot, since: Date.now() };
  };
  const first = await start(await prepare());
  const second = await start(await prepare());

  const looksSince = (ms: number) => looksOf(lives).filter(({ at }) => at >= ms);
  const isSettled = (since: number) => {
    const last = looksSince(since).slice(-LOOKS);
    return last.length === LOOKS && last.every(({ bot }) => bot === last[0]?.bot);
  };
  await until(() => isSettled(second.since), 'no bot went on checking the host');
  const dying = looksOf(lives).at(-1)?.bot === first.bot ? first : second;
  const other = dying === first ? second : first;
  const diedAt = Date.now();
  await dying.bot.kill();
  await until(() => looksSince(diedAt).some(({ bot }) => bot === other.bot), 'the other bot did not check the host');
  const [taken] = looksSince(diedAt);
  const tookMs = (taken?.at ?? assert.fail()) - diedAt;
  t.diagnostic(`${tookMs} ms after its bot died`);
  assert.ok(tookMs <= WITHIN_MS + TAKEOVER_MS, `${tookMs} ms`);

  const again = await start(dying.files);
  await until(() => isSettled(again.since), 'no bot went on checking the host when there were two again');
  const looks = looksOf(lives);
  for (const [index, { endedAt }] of looks.entries()) {
    const next = looks[index + 1];
    assert.ok(next === undefined || next.at >= endedAt, 'a check began before the last one ended');
  }
  // The turn moves to the bot that came back, or stays: two bots that both have it would alternate.
  const names = looksSince(diedAt).map(({ bot }) => (bot === other.bot ? 'other' : 'again'));
  assert.match(names.join(' '), /^other( other)*( again)*$/);
});

type OneLook = { readonly bot: ServingBot; readonly at: number; readonly endedAt: number };

const Line = z.object({ at: z.number(), time: z.iso.datetime() });

/** The oldest first. */
function looksOf(bots: readonly ServingBot[]): readonly OneLook[] {
  const looks = bots.flatMap((bot) =>
    bot
      .log()
      .split('\n')
      .filter((line) => line.endsWith('"checked a monitored host"}'))
      .map((line) => Line.parse(JSON.parse(line)))
      .map(({ at, time }) => ({ bot, at, endedAt: Date.parse(time) })),
  );
  return looks.toSorted((one, other) => one.at - other.at);
}
