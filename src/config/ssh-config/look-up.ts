import { join } from 'node:path';
import type { SshLogin } from '../../model/settings/settings.ts';
import { parseJumpHost } from '../schema/jump-host.ts';
import { type Asked, type Options, obtainOptions } from './obtained-options.ts';
import type { SshConfigFiles } from './ssh-config-files.ts';
import { UnusableSshConfig } from './ssh-config-problem.ts';

/** What the user's ssh_config(5) says about a host's name. Null: it names none, and ssh(1) has no default either. */
export type SshConfigEntry = Pick<SshLogin, 'address' | 'port' | 'user'> & {
  readonly identityFile: string | null;
  /** Nearest first. Null: the config does not mention jump hosts. */
  readonly jumps: readonly SshConfigLogin[] | null;
};

export type SshConfigLogin = Pick<SshLogin, 'address' | 'port' | 'user'> & { readonly identityFile: string | null };

const SSH_PORT = 22;
/** ssh(1) would start as many processes. No real setup needs more. */
const MAX_JUMPS = 8;

/**
 * Resolves a host as ssh(1) does.
 *
 * @throws UnusableSshConfig if the config has something that can't be followed
 */
export function lookUp(files: SshConfigFiles, asked: Asked): SshConfigEntry {
  const options = obtainOptions(files, asked);
  return { ...loginOf(options, files.home, asked), jumps: jumpsOf(options.proxyJump, files, asked) };
}

/** The jump hosts that a ProxyJump names, each resolved by its own name. The first can itself be behind others. */
export function lookUpJumps(text: string, files: SshConfigFiles, localUser: string): readonly SshConfigLogin[] {
  return expandJumps(text, files, localUser, []);
}

function jumpsOf(
  proxyJump: string | null,
  files: SshConfigFiles,
  { localUser }: Asked,
): readonly SshConfigLogin[] | null {
  if (proxyJump === null) return null;
  return proxyJump.toLowerCase() === 'none' ? [] : lookUpJumps(proxyJump, files, localUser);
}

function expandJumps(
  text: string,
  files: SshConfigFiles,
  localUser: string,
  behind: readonly SshConfigLogin[],
): readonly SshConfigLogin[] {
  const words = text.split(',').map((word) => word.trim());
  const named = words.map((word) => jumpNamed(word, files, localUser));
  const jumps = [...named.map(({ login }) => login), ...behind];
  if (jumps.length > MAX_JUMPS) throw new UnusableSshConfig({ what: 'jumps', max: MAX_JUMPS });
  // Only the nearest is reached by a way of its own: ssh(1) goes to the others through those before them.
  const nearest = named[0]?.proxyJump ?? null;
  return nearest === null || nearest.toLowerCase() === 'none' ? jumps : expandJumps(nearest, files, localUser, jumps);
}

function jumpNamed(word: string, files: SshConfigFiles, localUser: string) {
  const { user, address, port } = parseJumpHost(word.replace(/^ssh:\/\//i, ''));
  if (address === '' || Number.isNaN(port)) throw new UnusableSshConfig({ what: 'value', text: `ProxyJump ${word}` });
  const asked = { name: address, localUser };
  const options = obtainOptions(files, asked);
  const login = loginOf(
    { ...options, user: user ?? options.user, port: port?.toString() ?? options.port },
    files.home,
    asked,
  );
  return { login, proxyJump: options.proxyJump };
}

function loginOf(options: Options, home: string, { name, localUser }: Asked): SshConfigLogin {
  const tokens = new Map([
    ['%', '%'],
    ['h', name],
  ]);
  // ssh(1) looks names up in lower case, here and in known_hosts.
  const address = expanded(options.hostName ?? name, tokens, 'HostName').toLowerCase();
  const user = options.user ?? localUser;
  const forFiles = new Map([...tokens, ['h', address], ['d', home], ['r', user], ['u', localUser], ['n', name]]);
  return { address, port: portOf(options.port), user, identityFile: fileOf(options.identityFile, home, forFiles) };
}

function portOf(text: string | null): number {
  if (text === null) return SSH_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new UnusableSshConfig({ what: 'value', text: `Port ${text}` });
  return port;
}

function fileOf(text: string | null, home: string, tokens: ReadonlyMap<string, string>): string | null {
  if (text === null || text.toLowerCase() === 'none') return null;
  const path = expanded(text, tokens, 'IdentityFile');
  return path.startsWith('~/') ? join(home, path.slice(2)) : path;
}

/** ssh_config(5), TOKENS. Ignoring an unknown token would name something other than ssh(1) does. */
function expanded(text: string, tokens: ReadonlyMap<string, string>, keyword: string): string {
  if (text.includes('${')) throw new UnusableSshConfig({ what: 'value', text: `${keyword} ${text}` });
  return text.replace(/%(.?)/g, (_, token: string) => {
    const value = tokens.get(token);
    if (value === undefined) throw new UnusableSshConfig({ what: 'value', text: `${keyword} ${text}` });
    return value;
  });
}
