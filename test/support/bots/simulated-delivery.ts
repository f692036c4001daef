import type { TestContext } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import type { Messenger } from '../../../src/workflow/ports/messages.ts';
import { databasePath } from '../../store/open-store.ts';
import { ALICE, auditDraft, GIT01, recordLine } from '../../store/samples.ts';
import { postsIn } from '../slack/shown-posts.ts';
import { english } from '../words/english.ts';
import { onlyTurn } from './only-turn.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { unhurried } from './unhurried-outbox.ts';

/** Where the incident is. */
export const CHANNEL = 'C0OPS';
/** Where it would be if monitoring had noticed it. */
export const INCIDENT_CHANNEL = 'C0INCIDENTS';

/** Delivery of one incident's thread from a real store to Slack's stand-in, in simulated time. */
export async function startDelivery(t: TestContext, { incidentChannel = INCIDENT_CHANNEL } = {}) {
  const clock = new SimulatedClock(new Date('2026-11-23T14:02:00Z'));
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const { store, outbox, close } = await openSqliteStore(`sqlite:${await databasePath(t)}`, { clock });
  const silent = createLog('silent');
  const messengerFor = (botToken: string) =>
    new SlackMessenger(createSlackClients({ botToken, slackApiUrl: slack.apiUrl, log: silent }), silent, english);
  let messenger = messengerFor(slack.credentials.botToken);
  const current: Messenger = { pace: messenger.pace, deliver: (message) => clock.working(messenger.deliver(message)) };
  let told = '';
  const note = (_: unknown, text?: string) => {
    told += `${text}\n`;
  };
  const log: Log = { debug: () => {}, info: () => {}, warn: note, error: note, child: () => log };
  const wake = new Wake();
  const unhurriedStore = { transact: (work) => clock.working(store.transact(work)) } satisfies Pick<
    typeof store,
    'transact'
  >;
  const settings = { incidentChannel: ChannelId.parse(incidentChannel) };
  const tellRefusals = { store: unhurriedStore, clock, log, settings };
  const post = { outbox: unhurried(outbox, clock), messenger: current, clock, log, wake, tellRefusals };
  const startBot = () => {
    const stop = new AbortController();
    return { stop, delivering: deliverMessagesUntil(onlyTurn(stop.signal), post) };
  };
  let bot = startBot();
  const stopBot = async () => {
    bot.stop.abort();
    await bot.delivering;
  };
  t.after(async () => {
    await stopBot();
    await close();
  });
  const request = { host: GIT01, channel: ChannelId.parse(CHANNEL), openedBy: ALICE, requestKey: 'request-1' };
  const { incident } = await store.transact((tx) => openIncident(tx, { ...request, now: clock.now() }));
  let isFirst = true;
  return {
    ...{ clock, slack, store, outbox, log },
    told: () => told,
    useToken: (token: string) => {
      messenger = messengerFor(token);
    },
    /** The bot ends, and another one has the turn. */
    moveTurn: async () => {
      await stopBot();
      bot = startBot();
    },
    /** Adds so many entries, and resolves to the keys of what the thread is to show of them. */
    tell: async (entries: number): Promise<readonly string[]> => {
      const keys = isFirst ? [`status:${incident.id}`] : [];
      isFirst = false;
      for (let left = entries; left > 0; left -= 1) {
        const { key } = await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
        keys.push(key);
      }
      wake.ring();
      return keys;
    },
    keysInSlack: async () => postsIn(slack, CHANNEL).flatMap(({ keys }) => keys),
  };
}
