import { statSync } from 'node:fs';
import { namesIn } from '../../../src/playground/slack/render/names.ts';
import { renderText } from '../../../src/playground/slack/render-text.ts';
import type { SlackStandIn, SlackStandInOptions } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { DEFAULT_WORKSPACE } from '../../../src/playground/slack/workspace.ts';
import { type GuardPlace, makeGuardPlace, SSHD_AS_INSTALLED } from '../hosts/installed-guard.ts';
import { type MountedHost, startMountedHost } from '../hosts/mounted-host.ts';
import { type RegistryHost, type RegistryHostOptions, startRegistryHost } from '../hosts/registry-host.ts';
import { type Sshd, type SshdOptions, startSshd } from '../hosts/sshd.ts';
import { type AlertsIn, type BotClock, type BotFiles, prepareBot, type ServingBot } from './serving-bot.ts';

/** Generous: a busy machine is slow, and a wait that succeeds does not use it up. */
export const SOON_MS = 60_000;
/** Slack shows an error to people who wait longer for the acknowledgement. */
export const ACKNOWLEDGED_WITHIN_MS = 3_000;

/** Everything that the main job needs, for real: host, sshd, registry, Slack's stand-in, and the bot as a process. */
export type MainJob = {
  readonly slack: SlackStandIn;
  readonly sshd: Sshd;
  readonly registry: RegistryHost;
  readonly files: BotFiles;
  readonly guard: GuardPlace | undefined;
  /** The bot that is running now. {@link MainJob.restart} replaces it. */
  readonly bot: () => ServingBot;
  readonly restart: (clock?: BotClock) => Promise<void>;
  /** Requests a diagnosis as Alice in #ops and waits for the plan's card. */
  readonly askForPlan: () => Promise<SlackMessage>;
  readonly click: (user: string, card: SlackMessage, actionId: string) => Promise<void>;
  /** Clicks, and sends the form that opens with this input. */
  readonly clickAndType: (user: string, card: SlackMessage, actionId: string, typed: string) => Promise<void>;
  /** The modes of the two directories of the scenario, octal. */
  readonly modes: () => string[];
  readonly end: () => Promise<void>;
};

export type MainJobOptions = {
  readonly slack?: SlackStandInOptions;
  readonly mode?: 'http' | 'socket';
  readonly registry?: RegistryHostOptions;
  readonly watchSeconds?: number;
  /** The config says where the registry is. */
  readonly withUrls?: boolean;
  readonly policy?: Record<string, unknown>;
  readonly alerts?: AlertsIn;
  /** Where the record is, if not in a file. */
  readonly storeUrl?: string;
  /** The host has an installed guard, as `host setup` says. The bot logs in as an account that can run nothing else. */
  readonly installed?: { readonly approver: boolean };
  /** The bot signs its record, and the host has a directory for plans that no other test of this machine writes. */
  readonly signed?: true;
};

export const OPS = 'C0OPS';

/** Builds it all and starts the bot. The host is git01, Alice requests, Alice and Bob are approvers. */
export async function startMainJob(options: MainJobOptions = {}): Promise<MainJob> {
  const ends: (() => unknown)[] = [];
  const end = async () => {
    for (let step = ends.pop(); step; step = ends.pop()) await step();
  };
  try {
    const slack = await startSlackStandIn(options.slack);
    ends.push(() => slack.close());
    const guard = options.installed ? await makeGuardPlace(options.installed) : undefined;
    if (guard) ends.push(guard.remove);
    const ownPlans = options.signed && (await startMountedHost(OWN_PLANS));
    if (ownPlans) ends.push(ownPlans.stop);
    const sshd = await startSshd(sshdOptions(guard, ownPlans));
    ends.push(() => sshd.stop());
    const registry = await startRegistryHost(options.registry);
    ends.push(() => registry.stop());
    const { watchSeconds, policy, alerts } = options;
    const files = await prepareBot({
      slack,
      mode: options.mode ?? 'socket',
      hosts: {
        git01: {
          ...{ sshd, registry, withUrls: options.withUrls === true },
          ...(watchSeconds === undefined ? {} : { watchSeconds }),
          ...(guard && { guard }),
        },
      },
      ...(policy === undefined ? {} : { policy }),
      ...(ownPlans && { signingKey: sshd.clientKeyFile }),
      ...(alerts === undefined ? {} : { alerts }),
      ...(options.storeUrl === undefined ? {} : { storeUrl: options.storeUrl }),
    });
    ends.push(files.remove);
    if (guard) guard.follow((await files.cli('host', 'setup', 'git01')).stdout);
    let bot = await files.start();
    ends.push(() => bot.kill());
    return {
      ...{ slack, sshd, registry, files, guard, end },
      bot: () => bot,
      restart: async (clock) => {
        bot = await files.start(clock);
      },
      askForPlan: async () => {
        const threads = slack.messages(OPS).flatMap(({ ts }) => slack.thread(OPS, ts));
        // Cards of earlier plans might lose their buttons only later.
        const earlier = new Set(threads.map(({ ts }) => ts));
        await slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
        const isOurs = ({ channel, ts }: SlackMessage) => channel === OPS && !earlier.has(ts);
        return slack.waitForMessage((message) => isOurs(message) && hasAction(message, 'approve_plan'), SOON_MS);
      },
      click: async (user, card, actionId) => {
        await slack.click({ user, channel: card.channel, ts: card.ts, actionId });
      },
      clickAndType: async (user, card, actionId, typed) => {
        const before = slack.views(user).length;
        await slack.click({ user, channel: card.channel, ts: card.ts, actionId });
        await until(() => slack.views(user).length > before, 'no form was opened');
        const viewId = slack.views(user).at(-1)?.id ?? '';
        await slack.submitView({ user, viewId, values: { answer: { answer: typed } } });
      },
      modes: () =>
        [registry.bytes('ops'), registry.bytes('disk4t')].map((path) => (statSync(path).mode & 0o7777).toString(8)),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

const OWN_PLANS = 'mkdir -p /var/lib/registry-doctor && mount -t tmpfs -o mode=700 none /var/lib/registry-doctor';

function sshdOptions(guard: GuardPlace | undefined, ownPlans: MountedHost | undefined): SshdOptions {
  if (guard) return { config: SSHD_AS_INSTALLED };
  return ownPlans ? { config: [`ForceCommand ${ownPlans.inside.join(' ')} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`] } : {};
}

/** Whether the current message has a button with this action. */
export function hasAction(message: SlackMessage, actionId: string): boolean {
  return JSON.stringify(message.blocks).includes(`"action_id":"${actionId}"`);
}

/** Whether the current message says this somewhere visible. */
export function says(message: SlackMessage, text: string): boolean {
  const names = namesIn(DEFAULT_WORKSPACE);
  return renderText(message, { width: 10_000, names }).includes(text);
}

/** For what only the bot's own log shows: there is no event to await, so it is polled. */
export async function until(holds: () => boolean, complaint: string): Promise<void> {
  const deadline = Date.now() + SOON_MS;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`${complaint} within ${SOON_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
