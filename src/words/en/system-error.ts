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
};

/** Why a file could not be used, as a clause: the error's code in words, or its message where the code has none here. */
export function systemClause({ errno, said }: SystemProblem): string {
  return CODES[errno ?? ''] ?? said;
}

/** The same for an error that has just been caught. */
export function systemError(error: unknown): string {
  return systemClause(systemProblem(error));
}
