import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { postsIn, type ShownPost } from '../../support/slack/shown-posts.ts';
import { CHANNEL, type DesiredPost, troubledDelivery } from '../../support/slack/troubled-delivery.ts';

const ROUNDS = roundsOf(1, 100);

test('over random limits, outages, lost answers and failing writes, Slack shows every message once, in its newest form and in order', async (t) => {
  const seed = seedOfRun();
  for (let round = 0; round < ROUNDS; round += 1) await tellStory(t, seed + round);
});

async function tellStory(t: TestContext, seed: number): Promise<void> {
  const about = `RD_SEED=${seed}`;
  const delivery = await troubledDelivery(new SeededRandom(seed));
  try {
    await delivery.run();
    const desired = await delivery.desired();
    const posts = postsIn(delivery.slack, CHANNEL);
    t.diagnostic(`${about}: ${desired.length} messages in ${posts.length} posts, ${delivery.tries()} tries`);
    const shown = posts.flatMap(({ keys }) => keys);
    assert.deepEqual(shown.toSorted(), desired.map(({ key }) => key).toSorted(), about);
    for (const { key, root, text } of desired) {
      const post = posts.find(({ keys }) => keys.includes(key)) ?? assert.fail(key);
      assert.equal(post.root, root, `${about}: ${key} is in its thread`);
      if (text !== null) assert.equal(post.text, text, `${about}: ${key} in its newest form`);
    }
    assertEntriesInOrder(posts, desired, about);
  } finally {
    await delivery.close();
  }
}

/** The entries of each incident are in the order of the record, also in the thread of a summary. */
function assertEntriesInOrder(posts: readonly ShownPost[], desired: readonly DesiredPost[], about: string): void {
  const incidentOf = new Map(desired.map(({ key, incident }) => [key, incident]));
  const entries = posts.flatMap(({ keys }) => keys).filter((key) => key.startsWith('record:'));
  for (const [incident, theirs] of Map.groupBy(entries, (key) => incidentOf.get(key))) {
    const numbers = theirs.map((key) => Number(key.slice('record:'.length)));
    assert.deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
      `${about}: incident ${incident}`,
    );
  }
}
