import { crowdedChannel, failAtOnce } from '../../test/support/slack/crowded-channel.ts';
import { type Aim, printHeading, printNote } from './report.ts';
import { stopwatch } from './rounds.ts';

const HOSTS = 20;
const LIMIT_MS = 120_000;

/** Many hosts that fail at once in one channel: a Slack that takes one message a second, three in a burst. */
export async function benchCrowdedChannel(): Promise<readonly Aim[]> {
  printHeading(`${HOSTS} hosts fail at once in one channel (Slack takes 1 message/s, 3 in a burst)`);
  const channel = await crowdedChannel();
  try {
    const shownAfterMs = await stopwatch(async () => {
      await failAtOnce(channel, HOSTS);
      await channel.slack.waitUntil('every Approve button', () => channel.plans().length === HOSTS, LIMIT_MS);
    });
    const tries = channel.slack.calls('chat.postMessage');
    const posted = tries.filter(({ answer }) => answer.ok);
    const posts = posted.length;
    const summaryAt = 1 + posted.findIndex((call) => isSummary(String(call.arguments['text'])));
    const lookUps = channel.slack.calls().filter(({ method }) => method.startsWith('conversations.')).length;
    printNote(`${tries.length} tries for ${posts} posts`);
    // No aim: what was posted before the fifth host failed can't come after the summary.
    printNote(`the summary is post ${summaryAt}, after the messages of the first hosts`);
    const atMost = { direction: 'at most' as const };
    return [
      { what: 'the last Approve button', measured: shownAfterMs, limit: 25_000, unit: 'ms', ...atMost },
      { what: 'tries a post', measured: tries.length / posts, limit: 1.1, unit: '×', ...atMost },
      { what: 'look-ups', measured: lookUps, limit: 0, unit: 'calls', ...atMost },
    ];
  } finally {
    await channel.close();
  }
}

function isSummary(text: string): boolean {
  return / hosts have new incidents: /.test(text);
}
