import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { rechain } from '../../store/rechain.ts';
import { hasAction, type MainJob, OPS, SOON_MS, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** An intruder with all rights of the bot rewrites its record, and those who saw it before contradict them. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'mount-namespaces', 'nsenter');

describe('audit verify asks witnesses that the bot cannot rewrite', { skip }, () => {
  let job: MainJob;
  const at = (name: string) => join(job.files.directory, name);
  const verify = (...args: string[]) => job.files.cli('audit', 'verify', ...args);

  before(async () => {
    job = await startMainJob({ signed: true });
    await job.registry.waitUntilUnwell();
    const card = await job.askForPlan();
    copyWhileOpen(at('registry-doctor.db'), at('before.db'));
    await job.click('U0BOB', card, 'approve_plan');
    await job.slack.waitForMessage((message) => message.channel === OPS && hasAction(message, 'undo_plan'), SOON_MS);
    await job.bot().stop();
    copyFileSync(at('registry-doctor.db'), at('intact.db'));
  });
  after(() => job?.end());

  /** Everything in the file is as if the bot had written it so. */
  function rewrite(edit: (database: DatabaseSync) => void): void {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    const database = new DatabaseSync(at('registry-doctor.db'));
    for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
      database.exec(`DROP TRIGGER ${name}`);
    }
    edit(database);
    rechain(database, 3);
    database.exec(
      'UPDATE audit_head SET (sequence, hash) = (SELECT sequence, hash FROM audit_entries ORDER BY sequence DESC LIMIT 1)',
    );
    database.exec(
      'UPDATE messages SET record_hash = (SELECT hash FROM audit_entries WHERE sequence = record_sequence) WHERE record_sequence IS NOT NULL',
    );
    database.exec('DELETE FROM checkpoints');
    database.close();
  }

  test('an intact record agrees with the host, which holds the checkpoint under which the plan ran', async () => {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    const { status, stdout } = await verify('--host', 'git01');
    assert.match(stdout, /The record agrees with what git01 holds: 1 plan and 1 checkpoint\./);
    assert.equal(status, 0, stdout);
  });

  test('a record that was rewritten from its third entry on is named by the checkpoint on the host', async () => {
    rewrite((database) => database.exec(`UPDATE audit_entries SET at = '2020-01-01T00:00:00.000Z' WHERE sequence = 3`));
    assert.match((await verify()).stdout, /No signed checkpoint covers it/);
    const { status, stdout } = await verify('--host', 'git01');
    assert.match(stdout, /One of the entries 1 to \d+ was replaced: the checkpoint .* on git01 was signed over others/);
    assert.equal(status, 1);
  });

  test('an older copy of the record is named by the plan that ran after it, and by its checkpoint', async () => {
    copyFileSync(at('before.db'), at('registry-doctor.db'));
    const { status, stdout } = await verify('--host', 'git01');
    assert.match(stdout, /Plan 1-1 ran on git01 \(applied\), and no entry says that it ran\./);
    assert.match(stdout, /missing from the end: a checkpoint on git01 knows of entry \d+/);
    assert.equal(status, 1);
  });

  test('an intact record agrees with Slack, the host and its own checkpoints at once', async () => {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    const { status, stdout } = await verify('--slack', '--host', 'git01');
    assert.match(stdout, /The record agrees with Slack: \d+ posts\./);
    assert.match(stdout, /The record agrees with what git01 holds/);
    assert.equal(status, 0, stdout);
  });

  test('a record that was rewritten is named by the posts in Slack, which have the whole hash of each entry', async () => {
    rewrite((database) => database.exec(`UPDATE audit_entries SET at = '2020-01-01T00:00:00.000Z' WHERE sequence = 3`));
    const { status, stdout } = await verify('--slack');
    assert.match(stdout, /Entry 3 was replaced: Slack’s post [\d.]+ has another hash of it\./);
    assert.match(stdout, /One of the entries 1 to \d+ was replaced: the checkpoint .* in Slack was signed over others/);
    assert.equal(status, 1);
  });

  test('a cut tail and an older copy of the record are named by the posts in Slack', async () => {
    rewrite((database) => {
      database.exec('PRAGMA foreign_keys = OFF; DELETE FROM audit_entries WHERE sequence > 4');
      database.exec('DELETE FROM messages WHERE record_sequence > 4');
    });
    const cut = await verify('--slack');
    assert.match(cut.stdout, /Entries 5 to \d+ are missing from the end: Slack’s post [\d.]+ knows of entry/);
    assert.equal(cut.status, 1);
    copyFileSync(at('before.db'), at('registry-doctor.db'));
    const older = await verify('--slack');
    assert.match(older.stdout, /missing from the end: Slack’s post [\d.]+ knows of entry/);
    assert.equal(older.status, 1);
  });

  test('posts that were edited with the bot’s own token, deleted, or made up are each named', async () => {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    const posts = job.slack.messages(OPS).flatMap(({ ts }) => job.slack.thread(OPS, ts));
    const told = posts.filter(({ metadata }) => metadata?.event_payload['record'] !== undefined);
    const [verdict = assert.fail(), outcome = assert.fail()] = [told[0], told.at(-1)];
    const thief = new WebClient(job.slack.credentials.botToken, { slackApiUrl: job.slack.apiUrl });
    await thief.chat.update({ channel: OPS, ts: verdict.ts, text: 'git01 is healthy', blocks: [] });
    job.slack.remove(OPS, outcome.ts);
    const forged = await thief.chat.postMessage({
      ...{ channel: OPS, thread_ts: String(outcome.threadTs), text: 'Approved by Bob' },
      metadata: { event_type: 'registry_doctor', event_payload: { key: 'entry:99' } },
    });
    const unmarked = await thief.chat.postMessage({ channel: OPS, text: 'Plan 1-1 was approved by Carol' });
    const { status, stdout } = await verify('--slack');
    assert.match(stdout, new RegExp(`The post of entry \\d+ .* in Slack \\(${verdict.ts}\\) does not show the words`));
    assert.match(stdout, /The post of entry \d+ \(message [^)]+\) is gone from Slack\./);
    for (const { ts } of [forged, unmarked])
      assert.ok(stdout.includes(`not on record, in channel ${OPS} at ${ts}.`), stdout);
    assert.match(stdout, /Record check FAILED: 4 problems/);
    assert.equal(status, 1);
  });

  test('a Slack that is away is not compared, and the exit status is not 0', async () => {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    await job.slack.outage('refused');
    const { status, stdout } = await verify('--slack');
    await job.slack.outage(null);
    assert.match(stdout, /Record intact: /);
    assert.match(stdout, /NOT compared with Slack: channel C0INCIDENTS: no answer from Slack/);
    assert.equal(status, 1);
  });

  test('a host that can’t be reached is not compared, and the exit status is not 0', async () => {
    copyFileSync(at('intact.db'), at('registry-doctor.db'));
    await job.sshd.stop();
    const { status, stdout } = await verify('--host', 'git01');
    assert.match(stdout, /Record intact: /);
    assert.match(stdout, /NOT compared with git01: /);
    assert.equal(status, 1);
  });

  test('a host that the config does not have is wrong usage', async () => {
    const { status, stderr } = await verify('--host', 'git02');
    assert.match(stderr, /Unknown host "git02"/);
    assert.equal(status, 2);
  });
});

function copyWhileOpen(from: string, to: string): void {
  const database = new DatabaseSync(from, { readOnly: true });
  database.prepare('VACUUM INTO ?').run(to);
  database.close();
}
