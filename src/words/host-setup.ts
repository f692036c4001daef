import type { HostSettings } from '../model/settings/settings.ts';
import { LOAD_SLACK_ENV, shellWord } from './setup-words.ts';

export type HostSetup = {
  readonly host: HostSettings;
  /** The public key as in its .pub file. Null: there is no such file beside the private key. */
  readonly publicKey: string | null;
  /** The key that plans are signed with; null: none is configured. */
  readonly signing: { readonly file: string; readonly publicKey: string | null } | null;
  /** How Registry Doctor is typed on the bot's machine. */
  readonly program: string;
  /** SHA-256 of the guard as this version prints it. */
  readonly guardDigest: string;
  readonly knownHosts: string;
  readonly configFile: string;
  /** Whether this runs as root, who can start what follows as the bot's user. */
  readonly isRoot: boolean;
};

/** The private keys whose public keys the steps need and don't find: that of the login, and that of the plans. */
export function missingKeys({ host, publicKey, signing }: HostSetup): readonly string[] {
  const { identityFile } = host.ssh;
  return [
    ...(publicKey === null && identityFile !== null ? [identityFile] : []),
    ...(host.guard !== null && signing?.publicKey === null ? [signing.file] : []),
  ];
}

type Tried = Pick<HostSetup, 'host' | 'configFile' | 'program' | 'isRoot'>;

/** The commands that try what was set up, each a line. */
export function trialCommands({ host, configFile, program, isRoot }: Tried): readonly string[] {
  const asBot = isRoot ? `runuser -u registry-doctor -- ${program}` : program;
  return [
    ...(isRoot ? [LOAD_SLACK_ENV] : []),
    `${asBot} check --config ${shellWord(configFile)}`,
    `${asBot} diagnose ${host.name} --config ${shellWord(configFile)}`,
  ];
}

/** Asks the host for its keys, as any user: it needs neither key nor known_hosts, and so also shows whether sshd answers. */
export function keyscanCommand({ address, port }: Pick<HostSettings['ssh'], 'address' | 'port'>): string {
  return `ssh-keyscan -p ${port} ${shellWord(address)}`;
}

/** Shows the keys of this host that the bot knows already. */
export function knownKeysCommand({ host, knownHosts }: Pick<HostSetup, 'host' | 'knownHosts'>): string {
  const { address, port } = host.ssh;
  const name = port === 22 ? address : `[${address}]:${port}`;
  return `ssh-keygen -F ${shellWord(name)} -f ${shellWord(knownHosts)}`;
}

/** A heading, and the lines below it. */
export type Step = readonly [title: string, ...lines: string[]];

/** What two lines with the same key have in common: neither options nor comment. Null: it is no public key. */
export function bareKey(publicKey: string): string | null {
  return publicKey.split(' ')[1] ?? null;
}

/** The bot becomes root there by sudo, for its scripts or for the installed guard. */
export function needsSudo({ ssh, guard }: HostSettings): boolean {
  return ssh.user !== 'root' && (ssh.sudo || guard !== null);
}

/** The files of sshd's own keys, by the beginning of the key's type (sshd_config(5), HostKey). */
const HOST_KEY_FILES: readonly (readonly [type: RegExp, file: string])[] = [
  [/^ssh-ed25519/, 'ssh_host_ed25519_key.pub'],
  [/^ecdsa-/, 'ssh_host_ecdsa_key.pub'],
  [/^(ssh-)?rsa/, 'ssh_host_rsa_key.pub'],
];

/** What shows, on the host, the fingerprint of its key of this type; of all its keys if the type is unknown. */
export function fingerprintCommand(type: string | null): string {
  const [, file] = HOST_KEY_FILES.find(([of]) => type !== null && of.test(type)) ?? [];
  if (file !== undefined) return `ssh-keygen -lf /etc/ssh/${file}`;
  return 'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done';
}

/** Makes a key pair for the bot, without a passphrase. */
export function keygenCommand(file: string): string {
  return `ssh-keygen -t ed25519 -N '' -C registry-doctor -f ${shellWord(file)}`;
}
