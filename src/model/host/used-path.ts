import { z } from 'zod';
import { Fact, unknown } from '../fact.ts';
import { DiskSpace } from './disk.ts';
import { HostPath } from './host-path.ts';
import { Id } from './posix.ts';
import { TryResult } from './try-result.ts';

/** What the registry, or the GitLab beside it, needs a path for. */
export const PathRole = z.enum([
  /** A directory inside the storage that is a symlink, a mount point, or one that fstab names. */
  'storage',
  'config',
  'htpasswd',
  'tls-certificate',
  'tls-key',
  'tls-client-ca',
  /** Where Let's Encrypt's account and certificates are kept. */
  'acme-cache',
  /** auth.token.rootcertbundle: what tokens are checked with. */
  'token-certificate',
  /** What GitLab signs tokens with. */
  'token-key',
  /** The directory of the unix socket that the registry listens on. */
  'socket-directory',
  'log-directory',
  /** Only the registry's own last words name it. */
  'named-in-log',
]);
export type PathRole = z.infer<typeof PathRole>;

/** A file or directory that the registry's config names, as far as it was read. */
export const ConfiguredPath = z.strictObject({
  role: PathRole.exclude(['storage', 'config', 'token-key', 'log-directory', 'named-in-log']),
  /** The key of the config, such as `auth.htpasswd.path`, or the environment variable that overrides it. */
  key: z.string(),
  /** As it is written there: it may be relative to the working directory of the process. */
  written: z.string(),
});
export type ConfiguredPath = z.infer<typeof ConfiguredPath>;

const NOT_TRIED = unknown('not-tried');
const Try = Fact(TryResult).default(NOT_TRIED);

/** A path that the registry uses, beside its storage root, and what the kernel answered whoever uses it. */
export const UsedPath = z.strictObject({
  role: PathRole,
  /** As {@link ConfiguredPath.key}; null: no key names it. */
  key: z.string().nullable(),
  /** Absolute, as the registry calls it: symlinks are in it. */
  path: HostPath,
  /** The account that uses it; null: the registry's own process. */
  usedBy: z.strictObject({ uid: Id, gid: Id, user: z.string() }).nullable(),
  /** Asked by the whole path. `write`: of a file that is not there, whether it can be made. */
  tries: z.strictObject({ stat: Try, list: Try, create: Try, read: Try, write: Try }),
  /** Room on the filesystem at its end; asked inside the storage only. */
  space: Fact(DiskSpace).default(unknown('asked-inside-only')),
});
export type UsedPath = z.infer<typeof UsedPath>;
