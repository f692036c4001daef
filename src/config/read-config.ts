import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { HostPath } from '../model/host/host-path.ts';
import { AlertSourceName } from '../model/record/alert.ts';
import { HostName, Sha256 } from '../model/record/ids.ts';
import type { AlertKind, AlertSettings } from '../model/settings/alert-settings.ts';
import type { ConfigProblem } from '../model/settings/config-problem.ts';
import { isPostgresUrl } from '../model/settings/postgres-url.ts';
import type { QuietSettings } from '../model/settings/quiet-settings.ts';
import type {
  HostSettings,
  NightlyTime,
  Policy,
  RegistrySettings,
  SigningKey,
  SshSettings,
} from '../model/settings/settings.ts';
import { readBoundedText } from './bounded-file.ts';
import { callProblems } from './call-problems.ts';
import type { Config, StoreSettings } from './config.ts';
import { resolvePolicy } from './resolve-policy.ts';
import {
  type ConfigFile,
  configFileSchema,
  type HostEntry,
  file as socketSchema,
  storeUrl as storeUrlSchema,
} from './schema/config-schema.ts';
import { maintenanceWindow } from './schema/quiet-schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { type SshConfigReading, sshSettings, sshSettingsWithSshConfig } from './ssh-settings.ts';
import { parseYaml, plainValueAt } from './yaml-document.ts';

export type ConfigOutcome =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/** Reads and checks the config file. Reports all problems at once. */
export async function readConfig(file: string): Promise<ConfigOutcome> {
  const read = await readBoundedText(file);
  if (read.kind === 'problem') return { kind: 'problems', problems: [read.problem] };
  return parseConfig(read.text, dirname(resolve(file)));
}

/**
 * Finds the record's location even in a config file with errors elsewhere: a bot that refused the file on a reload runs
 * on, and can still be asked for its health. Null: the file does not say.
 */
export async function findStore(file: string): Promise<Pick<StoreSettings, 'url' | 'socket'> | null> {
  const read = await readBoundedText(file);
  if (read.kind === 'problem') return null;
  const url = storeUrlSchema.safeParse(plainValueAt(read.text, ['store', 'url']));
  if (!url.success) return null;
  const directory = dirname(resolve(file));
  const socket = socketSchema.safeParse(plainValueAt(read.text, ['store', 'socket']));
  return { url: storeUrl(url.data, directory), socket: socket.success ? absolute(socket.data, directory) : null };
}

function storeSettings(store: ConfigFile['store'], directory: string): StoreSettings | null {
  if (store === undefined) return null;
  const pathOf = (file: string | undefined) => (file === undefined ? null : absolute(file, directory));
  return {
    url: storeUrl(store.url, directory),
    passwordFile: pathOf(store.passwordFile),
    socket: pathOf(store.socket),
    checkpoints: pathOf(store.checkpoints),
    syslog: store.syslog ?? null,
    witness: store.witness ?? null,
    formerKeys: (store.formerKeys ?? []).map((file) => absolute(file, directory)),
    detailsDays: store.retention?.detailsDays ?? null,
  };
}

/** Checks the text of a config file. Relative paths in it start at `directory`. */
export function parseConfig(text: string, directory: string): ConfigOutcome {
  const yaml = parseYaml(text);
  if (yaml.kind === 'problems') return yaml;
  const parsed = configFileSchema(yaml.document.value).safeParse(yaml.document.value);
  if (!parsed.success) return { kind: 'problems', problems: schemaProblems(parsed.error.issues, yaml.document) };
  return configOf(parsed.data, directory, digestOf(text));
}

function digestOf(text: string): Sha256 {
  return Sha256.parse(`sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`);
}

function configOf(file: ConfigFile, directory: string, digest: Sha256): ConfigOutcome {
  const read = Object.entries(file.hosts).map(([key, entry]) => ({ name: HostName.parse(key), entry }));
  const reached = read.map(({ name, entry }) => ({ name, entry, ssh: reachedBy(name, entry, file, directory) }));
  const problems = reached.flatMap(({ name, ssh }): ConfigProblem[] =>
    ssh.kind === 'problem' ? [{ kind: 'ssh-config', host: name, ...ssh.problem }] : [],
  );
  if (problems.length > 0) return { kind: 'problems', problems };
  const hosts = reached.flatMap(({ name, entry, ssh }) =>
    ssh.kind === 'settings' ? [hostSettings(name, entry, ssh.settings, policyOf(name, entry, file))] : [],
  );
  const late = callProblems(hosts);
  if (late.length > 0) return { kind: 'problems', problems: late };
  const config: Config = {
    digest,
    slack: file.slack ?? null,
    store: storeSettings(file.store, directory),
    http: file.http ?? null,
    ssh: { knownHosts: absolute(file.ssh.knownHosts, directory) },
    signing: signingKey(file.signing, directory),
    breakGlass: file.breakGlass ? { allowedSigners: absolute(file.breakGlass.allowedSigners, directory) } : null,
    alerts: alertSettings(file.alerts, directory),
    fleetLook: nightlyTime(file.fleetLook),
    quiet: quietSettings(file),
    hosts: new Map(hosts.map((host) => [host.name, host])),
    language: file.language,
    defaultPolicy: resolvePolicy([file.policy]),
  };
  return { kind: 'config', config };
}

function signingKey(entry: ConfigFile['signing'], directory: string): SigningKey | null {
  if (entry === undefined) return null;
  const { key, passphraseFile } = entry;
  const passphrase = passphraseFile === undefined ? null : absolute(passphraseFile, directory);
  return { file: absolute(key, directory), passphraseFile: passphrase };
}

function quietSettings({ incidents, maintenance, hostGroups }: ConfigFile): QuietSettings {
  return { ...incidents, maintenance: maintenance.map((window) => maintenanceWindow(window, hostGroups)) };
}

/** The default label with the host's name, for each kind of source. */
const HOST_LABELS: Record<AlertKind, string> = {
  alertmanager: 'instance',
  grafana: 'instance',
  gitlab: 'host',
  'standard-webhooks': 'host',
};

function alertSettings(entry: ConfigFile['alerts'], directory: string): AlertSettings | null {
  if (entry === undefined) return null;
  const sources = Object.entries(entry.sources).map(([name, { kind, tokenFile, hostLabel, silencesUrl }]) => ({
    name: AlertSourceName.parse(name),
    kind,
    tokenFile: tokenFile === undefined ? null : absolute(tokenFile, directory),
    hostLabel: hostLabel ?? HOST_LABELS[kind],
    silencesUrl: silencesUrl ?? null,
  }));
  return { host: entry.host, port: entry.port, sources };
}

function nightlyTime(entry: ConfigFile['fleetLook']): NightlyTime | null {
  if (entry === undefined) return null;
  const [hour = 0, minute = 0] = entry.at.split(':').map(Number);
  return { hour, minute, zone: entry.zone };
}

function reachedBy(name: HostName, entry: HostEntry, { ssh }: ConfigFile, directory: string): SshConfigReading {
  const fileOf = (file: string) => absolute(file, directory);
  if (ssh.useSshConfig) return sshSettingsWithSshConfig(name, entry, fileOf);
  return { kind: 'settings', settings: sshSettings(entry, fileOf) };
}

function policyOf(name: HostName, entry: HostEntry, { hostGroups, policy }: ConfigFile): Policy {
  const group = Object.values(hostGroups).find(({ hosts }) => hosts.includes(name));
  return resolvePolicy([entry.policy, group?.policy, policy]);
}

function hostSettings(name: HostName, entry: HostEntry, ssh: SshSettings, policy: Policy): HostSettings {
  return {
    name,
    ssh,
    guard: entry.guard ?? null,
    enter: entry.enter ?? [],
    registry: registrySettings(entry.registry),
    watch: entry.watch === undefined ? null : { ...entry.watch, url: entry.watch.url ?? null },
    alerts: entry.alerts ?? null,
    policy,
  };
}

/** For each packaging: the default config path, and the account that runs the registry. */
const LAYOUT_DEFAULTS = {
  omnibus: { config: HostPath.parse('/var/opt/gitlab/registry/config.yml'), serviceUser: 'registry' },
  distribution: { config: HostPath.parse('/etc/docker/registry/config.yml'), serviceUser: 'docker-registry' },
} as const;

function registrySettings(entry: HostEntry['registry']): RegistrySettings {
  const defaults = LAYOUT_DEFAULTS[entry.layout];
  return {
    layout: entry.layout,
    config: entry.config ?? defaults.config,
    url: entry.url ?? null,
    debugUrl: entry.debugUrl ?? null,
    serviceUser: entry.serviceUser ?? defaults.serviceUser,
  };
}

function storeUrl(url: string, directory: string): string {
  if (isPostgresUrl(url)) return url;
  return `sqlite:${absolute(url.slice('sqlite:'.length), directory)}`;
}

/** `~/` is the home directory, and a relative path starts at the config file's directory. */
function absolute(path: string, directory: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(directory, path);
}
