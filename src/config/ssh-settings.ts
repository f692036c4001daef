import { homedir, userInfo } from 'node:os';
import type { HostName } from '../model/record/ids.ts';
import type { SshConfigProblem } from '../model/settings/config-problem.ts';
import type { SshLogin, SshSettings } from '../model/settings/settings.ts';
import type { HostEntry } from './schema/config-schema.ts';
import { parseJumpHost } from './schema/jump-host.ts';
import { lookUp, lookUpJumps, type SshConfigEntry } from './ssh-config/look-up.ts';
import { SshConfigFiles } from './ssh-config/ssh-config-files.ts';
import { UnusableSshConfig } from './ssh-config/ssh-config-problem.ts';

const SSH_PORT = 22;

/** Turns a file named in the config into an absolute path. */
type Absolute = (file: string) => string;

/**
 * How a host is reached, from the config file only. The schema guarantees `address` and `user`. The login on a jump
 * host is the host's own, with the same key, unless its text names another login.
 */
export function sshSettings(entry: HostEntry, absolute: Absolute): SshSettings {
  const { address = '', port = SSH_PORT, user = '', sudo } = entry;
  const key = keyOf(entry, absolute);
  const jumps = (entry.proxyJump ?? []).map((text): SshLogin => {
    const jump = parseJumpHost(text);
    return { address: jump.address, port: jump.port ?? SSH_PORT, user: jump.user ?? user, ...key };
  });
  return { address, port, user, ...key, jumps, sudo };
}

export type SshConfigReading =
  | { readonly kind: 'settings'; readonly settings: SshSettings }
  | { readonly kind: 'problem'; readonly problem: SshConfigProblem };

/**
 * Like {@link sshSettings}, but the user's own `~/.ssh/config`, as ssh(1) reads it, fills in what the config file
 * leaves out.
 */
export function sshSettingsWithSshConfig(
  name: HostName,
  entry: HostEntry,
  absolute: Absolute,
  home = homedir(),
): SshConfigReading {
  try {
    return { kind: 'settings', settings: merged(name, entry, absolute, new SshConfigFiles(home)) };
  } catch (error) {
    if (error instanceof UnusableSshConfig) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}

function merged(name: HostName, entry: HostEntry, absolute: Absolute, files: SshConfigFiles): SshSettings {
  const localUser = userInfo().username;
  const found = lookUp(files, { name, localUser });
  const key = keyOf(entry, absolute);
  const identityFile = key.identityFile ?? found.identityFile;
  const jumps = jumpsOf(entry, found, files, localUser).map((jump) => ({
    ...jump,
    identityFile: jump.identityFile ?? identityFile,
    passphraseFile: key.passphraseFile,
  }));
  return {
    address: entry.address ?? found.address,
    port: entry.port ?? found.port,
    user: entry.user ?? found.user,
    identityFile,
    passphraseFile: key.passphraseFile,
    jumps,
    sudo: entry.sudo,
  };
}

function jumpsOf(entry: HostEntry, found: SshConfigEntry, files: SshConfigFiles, localUser: string) {
  if (entry.proxyJump === undefined) return found.jumps ?? [];
  return lookUpJumps(entry.proxyJump.join(','), files, localUser);
}

function keyOf({ identityFile, passphraseFile }: HostEntry, absolute: Absolute) {
  return {
    identityFile: identityFile === undefined ? null : absolute(identityFile),
    passphraseFile: passphraseFile === undefined ? null : absolute(passphraseFile),
  };
}
