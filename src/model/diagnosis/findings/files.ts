import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { Mode } from '../../host/posix.ts';
import { PathRole } from '../../host/used-path.ts';
import { PermissionClass } from '../access.ts';
import { atPath, NoChmod } from './basics.ts';

/** Why a file can't be used. */
export const FileCause = z.enum([
  /** A directory on the path has no search permission. */
  'directory-closed',
  /** The file, or the directory to be written, has no permission itself. */
  'no-permission',
  'missing',
  /** It is missing, and the service can't create files in its directory. */
  'cannot-be-made',
  /** A directory is at the file's path: Docker creates one for a missing source of a bind mount. */
  'is-a-directory',
  /** A file is at the path of a directory. */
  'not-a-directory',
  'symlink-loop',
  'read-only',
  'immutable',
  /** Written files only: existing content can't be changed. */
  'append-only',
  /** A symlink on a mount that follows none (mount(2), MS_NOSYMFOLLOW). */
  'nosymfollow',
  /**
   * A symlink of another owner in a sticky directory that everyone can write to (proc_sys_fs(5), protected_symlinks).
   */
  'protected-symlink',
]);
export type FileCause = z.infer<typeof FileCause>;

/** Faults of the files that the registry needs outside its storage. */
export const FILE_FINDINGS = [
  z.strictObject({
    id: z.literal('file-unusable'),
    ...atPath,
    role: PathRole,
    /** The config key, or the environment variable, that names it. Null: none does. */
    key: z.string().nullable(),
    /** The account that needs it, if that is not the registry's. */
    usedBy: z.string().nullable(),
    cause: FileCause,
    /** The directory or file that blocks it, by its physical path. */
    blockedAt: HostPath,
    /** Further directories or files that block it. */
    alsoBlockedAt: z.array(HostPath).max(64),
    mode: Mode.nullable(),
    owner: z.string().nullable(),
    group: z.string().nullable(),
    decidedBy: PermissionClass.nullable(),
    lacking: z.array(z.enum(['r', 'w', 'x'])),
    /** Whether only the service should read the content: a key, password hashes, a config with secrets. */
    secret: z.boolean(),
    /** Whether another file that the registry uses is known to be in the directory at the file's path. */
    holdsOthers: z.boolean().default(false),
    /** The registry is running with what it read before, so the fault shows at its next start. */
    running: z.boolean(),
    noChmod: NoChmod.nullable(),
  }),
] as const;
