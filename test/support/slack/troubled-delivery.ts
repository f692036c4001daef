import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { createLog } from '../../../src/log.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import type { Messenger, Outbox } from '../../../src/workflow/ports/messages.ts';
import { onlyTurn } from '../bots/only-turn.ts';
import { SimulatedClock } from '../bots/simulated-clock.ts';
import { IN_MEMORY } from '../in-memory.ts';
import type { SeededRandom } from '../random.ts';
import { english } from '../words/english.ts';
import { RandomThreadActs } from './random-thread-acts.ts';
import { failingOutbox, troubledSlack } from './troubled-slack.ts';

export const CHANNEL = 'C0INCIDENTS';
const START = new Date('2026-11-23T14:02:00Z');
/** For so long things happen, and Slack is in trouble. */
const STORY_MS = 180_000;
const LONGEST_PAUSE_MS = 8_000;
/** By so much people, or a time server, set a wrong clock right. */
const CLOCK_STEPS_MS = [-3_600_000, -1_200_000, -2_000, 2_000, 1_200_000];
const STEP_MS = 5_000;
/** Far more than all that is left needs in a Slack without trouble. */
const LIMIT_MS = 1_800_000;

export type TroubledDelivery = {
  readonly slack: SlackStandIn;
  readonly tries: () => number;
  /** Resolves when the story is over and nothing waits any more. Rejects if something waits forever. */
  readonly run: () => Promise<void>;
  readonly desired: () => Promise<readonly DesiredPost[]>;
  readonly close: () => Promise<void>;
};

export type DesiredPost = {
  readonly key: string;
  readonly incident: number;
  /** The key of its thread's first message. Null: it belongs in the channel. */
  readonly root: string | null;
  /** Of its newest form. Null: a record line, which shares its post with others. */
  readonly text: string | null;
};

/** Delivery from a real store to Slack's stand-in, in simulated time, with everything that can go wrong at random. */
export async function troubledDelivery(random: SeededRandom): Promise<TroubledDelivery> {
  const directory = await mkdtemp(join(IN_MEMORY, 'rd-troubled-'));
  const file = join(directory, 'record.db');
  const clock = new SimulatedClock(START);
  const slack = await startSlackStandIn();
  const opened = await openSqliteStore(`sqlite:${file}`, { clock });
  const log = createLog('silent');
  const clients = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  const calm = new AbortController();
  const around = { slack, clock, random };
  const troubled = troubledSlack(new SlackMessenger(clients, log, english), around, calm.signal);
  const outbox = failingOutbox(opened.outbox, around, calm.signal);
  const story = new Story({ clock, random, opened, outbox, messenger: troubled.messenger });
  return {
    slack,
    tries: troubled.tries,
    run: async () => {
      const outages = troubled.outagesUntil(calm.signal);
      await story.tell(calm);
      await outages;
    },
    desired: () => desiredIn(file, opened),
    close: async () => {
      await slack.close();
      await opened.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type StoryParts = {
  readonly clock: SimulatedClock;
  readonly random: SeededRandom;
  readonly opened: OpenedStore;
  readonly outbox: Outbox;
  readonly messenger: Messenger;
};

/** What happens, and the delivery of it, which is started anew at times. */
class Story {
  readonly #parts: StoryParts;
  readonly #wake = new Wake();
  #stop = new AbortController();
  #delivering: Promise<void> = Promise.resolve();

  constructor(parts: StoryParts) {
    this.#parts = parts;
  }

  /** `calm` is fired when the trouble has to end. */
  async tell(calm: AbortController): Promise<void> {
    const { clock, outbox } = this.#parts;
    this.#deliver();
    let isTold = false;
    const telling = this.#happen(calm).then(() => {
      isTold = true;
    });
    for (let passed = 0; !isTold || (await outbox.backlog()).messages > 0; passed += STEP_MS) {
      if (passed > LIMIT_MS) throw new Error(`${(await outbox.backlog()).messages} messages were never delivered`);
      await clock.pass(STEP_MS);
    }
    await telling;
    this.#stop.abort();
    await this.#delivering;
  }

  async #happen(calm: AbortController): Promise<void> {
    const { clock, random, opened } = this.#parts;
    const acts = new RandomThreadActs(random, clock, CHANNEL);
    while (clock.passedMs() < STORY_MS) {
      await clock.sleep(random.int(LONGEST_PAUSE_MS));
      await clock.working(opened.store.transact((tx) => acts.next(tx)));
      this.#wake.ring();
      if (random.chance(5)) clock.step(random.pick(CLOCK_STEPS_MS));
      if (random.chance(5)) await this.#restart();
    }
    calm.abort();
  }

  async #restart(): Promise<void> {
    this.#stop.abort();
    await this.#delivering;
    this.#deliver();
  }

  #deliver(): void {
    const { clock, outbox, messenger } = this.#parts;
    this.#stop = new AbortController();
    const post = { outbox, messenger, clock, log: createLog('silent'), wake: this.#wake };
    this.#delivering = deliverMessagesUntil(onlyTurn(this.#stop.signal), post);
  }
}

const Row = z.object({
  key: z.string(),
  incident: z.number(),
  placement: z.enum(['channel', 'thread', 'summary']),
  summary: z.number().nullable(),
});

async function desiredIn(file: string, { store }: OpenedStore): Promise<readonly DesiredPost[]> {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db
    .prepare(
      `select messages.key, messages.incident_id as incident, messages.placement, incidents.summarized_in as summary
       from messages join incidents on incidents.id = messages.incident_id`,
    )
    .all();
  db.close();
  const posts = z.array(Row).parse(rows);
  return Promise.all(posts.map(async (row) => ({ ...row, root: rootOf(row), text: await newestText(store, row.key) })));
}

function rootOf({ placement, incident, summary }: z.infer<typeof Row>): string | null {
  if (placement === 'summary') return null;
  if (summary !== null) return `summary:${summary}`;
  return placement === 'channel' ? null : `status:${incident}`;
}

async function newestText(store: OpenedStore['store'], key: string): Promise<string | null> {
  const message = await store.transact((tx) => tx.message(key));
  if (message === null) throw new Error(`${key} is not in the record`);
  return message.body.kind === 'record' ? null : cardFor(message.body, english).text;
}
