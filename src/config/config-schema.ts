import { isIP } from 'node:net';
import { z } from 'zod';
import { CommandWord } from '../model/command-word.ts';
import type { Expectation } from '../model/config-problem.ts';
import { HostPath } from '../model/host-path.ts';
import { ChannelId, GroupId, HostName, UserId } from '../model/ids.ts';
import { parseJumpHost } from './jump-host.ts';

/** What an issue of this schema carries to `schema-problems.ts`. */
function expecting(expectation: Expectation): { readonly params: { readonly expectation: Expectation } } {
  return { params: { expectation } };
}

/** A value that is right, or for which people are told what is expected in its place. */
function leaf<S extends z.ZodType>(schema: S, expectation: Expectation) {
  return z.unknown().transform((value, context): z.output<S> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', ...expecting(expectation) });
    return z.NEVER;
  });
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return leaf(z.enum(values), { kind: 'one-of', values });
}

function wholeNumber(min: number, max: number) {
  return leaf(z.number().int().min(min).max(max), { kind: 'whole-number', min, max });
}

const boolean = leaf(z.boolean(), { kind: 'boolean' });
const port = wholeNumber(1, 65_535);

const NO_CONTROLS = /^[^\p{Cc}]+$/u;
const file = leaf(z.string().max(4096).regex(NO_CONTROLS), { kind: 'file' });
const pathOnHost = leaf(HostPath.regex(NO_CONTROLS), { kind: 'path-on-host' });

/** RFC 1123 names and IP addresses. */
const DNS_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;
const isAddress = (text: string) => isIP(text) !== 0 || DNS_NAME.test(text);
const address = leaf(z.string().refine(isAddress), { kind: 'address' });

/** Directory services allow more than useradd(8) in a login (`DOM\ann`, `ann@example.org`): all but blanks and controls. */
const LOGIN = /^[^\s\p{Cc}-][^\s\p{Cc}]{0,254}$/u;
const login = leaf(z.string().regex(LOGIN), { kind: 'login' });
/** `user@bastion:2222`, where only the address is needed; an IPv6 address with a port stands in brackets (ssh_config(5)). */
const jumpHost = leaf(z.string().refine(isJumpHost), { kind: 'jump-host' });

function isJumpHost(text: string): boolean {
  const { user, address, port } = parseJumpHost(text);
  return (user === null || LOGIN.test(user)) && isAddress(address) && (port === null || (port >= 1 && port <= 65_535));
}

const account = leaf(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,30}\$?$/), { kind: 'account' });

/** Without user and password, which would end up in process lists; without a slash at the end, so that a path can follow. */
const httpUrl = leaf(
  z
    .string()
    .refine((text) => isPlainHttpUrl(text))
    .transform((text) => new URL(text).href.replace(/\/+$/, '')),
  { kind: 'http-url' },
);

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

const storeUrl = leaf(z.string().regex(/^sqlite:(?!\/\/)[^\p{Cc}]+$/u), { kind: 'store-url' });

const Slack = z.strictObject({
  mode: oneOf(['socket', 'http']).default('socket'),
  port: port.default(3000),
  incidentChannel: leaf(ChannelId, { kind: 'channel-id' }),
});

const Store = z.strictObject({ url: storeUrl });

const Ssh = z.strictObject({ knownHosts: file, useSshConfig: boolean.default(false) });

const Registry = z.strictObject({
  layout: oneOf(['omnibus', 'distribution']),
  config: pathOnHost.optional(),
  url: httpUrl.optional(),
  debugUrl: httpUrl.optional(),
  serviceUser: account.optional(),
});

const commandWord = leaf(CommandWord, { kind: 'command-word' });

const Watch = z.strictObject({ intervalSeconds: wholeNumber(1, 86_400) });

const Host = z.strictObject({
  address,
  port: port.optional(),
  user: login,
  identityFile: file.optional(),
  passphraseFile: file.optional(),
  proxyJump: z.array(jumpHost).min(1).max(8).optional(),
  sudo: boolean.default(false),
  enter: z
    .array(commandWord)
    .min(1)
    .max(32)
    .refine(([program = '']) => !program.startsWith('-'), expecting({ kind: 'command' }))
    .optional(),
  registry: Registry,
  watch: Watch.optional(),
});

/** With `ssh.useSshConfig`, the user's ssh_config(5) may say where a host is and who logs in there. */
const HostInSshConfig = Host.extend({ address: address.optional(), user: login.optional() });
export type HostEntry = z.output<typeof HostInSshConfig>;

const People = z.strictObject({
  users: z.array(leaf(UserId, { kind: 'user-id' })).default([]),
  groups: z.array(leaf(GroupId, { kind: 'group-id' })).default([]),
});

const Policy = z.strictObject({
  requesters: People.optional(),
  approvers: People.optional(),
  allowSelfApproval: boolean.default(false),
  approvalTtlMinutes: wholeNumber(1, 120).default(15),
});

/** The config file. Unknown keys are errors everywhere. */
function configFile<H extends z.ZodType>(host: H) {
  return z.strictObject({
    slack: Slack.optional(),
    store: Store.optional(),
    ssh: Ssh,
    hosts: z
      .record(leaf(HostName, { kind: 'host-name' }), host)
      .refine((hosts) => Object.keys(hosts).length > 0, expecting({ kind: 'at-least-one-host' })),
    policy: Policy.prefault({}),
  });
}

const ConfigFile = configFile(Host);
const ConfigFileWithSshConfig = configFile(HostInSshConfig);
export type ConfigFile = z.output<typeof ConfigFileWithSshConfig>;

const UsesSshConfig = z.object({ ssh: z.object({ useSshConfig: z.literal(true) }) });

/** The schema for this very file: what a host may leave away depends on `ssh.useSshConfig`. */
export function configFileSchema(value: unknown): z.ZodType<ConfigFile> {
  return UsesSshConfig.safeParse(value).success ? ConfigFileWithSshConfig : ConfigFile;
}

/** The keys that each section may hold; `*` stands for a host's name. */
export const SECTION_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(ConfigFile.shape),
  slack: Object.keys(Slack.shape),
  store: Object.keys(Store.shape),
  ssh: Object.keys(Ssh.shape),
  'hosts.*': Object.keys(Host.shape),
  'hosts.*.registry': Object.keys(Registry.shape),
  'hosts.*.watch': Object.keys(Watch.shape),
  policy: Object.keys(Policy.shape),
  'policy.requesters': Object.keys(People.shape),
  'policy.approvers': Object.keys(People.shape),
};
