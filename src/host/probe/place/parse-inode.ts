import { z } from 'zod';
import { absent, known } from '../../../model/fact.ts';
import { Mode, type NodeKind, type PresentNode } from '../../../model/host/facts.ts';
import { decimal } from '../../frame/field-values.ts';

/** What stat(1) reports about an inode. */
export type Inode = Omit<PresentNode, 'state' | 'path' | 'target' | 'acl' | 'immutable' | 'appendOnly'>;

/** The kinds of inodes in the upper bits of `st_mode` (inode(7)). */
const KINDS: ReadonlyMap<number, NodeKind> = new Map([
  [0o040000, 'directory'],
  [0o120000, 'symlink'],
  [0o100000, 'file'],
]);
const KIND_BITS = 0o170000;
const MODE_BITS = 0o7777;

/** `%f:%u:%g:%d:%i:%Z:%Y:%W:%U:%G` of stat(1). Neither a number nor a name can contain a colon (passwd(5)). */
const Field = z.string().regex(/^.{1,256}$/);
const StatLine = z
  .string()
  .transform((line) => line.split(':'))
  .pipe(z.tuple([z.string().regex(/^[0-9a-f]{1,8}$/), Field, Field, Field, Field, Field, Field, Field, Field, Field]));

/** One line of stat(1) in the format that examine.sh asks for. */
export function parseInode(line: string): Inode {
  const [rawMode, uid, gid, device, inode, changed, modified, born, owner, group] = StatLine.parse(line);
  const mode = Number.parseInt(rawMode, 16);
  return {
    kind: KINDS.get(mode & KIND_BITS) ?? 'other',
    mode: Mode.parse((mode & MODE_BITS).toString(8).padStart(4, '0')),
    uid: decimal(uid, 'uid'),
    gid: decimal(gid, 'gid'),
    owner: nameOr(owner, uid),
    group: nameOr(group, gid),
    device,
    inode,
    changedAt: decimal(changed, 'ctime'),
    modifiedAt: known(decimal(modified, 'mtime')),
    // GNU stat prints 0 for an unknown time. busybox has no %W and prints something else.
    bornAt: /^[1-9]\d*$/.test(born) ? known(decimal(born, 'birth time')) : absent,
  };
}

/** The name, or the id if the user database has no name for it: stat(1) then prints UNKNOWN. */
function nameOr(name: string, id: string): string {
  return name === 'UNKNOWN' ? id : name;
}
