import { watch } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { DEFAULT_WORKSPACE, type Workspace } from '../../../src/playground/slack/workspace.ts';
import {
  type BotFiles,
  type BotSetup,
  CAMPAIGN,
  CLOCK_AHEAD,
  prepareBot,
  type ServingBot,
} from '../bots/serving-bot.ts';
import { type RegistryHost, startRegistryHost } from '../hosts/registry-host.ts';
import { makeKey, type Sshd, startSshd } from '../hosts/sshd.ts';
import { KILL_POINT_VARIABLE, type KillPoint, killPointText } from './kill-point.ts';
import { type NetworkCut, networkCut } from './network-cut.ts';

const DIE_AT = new URL('./die-at.ts', import.meta.url).href;

/** One host with a registry, and the channel in which people deal with it. */
export type Flow = {
  readonly host: string;
  readonly channel: string;
  readonly registry: RegistryHost;
  /** How often the kernel changed the permissions of its first blocker since {@link Flow.breakIt}. */
  readonly changes: () => number;
  /** Closes the directories and waits until the registry is unhealthy. */
  readonly breakIt: () => Promise<void>;
};

/** A bot for several hosts, each with a real registry, over one real sshd, and everything that can fail around it. */
export type CrashScene = {
  readonly slack: SlackStandIn;
  readonly ssh: NetworkCut;
  readonly files: BotFiles;
  readonly flows: readonly Flow[];
  readonly checkpointFile: string;
  /** A new life of the bot. Null: it is killed at no point of its own. */
  readonly live: (killPoint: KillPoint | null) => Promise<ServingBot>;
  /** Moves the clock of this bot and of those that follow. */
  readonly moveClock: (bot: ServingBot | null, aheadMs: number) => Promise<void>;
  readonly end: () => Promise<void>;
};

export async function startCrashScene(size: number): Promise<CrashScene> {
  const ends: (() => unknown)[] = [];
  const end = () => endAll(ends);
  try {
    const { slack, ssh, flows, hosts, signingKey, directory } = await startGround(size, ends);
    const checkpointFile = join(directory, 'checkpoints');
    const files = await prepareBot({
      ...{ slack, mode: 'socket', hosts, policy: APPROVERS },
      config: {
        store: { url: 'sqlite:./registry-doctor.db', checkpoints: checkpointFile },
        signing: { key: signingKey },
      },
    });
    ends.push(files.remove);
    const clockFile = join(files.directory, 'clock');
    await writeFile(clockFile, '0');
    return {
      ...{ slack, ssh, files, checkpointFile, flows, end },
      live: (killPoint) =>
        files.start({
          imports: [CLOCK_AHEAD, DIE_AT, ...CAMPAIGN],
          environment: {
            RD_CLOCK_FILE: clockFile,
            ...(killPoint === null ? {} : { [KILL_POINT_VARIABLE]: killPointText(killPoint) }),
          },
        }),
      moveClock: async (bot, aheadMs) => {
        await writeFile(clockFile, String(aheadMs));
        bot?.process.kill('SIGUSR2');
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

export const APPROVERS = { approvers: { users: ['U0BOB', 'U0CAROL'] } };

/** Everything around the bots: Slack, and the hosts with a real registry each, over one sshd. */
export async function startGround(size: number, ends: (() => unknown)[]) {
  const names = Array.from({ length: size }, (_, index) => ({
    host: `git${index + 1}`,
    channel: `C0FLOW${index + 1}`,
  }));
  const slack = await startSlackStandIn({ workspace: workspaceWith(names.map(({ channel }) => channel)) });
  ends.push(() => slack.close());
  const sshd = await startSshd();
  ends.push(() => sshd.stop());
  const ssh = await networkCut(sshd.port);
  ends.push(() => ssh.close());
  await knowHostAt(sshd, ssh.port);
  const places = await Promise.all(names.map(async (name) => ({ ...name, registry: await startRegistryHost() })));
  for (const { registry } of places) ends.push(() => registry.stop());
  const signingKey = await makeKey(sshd.directory, 'signing_key', 'ed25519');
  const hosts: BotSetup['hosts'] = Object.fromEntries(
    places.map(({ host, registry }) => [host, { sshd, registry, withUrls: true, config: { port: ssh.port } }]),
  );
  const flows: readonly Flow[] = places.map((flow) => ({ ...flow, ...countChanges(flow.registry, ends) }));
  return { slack, ssh, flows, hosts, signingKey, directory: sshd.directory };
}

/** The last one first. */
export async function endAll(ends: (() => unknown)[]): Promise<void> {
  for (let step = ends.pop(); step; step = ends.pop()) await step();
}

/** With a channel a flow, no channel is so crowded that urgency counts for more than the order of a thread. */
function workspaceWith(ids: readonly string[]): Workspace {
  const [, ops] = DEFAULT_WORKSPACE.channels;
  const channels = ids.map((id) => ({ ...ops, id, name: id.toLowerCase() }));
  return { ...DEFAULT_WORKSPACE, channels: [...DEFAULT_WORKSPACE.channels, ...channels] };
}

async function knowHostAt(sshd: Sshd, port: number): Promise<void> {
  const lines = await readFile(sshd.knownHostsFile, 'utf8');
  await appendFile(sshd.knownHostsFile, lines.replaceAll(`:${sshd.port} `, `:${port} `));
}

/** inotify(7) tells of each change to the permissions of the directory itself under its own name. */
export function countChanges(registry: RegistryHost, ends: (() => unknown)[]): Pick<Flow, 'changes' | 'breakIt'> {
  let changes = 0;
  const watcher = watch(registry.bytes('ops').toString(), (_, name) => {
    if (name === 'ops') changes += 1;
  });
  ends.push(() => watcher.close());
  return {
    changes: () => changes,
    breakIt: async () => {
      registry.close('ops');
      registry.close('disk4t');
      await registry.waitUntilUnwell();
      changes = 0;
    },
  };
}
