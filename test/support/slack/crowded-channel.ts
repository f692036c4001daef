import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/compose/system-clock.ts';
import { createLog } from '../../../src/log.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import { SLACK_RATES } from '../../../src/playground/slack/faults.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import { postVerdict } from '../../../src/workflow/record/messages.ts';
import { auditDraft, DIAGNOSIS, planCard, proposePlan, putDiagnosis, recordLine } from '../../store/samples.ts';
import { onlyTurn } from '../bots/only-turn.ts';
import { english } from '../words/english.ts';

const CHANNEL = 'C0INCIDENTS';
const BY_WATCH = { kind: 'bot', part: 'watch' } as const;

export type CrowdedChannel = {
  readonly slack: SlackStandIn;
  readonly store: OpenedStore;
  /** Delivery looks at once for what was put. */
  readonly wake: Wake;
  /** Messages of the channel, oldest first. */
  readonly inChannel: () => readonly SlackMessage[];
  /** Plans that can be approved. */
  readonly plans: () => readonly SlackMessage[];
  readonly close: () => Promise<void>;
};

/** Delivery from a store of its own to a Slack with Slack's limits, by the real clock. */
export async function crowdedChannel(): Promise<CrowdedChannel> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-crowded-'));
  const slack = await startSlackStandIn({ rates: SLACK_RATES });
  const store = await openSqliteStore(`sqlite:${join(directory, 'record.db')}`, { clock: systemClock });
  const log = createLog('silent');
  const clients = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  const messenger = new SlackMessenger(clients, log, english);
  const stop = new AbortController();
  const wake = new Wake();
  const post = { outbox: store.outbox, messenger, clock: systemClock, log, wake };
  const running = deliverMessagesUntil(onlyTurn(stop.signal), post);
  const inChannel = () => slack.messages(CHANNEL);
  const all = () => inChannel().flatMap(({ ts }) => slack.thread(CHANNEL, ts));
  return {
    slack,
    store,
    wake,
    inChannel,
    plans: () => all().filter(({ blocks }) => JSON.stringify(blocks).includes('approve_plan')),
    // Without Slack, what still waits is put off instead of delivered.
    close: async () => {
      await slack.close();
      stop.abort();
      await running;
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** As many hosts fail at once, each with a verdict, a plan and further lines of the record. */
export async function failAtOnce(
  { store, wake }: Pick<CrowdedChannel, 'store' | 'wake'>,
  hosts: number,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<void> {
  for (let number = 1; number <= hosts; number += 1) {
    await store.store.transact(async (tx) => {
      const now = clock.now();
      const host = HostName.parse(`git${String(number).padStart(2, '0')}`);
      const request = {
        host,
        channel: ChannelId.parse(CHANNEL),
        openedBy: BY_WATCH,
        requestKey: `fails-${number}`,
        now,
      };
      const { incident } = await openIncident(tx, request);
      await postVerdict(tx, DIAGNOSIS, await putDiagnosis(tx, incident, DIAGNOSIS));
      const plan = await proposePlan(tx, incident, now);
      const entry = await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan));
      await tx.putMessage(planCard(plan, entry));
      for (let line = 0; line < 2; line += 1) await recordLine(tx, auditDraft(incident.id, 'plan-endorsed', plan));
    });
    wake.ring();
  }
}
