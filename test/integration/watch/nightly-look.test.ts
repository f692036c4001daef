import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The nightly look of a whole bot, told in Slack; the night is the minute in which the test runs. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const INCIDENTS = 'C0INCIDENTS';

describe('a bot with a nightly look', { skip }, () => {
  let job: MainJob;

  before(async () => {
    job = await startMainJob({ registry: { closed: ['ops'] } });
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  test('tells the incident channel in one post which host is broken, and where', async () => {
    const at = new Date().toISOString().slice(11, 16);
    appendFileSync(job.files.configFile, `fleetLook: { at: "${at}", zone: UTC }\n`);
    job.bot().process.kill('SIGHUP');
    const post = await job.slack.waitForMessage(({ text }) => text.startsWith('Nightly check'), SOON_MS);
    assert.equal(post.text, 'Nightly check of 1 host: 1 to look at');
    assert.equal(post.channel, INCIDENTS);
    assert.ok(
      says(post, `git01\`: The registry can’t pass through \`${job.registry.path('ops')}\``),
      JSON.stringify(post),
    );
  });

  test('says it once, also after a restart', async () => {
    await job.bot().kill();
    await job.restart();
    assert.equal((await job.slack.slashCommand({ user: 'U0ALICE', channel: 'C0OPS', text: 'help' })).status, 200);
    assert.equal(job.slack.messages(INCIDENTS).length, 1);
    assert.ok(!job.bot().log().includes('the nightly look begins'));
  });
});
