import { z } from 'zod';
import { AclEntry } from './posix.ts';

/** Limit for the text of an ACL, more than a filesystem keeps for one inode. */
const MAX_ACL_TEXT = 65_536;

/**
 * Access ACL entries as one line: those of acl(5) in the order of getfacl(1), with numeric ids, joined by commas:
 * `user::rwx,user:993:--x,group::r-x,mask::r-x,other::---`. Default entries are not included.
 */
export const AclText = z
  .string()
  .max(MAX_ACL_TEXT)
  .regex(/^(user|group|mask|other):\d*:[r-][w-][x-](,(user|group|mask|other):\d*:[r-][w-][x-])*$/);
export type AclText = z.infer<typeof AclText>;

export function aclText(entries: readonly AclEntry[]): AclText {
  return entries.map(({ tag, id, permissions }) => `${tag}:${id ?? ''}:${permissions}`).join(',');
}

/** @throws ZodError if the text is not an {@link AclText} */
export function aclEntries(text: string): AclEntry[] {
  return AclText.parse(text)
    .split(',')
    .map((entry) => {
      const [tag, id, permissions] = entry.split(':');
      return AclEntry.parse({ tag, id: id ? Number(id) : null, permissions });
    });
}

/** Whether both entries have the same subject, so that setfacl(1) would replace one with the other. */
export function isSameEntry(one: AclEntry, other: AclEntry): boolean {
  return one.tag === other.tag && one.id === other.id;
}

/** r = 4, w = 2, x = 1, as in a mode. */
export function bitsOfEntry({ permissions }: AclEntry): number {
  return (permissions[0] === 'r' ? 4 : 0) | (permissions[1] === 'w' ? 2 : 0) | (permissions[2] === 'x' ? 1 : 0);
}

/** The three letters of such bits: `r-x`. */
export function entryLetters(bits: number): string {
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}
