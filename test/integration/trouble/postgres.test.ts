import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { ACKNOWLEDGED_WITHIN_MS, type MainJob, OPS, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';
import { PostgresServer } from '../../support/services/postgres-server.ts';

/** The main job with its record on a Postgres server, which is away for a while. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'postgres');

describe('the main job with the record on Postgres', { skip }, () => {
  let server: PostgresServer;
  let database: string;
  let job: MainJob;
  let plan: SlackMessage;
  before(async () => {
    server = await PostgresServer.start();
    database = await server.database();
    job = await startMainJob({ storeUrl: server.url(database) });
    await job.registry.waitUntilUnwell();
  });
  after(async () => {
    await job.end();
    await server.remove();
  });

  const notRecorded = (user: string) => job.slack.ephemerals(user).filter(({ text }) => /isn’t recorded/.test(text));
  const waitForRefusals = (user: string, count: number) =>
    job.slack.waitForEphemeral(user, () => notRecorded(user).length >= count, SOON_MS);

  test('health and check find the record usable, and no second bot starts with the same socket', async () => {
    plan = await job.askForPlan();
    const health = await job.files.cli('health');
    assert.equal(health.status, 0, health.stdout + health.stderr);
    const check = await job.files.cli('check');
    assert.match(check.stdout, /record/i);
    const second = await job.files.cli('serve');
    assert.equal(second.status, 1, second.stderr);
    assert.match(
      second.stderr,
      /Another bot already answers on .*With the record on Postgres, give each bot on this machine a socket of its own/,
    );
  });

  test('while Postgres is away each request is acknowledged and refused, and nothing runs', async () => {
    await server.stop();
    const begin = performance.now();
    await job.click('U0BOB', plan, 'approve_plan');
    await job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
    assert.ok(performance.now() - begin < 2 * ACKNOWLEDGED_WITHIN_MS);
    await waitForRefusals('U0BOB', 1);
    await waitForRefusals('U0ALICE', 1);
    assert.deepEqual(job.modes(), ['750', '700']);
    const health = await job.files.cli('health');
    assert.equal(health.status, 1);
    assert.match(health.stdout, /cannot be reached/);
  });

  test('once Postgres is back the same bot goes on: the approval runs the plan, and the record is intact', async () => {
    await server.start();
    await job.click('U0BOB', plan, 'approve_plan');
    await job.slack.waitForMessage((message) => says(message, 'healthy again'), SOON_MS);
    assert.deepEqual(job.modes(), ['751', '701']);
    const verified = await job.files.cli('audit', 'verify');
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    const approvals = await server.query(database, `SELECT act FROM audit_entries WHERE act = 'plan-approved'`);
    assert.equal(approvals.length, 1);
    const exported = await job.files.cli('audit', 'export', '1');
    assert.match(exported.stdout, /chmod 0751/);
  });
});
