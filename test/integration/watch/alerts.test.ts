import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { amAlert, amGroup } from '../../http/alerts/payloads.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';
import { type Alertmanager, startAlertmanager } from '../../support/services/alertmanager.ts';
import { freePort } from '../../support/services/free-port.ts';

/** From the real Alertmanager to the incident: the bot as a process, a real host and registry, nobody watching. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'prometheus-alertmanager');
const INCIDENTS = 'C0INCIDENTS';
const TOKEN = 'correct-horse-battery-staple';

describe('an alert about a host that is not monitored', { skip }, () => {
  let job: MainJob;
  let alertmanager: Alertmanager;
  let url: string;
  let incident: SlackMessage;

  const down = (summary: string) => ({
    labels: { alertname: summary, instance: 'git01:5000' },
    annotations: { summary },
    startsAt: new Date().toISOString(),
  });
  const inChannel = () =>
    job.slack.messages(INCIDENTS).filter(({ threadTs }) => threadTs === null || threadTs === undefined);
  const post = (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }) =>
    fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/alerts/prometheus`;
    job = await startMainJob({ registry: { closed: [] }, alerts: { port, token: TOKEN } });
    await job.registry.waitUntilWell();
    alertmanager = await startAlertmanager({ url, token: TOKEN });
  });
  after(async () => {
    await alertmanager?.stop();
    await job?.end();
  });

  test('an alert about a healthy registry gets a message in the channel that quotes the alert and says the registry is healthy', async () => {
    await alertmanager.send(down('Probe failed once'));
    const healthy = await job.slack.waitForMessage(
      (message) =>
        message.channel === INCIDENTS && says(message, 'the registry is healthy') && says(message, 'Resolved'),
      SOON_MS,
    );
    assert.ok(says(healthy, 'The alert says: “Probe failed once”'), healthy.text);
    assert.match(healthy.text, /^git01: the registry is healthy .*The alert says: “Probe failed once”/);
    assert.equal(inChannel().length, 1);
  });

  test('an alert about a broken registry opens an incident that names the blocked directory and has a plan', async () => {
    job.registry.close('ops');
    job.registry.close('disk4t');
    await job.registry.waitUntilUnwell();
    await alertmanager.send(down('Registry answers 503'));
    const card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    [, incident] = inChannel() as [SlackMessage, SlackMessage];
    assert.equal(card.threadTs, incident.ts);
    assert.ok(says(card, String(job.registry.bytes('ops'))));
    assert.ok(says(incident, 'Reported by the alert source'));
    assert.ok(says(incident, 'The alert says: “Registry answers 503”'));
  });

  test('a second alert about a broken host joins its incident, even if the bot is killed meanwhile, and adds no channel message', async () => {
    assert.equal(
      (await post(amGroup([amAlert({ labels: { instance: 'git01' }, fingerprint: 'second' })]))).status,
      200,
    );
    await job.bot().kill();
    await job.restart();
    await job.slack.waitForMessage(
      (message) => message.threadTs === incident.ts && says(message, 'Alerts about git01') && says(message, '503'),
      SOON_MS,
    );
    assert.equal(inChannel().length, 2);
  });

  test('audit export lists each alert that joined the incident', async () => {
    const [, id = ''] = /incident (\d+)/.exec(incident.text) ?? [];
    const { stdout } = await job.files.cli('audit', 'export', id);
    assert.match(stdout, /\| since \| alert is \| from \| it says \|/);
    assert.equal(stdout.match(/Firing \| `prometheus` \|/g)?.length, 2, stdout);
  });

  test('an alert that matches no host is reported in the channel, and a request with a wrong token is rejected without effect', async () => {
    const stray = amGroup([amAlert({ labels: { instance: 'elsewhere:5000' }, fingerprint: 'stray' })]);
    assert.equal((await post(stray, { authorization: 'Bearer wrong' })).status, 401);
    assert.equal((await post(stray)).status, 200);
    const told = await job.slack.waitForMessage((message) => says(message, 'An alert matches no host'), SOON_MS);
    assert.equal(told.channel, INCIDENTS);
    assert.ok(says(told, 'instance=elsewhere:5000'));
    assert.equal(inChannel().length, 3);
  });
});
