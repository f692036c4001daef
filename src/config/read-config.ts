import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ConfigProblem } from '../model/config-problem.ts';
import { HostPath } from '../model/host-path.ts';
import { HostName } from '../model/ids.ts';
import type { HostSettings, Policy, RegistrySettings } from '../model/settings.ts';
import { readBoundedText } from './bounded-file.ts';
import type { Config } from './config.ts';
import { ConfigFile, type HostEntry } from './config-schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { parseYaml } from './yaml-document.ts';

export type ConfigOutcome =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/** Reads and checks the config file; all that is wrong with it is told at once. */
export async function readConfig(file: string): Promise<ConfigOutcome> {
  const read = await readBoundedText(file);
  if (read.kind === 'problem') return { kind: 'problems', problems: [read.problem] };
  return parseConfig(read.text, dirname(resolve(file)));
}

/** Checks the text of a config file; relative paths in it start at `directory`. */
export function parseConfig(text: string, directory: string): ConfigOutcome {
  const yaml = parseYaml(text);
  if (yaml.kind === 'problems') return yaml;
  const parsed = ConfigFile.safeParse(yaml.document.value);
  if (!parsed.success) return { kind: 'problems', problems: schemaProblems(parsed.error.issues, yaml.document) };
  return { kind: 'config', config: configOf(parsed.data, directory) };
}

function configOf(file: ConfigFile, directory: string): Config {
  const hosts = Object.entries(file.hosts).map(([key, entry]) => hostSettings(HostName.parse(key), entry, directory));
  return {
    slack: file.slack ?? null,
    store: file.store === undefined ? null : { url: storeUrl(file.store.url, directory) },
    ssh: { knownHosts: absolute(file.ssh.knownHosts, directory) },
    hosts: new Map(hosts.map((host) => [host.name, host])),
    policy: policy(file.policy),
  };
}

function hostSettings(name: HostName, entry: HostEntry, directory: string): HostSettings {
  const { address, port, user, sudo } = entry;
  const fileOrNull = (file: string | undefined) => (file === undefined ? null : absolute(file, directory));
  const key = { identityFile: fileOrNull(entry.identityFile), passphraseFile: fileOrNull(entry.passphraseFile) };
  // A jump host is entered as the host is, with the same key, unless the text names another login.
  const jumps = (entry.proxyJump ?? []).map((jump) => ({ ...jump, user: jump.user ?? user, ...key }));
  return {
    name,
    ssh: { address, port, user, ...key, jumps, sudo },
    registry: registrySettings(entry.registry),
    watch: entry.watch ?? null,
  };
}

/** Where each way of packaging keeps its config, and the account that it starts the registry as. */
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

/** Without people named, anyone may ask and nobody may approve. */
function policy(entry: ConfigFile['policy']): Policy {
  return { ...entry, requesters: entry.requesters ?? null, approvers: entry.approvers ?? null };
}

function storeUrl(url: string, directory: string): string {
  return `sqlite:${absolute(url.slice('sqlite:'.length), directory)}`;
}

/** As people mean it: `~/` is the home directory, anything relative starts where the config file is. */
function absolute(path: string, directory: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(directory, path);
}
