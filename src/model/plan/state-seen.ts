/**
 * The state of a step's directory or file, actual or expected: the value that the step sets, or a code for anything
 * else.
 */
export type StateSeen =
  /** A mode, `uid:gid` or an ACL. */
  | { readonly code: 'value'; readonly value: string }
  | { readonly code: StateCode }
  /** `device:inode`. */
  | { readonly code: 'inode'; readonly inode: string }
  /** The number of entries in a tree that have this owner or mode. */
  | { readonly code: 'entries'; readonly count: number; readonly of: string }
  /** Entries of a tree that are not the listed ones. */
  | { readonly code: 'other-entries'; readonly count: number };

/** `mixed`: some entries of a tree are as before, some as planned. `unseen`: it could not be opened. */
const STATE_CODES = [
  'not-there',
  'unseen',
  'unreadable',
  'other-directory',
  'other-file',
  'mixed',
  'no-acl',
  'other-entries-uncounted',
] as const;
type StateCode = (typeof STATE_CODES)[number];

/** Reads a state from a guard or from the record: a value, `CODE`, or `CODE VALUE…`. */
export function stateSeen(text: string): StateSeen {
  const code = STATE_CODES.find((known) => known === text);
  if (code !== undefined) return { code };
  const [, inode] = /^inode (\d+:\d+)$/.exec(text) ?? [];
  if (inode !== undefined) return { code: 'inode', inode };
  const [, count, of] = /^entries (\d{1,9}) (\S+)$/.exec(text) ?? [];
  if (of !== undefined) return { code: 'entries', count: Number(count), of };
  const [, others] = /^other-entries (\d{1,9})$/.exec(text) ?? [];
  return others === undefined ? { code: 'value', value: text } : { code: 'other-entries', count: Number(others) };
}
