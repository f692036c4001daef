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

/** Why a file could not be used, as a clause; `message` where the code has no words here. */
export function systemError(code: string | null, message: string): string {
  return (code === null ? undefined : CODES[code]) ?? message;
}
