import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { HostPath } from '../../model/host/host-path.ts';
import { HostName } from '../../model/record/ids.ts';
import type { Expectation } from '../../model/settings/config-problem.ts';
import { LOCALES } from '../../model/settings/locale.ts';
import { isLoopback } from '../../model/settings/loopback.ts';
import { isPostgresUrl, parsePostgresUrl } from '../../model/settings/postgres-url.ts';
import { RemoteCommandWord } from '../../model/settings/remote-command-word.ts';
import { AlertSource, Alerts, HostAlerts } from './alert-schema.ts';
import { parseJumpHost } from './jump-host.ts';
import { boolean, expecting, leaf, oneOf, wholeNumber } from './leaf.ts';
import { httpUrl, plainUrl } from './plain-url.ts';
import { channelId, HostGroup, POLICY_SECTIONS, Policy, strayGroupHosts } from './policy-schema.ts';
import { Incidents, Maintenance, strayMaintenance } from './quiet-schema.ts';
import { timeOfDay, timeZone } from './time-leaves.ts';

const port = wholeNumber(1, 65_535);

const NO_CONTROLS = /^[^\p{Cc}]+$/u;
export const file = leaf(z.string().max(4096).regex(NO_CONTROLS), { kind: 'file' });
const pathOnHost = leaf(HostPath.regex(NO_CONTROLS), { kind: 'path-on-host' });

/** RFC 1123 names and IP addresses. */
const DNS_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const isAddress = (text: string) => isIP(text) !== 0 || DNS_NAME.test(text);
const address = leaf(z.string().refine(isAddress), { kind: 'address' });

/**
 * A login name. Directory services allow more than useradd(8) does (`DOM\ann`, `ann@example.org`): everything but white
 * space and control characters.
 */
const LOGIN = /^[^\s\p{Cc}-][^\s\p{Cc}]{0,254}$/u;
const login = leaf(z.string().regex(LOGIN), { kind: 'login' });
/** `user@bastion:2222`; only the address is required. An IPv6 address with a port needs brackets (ssh_config(5)). */
const jumpHost = leaf(z.string().refine(isJumpHost), { kind: 'jump-host' });

function isJumpHost(text: string): boolean {
  const { user, address, port } = parseJumpHost(text);
  return (user === null || LOGIN.test(user)) && isAddress(address) && (port === null || (port >= 1 && port <= 65_535));
}

const account = leaf(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/), { kind: 'account' });

/**
 * A URL that is requested from the bot's machine, where a loopback address would be another registry than the host's.
 */
const urlFromBot = leaf(
  plainUrl.refine((text) => !isLoopback(new URL(text).hostname)),
  { kind: 'url-from-bot' },
);

const SQLITE_URL = /^sqlite:(?!\/\/)[^\p{Cc}]+$/u;
const isStoreUrl = (text: string) => SQLITE_URL.test(text) || parsePostgresUrl(text) !== null;
export const storeUrl = leaf(z.string().refine(isStoreUrl), { kind: 'store-url' });

const Slack = z.strictObject({
  mode: oneOf(['socket', 'http']).default('socket'),
  port: port.default(3000),
  incidentChannel: channelId,
});

const syslogUrl = leaf(z.string().regex(/^(?:tls|tcp|udp):\/\/(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\]):[1-9]\d{0,4}$/), {
  kind: 'syslog-url',
});

/** Without TLS someone between could keep cosignatures back, so only this machine itself is asked over http. */
const witnessUrl = leaf(
  plainUrl.refine((text) => text.startsWith('https:') || isLoopback(new URL(text).hostname)),
  { kind: 'witness-url' },
);
/** `NAME+ID+BASE64`: an Ed25519 key of type 4, with the id that its name and itself give (c2sp.org/tlog-cosignature). */
const WITNESS_KEY = /^(?<name>[^\s+]{1,200})\+(?<id>[0-9a-f]{8})\+(?<typed>B[A-P][A-Za-z0-9+/]{42})$/;
const witnessKey = leaf(z.string().refine(isWitnessKey), { kind: 'witness-key' });

function isWitnessKey(text: string): boolean {
  const { name, id, typed = '' } = WITNESS_KEY.exec(text)?.groups ?? {};
  const digest = createHash('sha256').update(`${name}\n`, 'utf8').update(typed, 'base64').digest('hex');
  return name !== undefined && digest.startsWith(id ?? '-');
}

const Witness = z.strictObject({ url: witnessUrl, key: witnessKey });

const Store = z.strictObject({
  url: storeUrl,
  passwordFile: file.optional(),
  socket: file.optional(),
  checkpoints: file.optional(),
  syslog: syslogUrl.optional(),
  witness: Witness.optional(),
  formerKeys: z.array(file).max(16).optional(),
  retention: z.strictObject({ detailsDays: wholeNumber(30, 36_500) }).optional(),
});

const Http = z.strictObject({ port, host: address.default('127.0.0.1') });

const Ssh = z.strictObject({ knownHosts: file, useSshConfig: boolean.default(false) });

const Signing = z.strictObject({ key: file, passphraseFile: file.optional() });

const BreakGlass = z.strictObject({ allowedSigners: file });

const Registry = z.strictObject({
  layout: oneOf(['omnibus', 'distribution']),
  config: pathOnHost.optional(),
  url: httpUrl.optional(),
  debugUrl: httpUrl.optional(),
  serviceUser: account.optional(),
});

const commandWord = leaf(RemoteCommandWord, { kind: 'command-word' });

/**
 * The path of an installed guard. Its characters need no quotes in a shell, in sudoers(5) or in an authorized_keys
 * line.
 */
const guardPath = leaf(
  z
    .string()
    .regex(/^(\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/)
    .max(255),
  { kind: 'path-on-host' },
);

const Guard = z.strictObject({
  path: guardPath.default('/usr/local/lib/registry-doctor/guard'),
  approverSignature: oneOf(['never', 'high-risk']).default('never'),
});

const Watch = z.strictObject({
  intervalSeconds: wholeNumber(1, 86_400),
  url: urlFromBot.optional(),
  blindMinutes: wholeNumber(1, 1_440).default(10),
  deepLookMinutes: wholeNumber(0, 10_080).default(60),
});

/** When every host is diagnosed once a night. */
const FleetLook = z.strictObject({
  at: timeOfDay.default('03:00'),
  zone: timeZone.default('UTC'),
});

const Host = z.strictObject({
  address,
  port: port.optional(),
  user: login,
  identityFile: file.optional(),
  passphraseFile: file.optional(),
  proxyJump: z.array(jumpHost).min(1).max(8).optional(),
  sudo: boolean.default(false),
  guard: Guard.optional(),
  enter: z
    .array(commandWord)
    .min(1)
    .max(32)
    .refine(([program = '']) => !program.startsWith('-'), expecting({ kind: 'command' }))
    .optional(),
  registry: Registry,
  watch: Watch.optional(),
  alerts: HostAlerts.optional(),
  policy: Policy.optional(),
});

/** With `ssh.useSshConfig`, the user's ssh_config(5) can name a host's address and user. */
const HostInSshConfig = Host.extend({ address: address.optional(), user: login.optional() });
export type HostEntry = z.output<typeof HostInSshConfig>;

/** The config file. Unknown keys are errors everywhere. */
function configFile<H extends z.ZodType>(host: H) {
  return z.strictObject({
    slack: Slack.optional(),
    store: Store.optional(),
    http: Http.optional(),
    ssh: Ssh,
    language: oneOf(LOCALES).default('en'),
    signing: Signing.optional(),
    breakGlass: BreakGlass.optional(),
    alerts: Alerts.optional(),
    fleetLook: FleetLook.optional(),
    incidents: Incidents.prefault({}),
    maintenance: z.array(Maintenance).default([]),
    hosts: z
      .record(leaf(HostName, { kind: 'host-name' }), host)
      .refine((hosts) => Object.keys(hosts).length > 0, expecting({ kind: 'at-least-one-host' })),
    hostGroups: z.record(leaf(HostName, { kind: 'host-name' }), HostGroup).default({}),
    policy: Policy.default({}),
  });
}

const ConfigFile = configFile(Host);
const ConfigFileWithSshConfig = configFile(HostInSshConfig);
export type ConfigFile = z.output<typeof ConfigFileWithSshConfig>;

const UsesSshConfig = z.object({ ssh: z.object({ useSshConfig: z.literal(true) }) });

/** The schema for this file. What a host can leave out depends on `ssh.useSshConfig`. */
export function configFileSchema(value: unknown): z.ZodType<ConfigFile> {
  const schema = UsesSshConfig.safeParse(value).success ? ConfigFileWithSshConfig : ConfigFile;
  return schema.superRefine((file, context) => {
    const stray = strayGroupHosts(file.hostGroups, new Set(Object.keys(file.hosts)));
    for (const { path, allowed } of [
      ...stray,
      ...strayMaintenance(file.maintenance, file),
      ...guardProblems(file),
      ...storeProblems(file),
    ]) {
      context.addIssue({ code: 'custom', path: [...path], ...expecting(allowed) });
    }
  });
}

type Stray = { readonly path: readonly string[]; readonly allowed: Expectation };

/**
 * Finds hosts whose settings don't fit an installed guard: it accepts only signed plans, and runs on the host itself.
 */
function guardProblems({ hosts, signing }: ConfigFile): readonly Stray[] {
  const guarded = Object.entries(hosts).filter(([, { guard }]) => guard !== undefined);
  const entered = guarded.filter(([, { enter }]) => enter !== undefined);
  return [
    ...(guarded.length > 0 && signing === undefined
      ? [{ path: ['signing'], allowed: { kind: 'signing' } as const }]
      : []),
    ...entered.map(([name]) => ({ path: ['hosts', name, 'enter'], allowed: { kind: 'no-enter' } as const })),
  ];
}

/** A record on a server has no directory in which the socket could be. */
function storeProblems({ store }: ConfigFile): readonly Stray[] {
  const isWithout = store !== undefined && isPostgresUrl(store.url) && store.socket === undefined;
  return isWithout ? [{ path: ['store', 'socket'], allowed: { kind: 'socket' } }] : [];
}

/** The valid keys of each section. `*` stands for the name of a host, a group or a source, or for a place in a list. */
export const SECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(ConfigFile.shape),
  slack: Object.keys(Slack.shape),
  store: Object.keys(Store.shape),
  'store.witness': Object.keys(Witness.shape),
  http: Object.keys(Http.shape),
  ssh: Object.keys(Ssh.shape),
  signing: Object.keys(Signing.shape),
  breakGlass: Object.keys(BreakGlass.shape),
  alerts: Object.keys(Alerts.shape),
  fleetLook: Object.keys(FleetLook.shape),
  'alerts.sources.*': Object.keys(AlertSource.shape),
  incidents: Object.keys(Incidents.shape),
  'maintenance.*': Object.keys(Maintenance.shape),
  'hosts.*': Object.keys(Host.shape),
  'hosts.*.registry': Object.keys(Registry.shape),
  'hosts.*.guard': Object.keys(Guard.shape),
  'hosts.*.watch': Object.keys(Watch.shape),
  'hosts.*.alerts': Object.keys(HostAlerts.shape),
  ...policyKeys('hosts.*.policy'),
  'hostGroups.*': Object.keys(HostGroup.shape),
  ...policyKeys('hostGroups.*.policy'),
  ...policyKeys('policy'),
};

function policyKeys(at: string): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(POLICY_SECTIONS).map(([section, keys]) => [`${at}${section}`, keys]));
}
