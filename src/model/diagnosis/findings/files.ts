import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { Mode } from '../../host/posix.ts';
import { PathRole } from '../../host/used-path.ts';
import { PermissionClass } from '../access.ts';
import { atPath, NoChmod } from './basics.ts';

/** Why a file cannot be used. */
export const FileCause = z.enum([
  /** A directory on the way lacks search permission. */
  'directory-closed',
  /** The file, or the directory that has to be written, lacks the permission itself. */
  'no-permission',
  'missing',
  /** It is not there, and its directory lets the service make nothing. */
  'cannot-be-made',
  /** A directory stands where the file should be: Docker makes one for a source of a bind mount that is missing. */
  'is-a-directory',
  /** A file stands where a directory of the path should be. */
  'not-a-directory',
  'symlink-loop',
  'read-only',
  'immutable',
  /** Written files only: nothing that is in it can be changed. */
  'append-only',
  /** A symlink on a mount that follows none (mount(2), MS_NOSYMFOLLOW). */
  'nosymfollow',
  /** A symlink of somebody else's in a sticky directory that all may write to (proc_sys_fs(5), protected_symlinks). */
  'protected-symlink',
]);
export type FileCause = z.infer<typeof FileCause>;

/** What can be wrong with the files that the registry needs beside its storage. */
export const FILE_FINDINGS = [
  z.strictObject({
    id: z.literal('file-unusable'),
    ...atPath,
    role: PathRole,
    /** The key of the config, or the environment variable, that names it; null: none does. */
    key: z.string().nullable(),
    /** The account that needs it, where that is not the registry's. */
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
    /** What it holds is for the service alone: a key, password hashes, a config with secrets. */
    secret: z.boolean(),
    /** A registry runs with what it read before: the fault shows at its next start. */
    running: z.boolean(),
    noChmod: NoChmod.nullable(),
  }),
] as const;
