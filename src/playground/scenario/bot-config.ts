import { stringify } from 'yaml';
import type { Locale } from '../../model/settings/locale.ts';
import type { PracticeHost } from '../practice-host/start-practice-host.ts';
import type { PracticeRegistry } from '../practice-registry/start-practice-registry.ts';

/** The choices for the bot's config. Ids are Slack's. */
export type BotChoices = {
  readonly slack: { readonly mode: 'socket' } | { readonly mode: 'http'; readonly port: number };
  readonly incidentChannel: string;
  readonly approvers: readonly string[];
  /** Absent: English. */
  readonly language?: Locale;
  /** Absent: the host is not monitored. */
  readonly watchIntervalSeconds?: number;
};

/** The text of the bot's config file for a practice host with a practice registry on it. */
export function botConfigText(
  choices: BotChoices,
  names: { readonly host: string; readonly databaseFile: string },
  host: PracticeHost,
  registry: PracticeRegistry,
): string {
  const watch = choices.watchIntervalSeconds;
  return stringify({
    ...(choices.language === undefined ? {} : { language: choices.language }),
    slack: { ...choices.slack, incidentChannel: choices.incidentChannel },
    store: { url: `sqlite:${names.databaseFile}` },
    ssh: { knownHosts: host.knownHostsFile },
    hosts: {
      [names.host]: {
        address: host.address,
        port: host.port,
        user: host.user,
        identityFile: host.identityFile,
        sudo: false,
        // The bot takes the account from the running process: the playground creates none on this machine.
        registry: { layout: 'distribution', config: registry.configFile, serviceUser: 'practice-registry' },
        ...(watch === undefined ? {} : { watch: { intervalSeconds: watch } }),
      },
    },
    policy: { approvers: { users: choices.approvers } },
  });
}
