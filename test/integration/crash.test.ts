import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SlackMessage } from '../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, startMainJob } from '../support/main-job.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

/**
 * Kill the bot at any point and start it again: nothing stays "running", nothing runs twice, nothing is said twice.
 * RD_CRASHES sets how many rounds are played (each kills once while diagnosing and once while executing).
 */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const rounds = Number(process.env['RD_CRASHES'] ?? 4);

describe('a bot that is killed and started again', { skip }, () => {
  test(`a killed and restarted bot finishes every diagnosis and runs every approved plan exactly once, in ${rounds} rounds`, async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    const job = await startMainJob();
    try {
      await job.registry.waitUntilUnwell();
      for (let round = 1; round <= rounds; round += 1) {
        const card = await killWhileDiagnosing(job, round, random.int(800));
        await killWhileExecuting(job, card, random.int(900));
        await assertRecord(job, round);
        job.registry.close('ops');
        job.registry.close('disk4t');
        await job.registry.waitUntilUnwell();
      }
    } finally {
      await job.end();
    }
  });
});

async function killWhileDiagnosing(job: MainJob, round: number, afterMs: number): Promise<SlackMessage> {
  await job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
  // Until the incident is durable the person at the keyboard still sees that nothing came of it.
  await job.slack.waitUntil('its incident', () => job.slack.messages(OPS).length === round, SOON_MS);
  await sleep(afterMs);
  await job.bot().kill();
  await job.restart();
  return job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
}

async function killWhileExecuting(job: MainJob, card: SlackMessage, afterMs: number): Promise<void> {
  await job.click('U0BOB', card, 'approve_plan');
  await job.slack.waitForMessage(
    (message) => message.threadTs === card.threadTs && /approved/i.test(message.text),
    SOON_MS,
  );
  await sleep(afterMs);
  await job.bot().kill();
  await job.restart();
  await job.slack.waitForMessage(({ ts, text }) => ts === card.threadTs && /healthy again/i.test(text), SOON_MS);
  assert.deepEqual(job.modes(), ['751', '701']);
}

/** One incident a request, one execution an approval, each entry of the record in one post of the thread, and a whole record. */
async function assertRecord(job: MainJob, round: number): Promise<void> {
  const incidents = job.slack.messages(OPS);
  assert.equal(incidents.length, round, job.slack.transcript());
  const ofIncident = await job.files.cli('audit', 'list', '--incident', String(round));
  const entries = ofIncident.stdout.trim().split('\n').length - 1;
  await job.slack.waitUntil('the marks of all entries', () => marksIn(job, incidents).length >= entries, SOON_MS);
  const marks = marksIn(job, incidents);
  assert.equal(new Set(marks).size, marks.length, `said twice: ${marks.join(' ')}\n${job.slack.transcript()}`);
  assert.equal(marks.length, entries, `of ${entries} entries: ${marks.join(' ')}\n${job.slack.transcript()}`);
  const verified = await job.files.cli('audit', 'verify');
  assert.equal(verified.exitCode, 0, verified.stdout + verified.stderr);
  const listed = await job.files.cli('audit', 'list');
  assert.equal(listed.stdout.match(/Execution finished/g)?.length, round, listed.stdout);
}

/** The numbers of the entries that the newest thread tells of. */
function marksIn(job: MainJob, incidents: readonly SlackMessage[]): readonly string[] {
  const thread = job.slack.thread(OPS, incidents.at(-1)?.ts ?? '');
  return thread.flatMap(({ blocks }) => [...JSON.stringify(blocks).matchAll(/#(\d+) /g)].map(([, mark = '']) => mark));
}
