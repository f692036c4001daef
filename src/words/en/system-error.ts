import { type SystemProblem, systemProblem } from '../../model/system-problem.ts';

/** Error codes of the operating system (errno(3)) that operators meet, in words. */
const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'it is a directory, not a file',
  ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symlinks',
  EIO: 'input/output error',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
  ENAMETOOLONG: 'the name is too long',
  ENOMEM: 'out of memory',
  ESTALE: 'the network file system has lost it',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed by the other side',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'timed out',
  EADDRINUSE: 'the port is in use',
  EADDRNOTAVAIL: 'this machine does not have that address',
  EPIPE: 'the other side no longer reads',
};

/** Why a file could not be used, as a clause: the error's code in words, or its message where the code has none here. */
export function systemClause({ errno, said }: SystemProblem): string {
  return CODES[errno ?? ''] ?? said;
}

/** The same for an error that has just been caught. */
export function systemError(error: unknown): string {
  return systemClause(systemProblem(error));
}
