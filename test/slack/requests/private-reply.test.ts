import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { replyPrivately } from '../../../src/slack/requests/private-reply.ts';
import { say } from '../../../src/words/phrase.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import { freePort } from '../../support/services/free-port.ts';
import { english } from '../../support/words/english.ts';

/** What becomes of a try: a status of Slack, or its connection is cut. */
type Try = number | 'cut';

/** Slack's address for answers to one request, and how often an answer was tried there. Once the list is over, it takes all. */
async function startSlack(t: TestContext, tries: readonly Try[]) {
  const seen = { count: 0 };
  const port = await freePort();
  const server = createServer((request, response) => {
    const what = tries[seen.count] ?? 200;
    seen.count += 1;
    if (what === 'cut') request.socket.destroy();
    else response.writeHead(what).end();
  }).listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return { seen, to: { responseUrl: `http://127.0.0.1:${port}/`, threadTs: null } };
}

/** Calls this for each try that failed and is not the last one. */
function logThatTells(failed: () => void): Log {
  const warn: Log['warn'] = ({ lastTry }) => {
    if (lastTry === false) failed();
  };
  const log: Log = { debug() {}, info() {}, error() {}, warn, child: () => log };
  return log;
}

const answer = [say`I can’t find that plan.`];

for (const [what, tries, count, hasArrived] of [
  ['arrives although Slack fails three times', [503, 500, 429], 4, true],
  [
    'is given up after Slack has refused it four times, as it takes five answers at most',
    [503, 503, 503, 503],
    4,
    false,
  ],
  ['is given up at once if Slack will never take it', [404], 1, false],
  ['arrives although Slack can’t be reached for three minutes', Array<Try>(8).fill('cut'), 9, true],
  ['is given up after more than four minutes without Slack', Array<Try>(20).fill('cut'), 10, false],
] satisfies readonly (readonly [string, readonly Try[], number, boolean])[]) {
  test(`a private answer ${what}`, async (t) => {
    const slack = await startSlack(t, tries);
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const log = logThatTells(() => setImmediate(() => t.mock.timers.tick(60_000)));
    const stopping = new AbortController().signal;
    assert.equal(await replyPrivately(slack.to, answer, english, { log, stopping }), hasArrived);
    assert.equal(slack.seen.count, count);
  });
}

for (const [what, tries, hasArrived] of [
  ['arrives if Slack is back', ['cut'], true],
  ['is given up if Slack is still away', ['cut', 'cut'], false],
] satisfies readonly (readonly [string, readonly Try[], boolean])[]) {
  test(`a private answer that waits is tried once more when the bot ends, and ${what}`, async (t) => {
    const slack = await startSlack(t, tries);
    const stop = new AbortController();
    const log = logThatTells(() => stop.abort());
    t.mock.timers.enable({ apis: ['setTimeout'] });
    assert.equal(await replyPrivately(slack.to, answer, english, { log, stopping: stop.signal }), hasArrived);
    assert.equal(slack.seen.count, 2);
  });
}
