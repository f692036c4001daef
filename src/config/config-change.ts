import { isDeepStrictEqual } from 'node:util';
import type { HostName } from '../model/record/ids.ts';
import type { ConfigChange } from '../model/settings/config-change.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import type { ServeConfig } from './config.ts';

type Hosts = ReadonlyMap<HostName, HostSettings>;
type Key = { readonly name: string; readonly of: (config: ServeConfig) => unknown };

const AT_ONCE: readonly Key[] = [
  { name: 'slack.incidentChannel', of: ({ settings }) => settings.incidentChannel },
  { name: 'signing', of: ({ signing }) => signing },
  { name: 'fleetLook', of: ({ settings }) => settings.fleetLook },
  { name: 'policy', of: ({ settings }) => settings.defaultPolicy },
  { name: 'incidents', of: ({ settings }) => settings.quiet.reopenMinutes },
  { name: 'maintenance', of: ({ settings }) => settings.quiet.maintenance },
];

/**
 * Keys that need a restart. An open port, an open record and the language of open threads can't be replaced while they
 * are in use.
 */
export const AT_RESTART: readonly Key[] = [
  { name: 'slack.mode', of: ({ slack }) => slack.mode },
  { name: 'slack.port', of: ({ slack }) => slack.port },
  { name: 'store.url', of: ({ store }) => store.url },
  { name: 'store.passwordFile', of: ({ store }) => store.passwordFile },
  { name: 'store.socket', of: ({ store }) => store.socket },
  { name: 'store.checkpoints', of: ({ store }) => store.checkpoints },
  { name: 'store.syslog', of: ({ store }) => store.syslog },
  { name: 'store.witness', of: ({ store }) => store.witness },
  { name: 'store.formerKeys', of: ({ store }) => store.formerKeys },
  { name: 'store.retention', of: ({ store }) => store.detailsDays },
  { name: 'http', of: ({ http }) => http },
  { name: 'alerts', of: ({ alerts }) => alerts },
  { name: 'ssh.knownHosts', of: ({ ssh }) => ssh.knownHosts },
  { name: 'language', of: ({ language }) => language },
];

/** The differences between the running config and a newer one. */
export function configChange(running: ServeConfig, newer: ServeConfig): ConfigChange {
  const [before, after] = [running.settings.hosts, newer.settings.hosts];
  const isDifferent = ({ of }: Key) => !isDeepStrictEqual(of(running), of(newer));
  const isChanged = (name: HostName) => before.has(name) && !isDeepStrictEqual(before.get(name), after.get(name));
  return {
    digests: { before: running.digest, after: newer.digest },
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed: [...after.keys()].filter(isChanged),
    keys: AT_ONCE.filter(isDifferent).map(({ name }) => name),
    atRestart: AT_RESTART.filter(isDifferent).map(({ name }) => name),
  };
}

/**
 * The config after a reload: the newer one, except the keys that need a restart. An unchanged host keeps its object, by
 * which its monitoring recognizes that nothing has changed.
 */
export function afterReload(running: ServeConfig, newer: ServeConfig): ServeConfig {
  const { slack, store, http, alerts, ssh, language } = running;
  const hosts = [...newer.settings.hosts.values()].map((host) => unlessSame(running.settings.hosts, host));
  return {
    ...newer,
    slack: { ...slack, incidentChannel: newer.slack.incidentChannel },
    store,
    http,
    alerts,
    ssh,
    language,
    settings: { ...newer.settings, hosts: new Map(hosts.map((host) => [host.name, host])) },
  };
}

function unlessSame(running: Hosts, host: HostSettings): HostSettings {
  const before = running.get(host.name);
  return before !== undefined && isDeepStrictEqual(before, host) ? before : host;
}
