import type { BareCode } from '../../model/reason.ts';

/** strerror(3) in the C locale: glibc's texts, and musl's or older ones where they differ. */
const CODES: readonly (readonly [words: RegExp, code: BareCode])[] = [
  [/^(permission denied|operation not permitted)$/i, 'not-permitted'],
  [/^no such file or directory$/i, 'not-there'],
  [/^not a directory$/i, 'not-a-directory'],
  [/^is a directory$/i, 'is-a-directory'],
  [/^(too many levels of symbolic links|symbolic link loop)$/i, 'too-many-links'],
  [/^read-only file system$/i, 'read-only-filesystem'],
  [/^stale (NFS )?file handle$/i, 'stale-handle'],
];

/** The code for a program's message about a failed system call. Undefined if the message is none of these errors. */
export function codeOfError(words: string): BareCode | undefined {
  return CODES.find(([pattern]) => pattern.test(words))?.[1];
}
