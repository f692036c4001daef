import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { replyPrivately } from '../../../src/slack/requests/private-reply.ts';
import { say } from '../../../src/words/phrase.ts';
import { freePort } from '../../support/services/free-port.ts';
import { english } from '../../support/words/english.ts';

/** Slack's address for answers to one request. Answers with these statuses, one after the other, and counts. */
async function startSlack(t: TestContext, statuses: readonly number[]) {
  const tries = { count: 0 };
  const port = await freePort();
  const server = createServer((_, response) => {
    response.writeHead(statuses[tries.count] ?? 200).end();
    tries.count += 1;
  }).listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return { tries, to: { responseUrl: `http://127.0.0.1:${port}/`, threadTs: null } };
}

// At once, because an answer waits seconds for its next try.
describe('a private answer that Slack does not take', { concurrency: true }, () => {
  for (const [what, statuses, tries, hasArrived] of [
    ['arrives although Slack fails three times', [503, 500, 429], 4, true],
    ['is given up after the fourth try, as Slack takes five at most', [503, 503, 503, 503], 4, false],
    ['is given up at once if Slack will never take it', [404], 1, false],
  ] as const) {
    test(`a private answer ${what}`, async (t) => {
      const slack = await startSlack(t, statuses);
      const paragraphs = [say`I can’t find that plan.`];
      assert.equal(await replyPrivately(slack.to, paragraphs, english, createLog('silent')), hasArrived);
      assert.equal(slack.tries.count, tries);
    });
  }
});
