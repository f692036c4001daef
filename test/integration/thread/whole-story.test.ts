import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { SLACK_RATES } from '../../../src/playground/slack/faults.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';
import { startAlertmanager } from '../../support/services/alertmanager.ts';
import { freePort } from '../../support/services/free-port.ts';

/** From a broken path to the closed incident and its record, with nobody asking, in a Slack with Slack's limits. */

const NEEDED = ['linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl'] as const;
const INCIDENTS = 'C0INCIDENTS';
const TOKEN = 'correct-horse-battery-staple';

describe('monitoring notices a broken path, and the incident is fixed and closed', {
  skip: skipUnless(...NEEDED),
}, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ watchSeconds: 1, registry: { closed: [] }, slack: { rates: SLACK_RATES } });
    await job.registry.waitUntilWell();
  });
  after(() => job?.end());
  tellWholeStory(() => job, { breakPath: async () => closePath(job), openedBy: 'monitoring' });
});

describe('Alertmanager reports a broken path, and the incident is fixed and closed', {
  skip: skipUnless(...NEEDED, 'prometheus-alertmanager'),
}, () => {
  let job: MainJob;
  let report: () => Promise<void>;
  const ends: (() => unknown)[] = [];
  before(async () => {
    const port = await freePort();
    const alerts = { port, token: TOKEN };
    job = await startMainJob({ registry: { closed: [] }, slack: { rates: SLACK_RATES }, alerts });
    ends.push(job.end);
    await job.registry.waitUntilWell();
    const alertmanager = await startAlertmanager({ url: `http://127.0.0.1:${port}/alerts/prometheus`, token: TOKEN });
    ends.push(alertmanager.stop);
    report = () =>
      alertmanager.send({
        labels: { alertname: 'RegistryDown', instance: 'git01:5000' },
        annotations: { summary: 'Registry answers 503' },
        startsAt: new Date().toISOString(),
      });
  });
  after(async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  });
  tellWholeStory(() => job, {
    breakPath: async () => {
      await closePath(job);
      await report();
    },
    openedBy: 'the alert source `prometheus`',
  });
});

type Beginning = {
  readonly breakPath: () => Promise<void>;
  /** Who opened the incident, as `audit list` says. */
  readonly openedBy: string;
};

function tellWholeStory(jobOf: () => MainJob, { breakPath, openedBy }: Beginning): void {
  let incident: SlackMessage;
  let card: SlackMessage;

  test('the incident opens on its own, names both closed directories, and its plan mentions the approvers', async () => {
    const job = jobOf();
    assert.deepEqual(job.slack.messages(INCIDENTS), []);
    job.slack.rateLimit('chat.postMessage', 1, 1);
    await breakPath();
    card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    const [first = assert.fail('no message'), ...others] = job.slack.messages(INCIDENTS);
    incident = first;
    assert.deepEqual([others, card.threadTs], [[], incident.ts]);
    for (const approver of ['U0ALICE', 'U0BOB']) assert.ok(card.text.includes(`<@${approver}>`), card.text);
    const verdict = await job.slack.waitForMessage(inThread(incident, 'Path check: '), SOON_MS);
    for (const { path } of job.registry.blockers) assert.ok(says(verdict, path), path);
    for (const place of ['ops', 'disk4t'] as const) assert.ok(says(card, String(job.registry.bytes(place))), place);
  });

  test('one click of an approver fixes it, and the incident’s own message says that it is over', async () => {
    const job = jobOf();
    for (const method of ['chat.update', 'chat.postMessage']) job.slack.rateLimit(method, 1, 1);
    await job.click('U0BOB', card, 'approve_plan');
    await job.slack.waitForMessage(
      (message) => message.ts === incident.ts && says(message, 'Resolved') && /healthy again/.test(message.text),
      SOON_MS,
    );
    await job.registry.waitUntilWell();
    assert.equal(job.slack.messages(INCIDENTS).length, 1, job.slack.transcript());
  });

  test('the record is complete and intact, and the thread tells of its entries in their order, each once', async () => {
    const job = jobOf();
    await job.slack.waitForMessage(inThread(incident, 'git01 is healthy again'), SOON_MS);
    const verified = await job.files.cli('audit', 'verify');
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    const { stdout } = await job.files.cli('audit', 'list');
    assert.match(stdout, new RegExp(ACTS.map((act) => `#\\d+ .* ${act} `).join('[^]*')));
    assert.match(stdout, new RegExp(`Incident opened +${openedBy} `));
    assert.match(stdout, /Plan approved +Slack user U0BOB /);
    assert.match(stdout, /Verified .* registry healthy/);
    assert.ok(job.slack.calls().filter(({ answer }) => answer.error === 'ratelimited').length >= 3);
    const marks = job.slack.thread(INCIDENTS, incident.ts).flatMap(marksIn);
    const entries = [...stdout.matchAll(/^#(\d+) /gm)].map(([, number]) => Number(number));
    assert.deepEqual(marks, entries.slice(entries.indexOf(marks[0] ?? 0)), job.slack.transcript());
  });
}

/** What every such incident has in its record, in this order. Other entries can be between them. */
const ACTS = [
  'Incident opened',
  'Diagnosed',
  'Plan proposed',
  'Plan approved',
  'Execution starting',
  'Execution finished',
  'Verified',
];

/** The numbers of the entries that a message tells of. */
function marksIn({ blocks }: SlackMessage): readonly number[] {
  return [...JSON.stringify(blocks).matchAll(/#(\d+) /g)].map(([, mark]) => Number(mark));
}

const inThread = (incident: SlackMessage, text: string) => (message: SlackMessage) =>
  message.threadTs === incident.ts && says(message, text);

async function closePath({ registry }: MainJob): Promise<void> {
  registry.close('ops');
  registry.close('disk4t');
  await registry.waitUntilUnwell();
}
