import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** An applied plan is undone: a plan of its own, approved by someone other than its requester. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv');

describe('the undo of a plan that was applied', { skip }, () => {
  let job: MainJob;
  /** "Healthy again", with the button. */
  let first: SlackMessage;
  before(async () => {
    job = await startMainJob();
    // An incident whose registry was well by its own word is not ended by that word later.
    await job.registry.waitUntilUnwell();
  });
  after(() => job.end());

  const waitFor = (what: (message: SlackMessage) => boolean) => job.slack.waitForMessage(what, SOON_MS);
  const applied = async () => {
    await job.click('U0BOB', await job.askForPlan(), 'approve_plan');
    return waitFor((message) => hasAction(message, 'undo_plan') && isNew(message));
  };
  const seen = new Set<string>();
  const isNew = ({ ts }: SlackMessage) => !seen.has(ts);
  const requestUndo = async (well: SlackMessage) => {
    seen.add(well.ts);
    await job.click('U0ALICE', well, 'undo_plan');
    return waitFor((message) => says(message, 'undo plan') && hasAction(message, 'approve_plan'));
  };

  test('an undo needs the approval of someone other than its requester, and restores exactly the earlier modes', async () => {
    first = await applied();
    assert.deepEqual(job.modes(), ['751', '701']);
    const card = await requestUndo(first);
    await job.click('U0ALICE', card, 'approve_plan');
    await job.slack.waitForEphemeral(
      'U0ALICE',
      () => job.slack.ephemerals('U0ALICE').some(({ text }) => /someone else/.test(text)),
      SOON_MS,
    );
    assert.deepEqual(job.modes(), ['751', '701']);
    await job.click('U0BOB', card, 'approve_plan');
    const done = await waitFor((message) => says(message, 'Undone on git01'));
    assert.deepEqual(job.modes(), ['750', '700']);
    assert.ok(says(done, 'can no longer reach the storage (tested)'));
    assert.ok(says(done, '0751 → 0750'));
    await job.registry.waitUntilUnwell();
  });

  test('a plan that was already undone can’t be undone again', async () => {
    await job.click('U0ALICE', first, 'undo_plan');
    await job.slack.waitForEphemeral(
      'U0ALICE',
      () => job.slack.ephemerals('U0ALICE').some(({ text }) => /has already been undone/.test(text)),
      SOON_MS,
    );
  });

  test('an undo changes nothing if a directory was changed since the fix', async () => {
    const well = await applied();
    const card = await requestUndo(well);
    chmodSync(job.registry.bytes('ops'), 0o755);
    await job.click('U0BOB', card, 'approve_plan');
    await waitFor((message) => says(message, 'Nothing was changed on git01'));
    assert.deepEqual(job.modes(), ['755', '701']);
    const record = new DatabaseSync(join(job.files.directory, 'registry-doctor.db'), { readOnly: true });
    const states = record.prepare('SELECT state FROM incidents ORDER BY id').all();
    record.close();
    assert.deepEqual(
      states.map(({ state }) => state),
      ['resolved'],
      'the registry is as well as it was',
    );
  });

  test('after an undo the audit record is intact and shows each directory’s earlier and current mode', async () => {
    const { status, stdout } = await job.files.cli('audit', 'verify');
    assert.equal(status, 0, stdout);
    const exported = await job.files.cli('audit', 'export', '1');
    assert.match(exported.stdout, /"was":\{"acl":"user::rwx,group::r-x,other::---","gid":37,"mode":"0750","uid":0\}/);
  });
});
