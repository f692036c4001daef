import { z } from 'zod';
import { Fact, unknown } from '../fact.ts';
import { DiskSpace } from './disk.ts';
import { HostPath } from './host-path.ts';
import { Id } from './posix.ts';
import { TryResult } from './try-result.ts';

/** What the registry, or the GitLab that it belongs to, uses a path for. */
export const PathRole = z.enum([
  /** A directory inside the storage that is a symlink, a mount point, or in fstab. */
  'storage',
  'config',
  'htpasswd',
  'tls-certificate',
  'tls-key',
  'tls-client-ca',
  /** The directory for Let's Encrypt's account and certificates. */
  'acme-cache',
  /** auth.token.rootcertbundle: verifies tokens. */
  'token-certificate',
  /** The key that GitLab signs tokens with. */
  'token-key',
  /** The directory of the unix socket that the registry listens on. */
  'socket-directory',
  'log-directory',
  /** Known only from the registry's most recent log lines. */
  'named-in-log',
]);
export type PathRole = z.infer<typeof PathRole>;

/** A file or directory that the registry's config names. */
export const ConfiguredPath = z.strictObject({
  role: PathRole.exclude(['storage', 'config', 'token-key', 'log-directory', 'named-in-log']),
  /** The key of the config, such as `auth.htpasswd.path`, or the environment variable that overrides it. */
  key: z.string(),
  /** The path as the config has it. A relative one starts at the working directory of the process. */
  written: z.string(),
});
export type ConfiguredPath = z.infer<typeof ConfiguredPath>;

const NOT_TRIED = unknown('not-tried');
const Try = Fact(TryResult).default(NOT_TRIED);

/** A path, other than the storage root, that the registry or GitLab uses, and whether the account using it gets access. */
export const UsedPath = z.strictObject({
  role: PathRole,
  /** Like {@link ConfiguredPath.key}. Null: no key names it. */
  key: z.string().nullable(),
  /** Absolute, as the registry names it, symlinks included. */
  path: HostPath,
  /** The account that uses it. Null: the registry's own process. */
  usedBy: z.strictObject({ uid: Id, gid: Id, user: z.string() }).nullable(),
  /** Access tests on the whole path. For a missing file, `write` tells whether it can be created. */
  tries: z.strictObject({ stat: Try, list: Try, create: Try, read: Try, write: Try }),
  /** Free space; collected only for paths inside the storage. */
  space: Fact(DiskSpace).default(unknown('asked-inside-only')),
});
export type UsedPath = z.infer<typeof UsedPath>;
