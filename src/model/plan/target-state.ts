/**
 * The state of a step's directory or file, actual or expected. It is the value that the step sets, or a code for
 * another state.
 */
export type TargetState =
  /** The value is a mode, `uid:gid` or an ACL. */
  | { readonly code: 'value'; readonly value: string }
  | { readonly code: StateCode }
  /** `fileId` is `device:inode`. */
  | { readonly code: 'inode'; readonly fileId: string }
  /** `count` entries of a tree have this owner or mode. */
  | { readonly code: 'entries'; readonly count: number; readonly ownerOrMode: string }
  /** `count` entries of a tree are not on the plan's list. */
  | { readonly code: 'other-entries'; readonly count: number };

/** The codes without a value. `mixed`: some entries of a tree are as before, some as planned. `unseen`: it could not be opened. */
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

/** Parses a state from the guard's output or the audit record: a value, `CODE`, or `CODE VALUE…`. */
export function targetState(text: string): TargetState {
  const code = STATE_CODES.find((known) => known === text);
  if (code !== undefined) return { code };
  const [, fileId] = /^inode (\d+:\d+)$/.exec(text) ?? [];
  if (fileId !== undefined) return { code: 'inode', fileId };
  const [, count, ownerOrMode] = /^entries (\d{1,9}) (\S+)$/.exec(text) ?? [];
  if (ownerOrMode !== undefined) return { code: 'entries', count: Number(count), ownerOrMode };
  const [, others] = /^other-entries (\d{1,9})$/.exec(text) ?? [];
  return others === undefined ? { code: 'value', value: text } : { code: 'other-entries', count: Number(others) };
}
