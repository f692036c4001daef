import { z } from 'zod';
import { type Fact, known, unknown } from '../../../model/fact.ts';
import { AclEntry } from '../../../model/host/facts.ts';
import { type HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';

const ENTRY = /^(user|group|mask|other):(\d*):([r-][w-][x-])$/;
/** The entries of owning user, owning group and others, which repeat the mode bits. */
const BASE_ENTRIES = 3;
const Entries = z.array(AclEntry);

/**
 * The output of one `getfacl -n -p -c -E` for several paths: a block of entries for each, in order, ended by an empty
 * line. Default entries are left out, because they do not affect access to the directory itself (acl(5)).
 */
export function parseAcls(output: Uint8Array, paths: readonly HostPath[]): ReadonlyMap<HostPath, Fact<AclEntry[]>> {
  const text = textFromBytes(output);
  if (!text.endsWith('.')) throw new MalformedOutput('cut');
  const blocks = text
    .slice(0, -1)
    .split('\n\n')
    .filter((block) => block !== '');
  if (blocks.length !== paths.length) {
    const why = unknown('acls-incomplete');
    return new Map(paths.map((path) => [path, why]));
  }
  return new Map(paths.map((path, index) => [path, known(parseBlock(blocks[index] ?? ''))]));
}

function parseBlock(block: string): AclEntry[] {
  const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith('default:'));
  const entries = Entries.parse(lines.map(parseEntry));
  return entries.length <= BASE_ENTRIES ? [] : entries;
}

function parseEntry(line: string): unknown {
  const [, tag, id, permissions] = ENTRY.exec(line) ?? [];
  if (tag === undefined) throw new MalformedOutput('unreadable', 'acls');
  return { tag, id: id ? decimal(id, 'ACL id') : null, permissions };
}
