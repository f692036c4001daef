import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { serve } from '../../src/compose/bot.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { amAlert, amGroup, sourceOf } from '../http/alerts/payloads.ts';
import { SOON_MS, says } from '../support/bots/main-job.ts';
import { roundsOf } from '../support/campaign.ts';
import { freePort } from '../support/services/free-port.ts';
import { servingOn } from './serving.ts';

/** Alerts into a whole bot, on a real record and the stand-in for Slack with its limits. */

const TOKEN = 'correct-horse-battery-staple';
const ALERTS = roundsOf(1_000, 5_000);
const AT_ONCE = 32;

let directory: string;
let slack: SlackStandIn;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-alerts-'));
  slack = await startSlackStandIn();
});

after(async () => {
  await slack.close();
  await rm(directory, { recursive: true, force: true });
});

async function alertingBot(name: string) {
  const serving = servingOn(`sqlite:${join(directory, name)}`, slack.apiUrl);
  const source = sourceOf('alertmanager', 'prometheus');
  const port = await freePort();
  const alerts = { host: '127.0.0.1', port, sources: [source] };
  const config = { ...serving.config, alerts };
  const start = () => serve({ ...serving, config, alertTokens: new Map([[source.name, TOKEN]]) });
  return { start, port, url: `http://127.0.0.1:${port}/alerts/prometheus` };
}

/** Sends one alert until it is taken, as a sender does. Resolves with how often it was told to try again. */
async function sendUntilTaken(url: string, fingerprint: string): Promise<number> {
  const alert = amAlert({ fingerprint, labels: { instance: `stray-${fingerprint}` } });
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(amGroup([alert])),
  };
  for (let tries = 0; ; tries += 1) {
    const { status } = await fetch(url, request);
    if (status === 200) return tries;
    assert.equal(status, 503);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

test('the bot records each alert of a storm, one request each, and posts only six messages', async (t) => {
  const { start, url } = await alertingBot('storm.db');
  const bot = await start();
  const startedAt = performance.now();
  let next = 0;
  const sender = async () => {
    while (next < ALERTS) await sendUntilTaken(url, `f${next++}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const tookMs = performance.now() - startedAt;
  t.diagnostic(`${ALERTS} alerts in ${Math.round(tookMs / 1000)} s`);
  await slack.waitForMessage(
    (message) => says(message, `${(ALERTS - 5).toLocaleString('en')} more alerts today`),
    SOON_MS,
  );
  await bot.stop();
  assert.equal(slack.messages('C0INCIDENTS').length, 6);
  const record = new DatabaseSync(join(directory, 'storm.db'), { readOnly: true });
  const { kept, waiting } =
    record.prepare('SELECT count(*) AS kept, sum(taken_up_at IS NULL) AS waiting FROM alerts').get() ?? {};
  record.close();
  assert.deepEqual([kept, waiting], [ALERTS, 0]);
});

test('the bot does not start if the port for alerts is in use, and names that port', async () => {
  const { start, port } = await alertingBot('taken.db');
  const other = createServer().listen(port, '127.0.0.1');
  try {
    await assert.rejects(start(), (error: Error) =>
      error.message.includes(`"alert-port","host":"127.0.0.1","port":${port}`),
    );
  } finally {
    other.close();
  }
});
