import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The narrower option of a plan, chosen by a click, approved and run on a real host. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'acl');

describe('the narrower option of a plan', { skip }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob();
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  const waitFor = (what: (message: SlackMessage) => boolean) => job.slack.waitForMessage(what, SOON_MS);

  test('the narrower option of a plan replaces it, needs its own approval and opens the directories only to the service user', async () => {
    const wide = await job.askForPlan();
    assert.ok(hasAction(wide, 'use_narrower'));
    await job.click('U0BOB', wide, 'use_narrower');
    const narrow = await waitFor((message) => message.ts !== wide.ts && hasAction(message, 'approve_plan'));
    assert.ok(says(narrow, 'setfacl -m'));
    assert.ok(!hasAction(narrow, 'use_narrower'));
    await waitFor((message) => message.ts === wide.ts && says(message, 'Replaced'));
    assert.deepEqual(job.modes(), ['750', '700']);

    await job.click('U0BOB', narrow, 'approve_plan');
    await waitFor((message) => says(message, 'git01 is healthy again'));
    const acls = (['ops', 'disk4t'] as const).map((role) =>
      execFileSync('getfacl', ['-cpn', job.registry.path(role)], { encoding: 'utf8' }),
    );
    for (const acl of acls) {
      assert.match(acl, new RegExp(`^user:${job.registry.serviceUser.uid}:--x$`, 'm'));
      assert.match(acl, /^other::---$/m);
    }
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
  });
});
