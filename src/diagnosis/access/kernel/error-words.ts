/** Errors of a system call that are told apart here. */
export type ErrorName = 'EACCES' | 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'EROFS';

/** strerror(3) in the C locale, of glibc and of musl where that says it otherwise. */
const WORDS: Readonly<Record<ErrorName, RegExp>> = {
  EACCES: /^permission denied$/i,
  ENOENT: /^no such file or directory$/i,
  ENOTDIR: /^not a directory$/i,
  ELOOP: /^(too many levels of symbolic links|symbolic link loop)$/i,
  EROFS: /^read-only file system$/i,
};

/** True when a program's words for a failed call are those of this error. */
export function saysError(words: string, error: ErrorName): boolean {
  return WORDS[error].test(words.trim());
}
