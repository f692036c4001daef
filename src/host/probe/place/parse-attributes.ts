import { type Fact, known, unknown } from '../../../model/fact.ts';
import type { PathNode } from '../../../model/host/facts.ts';
import { bytesFromText, type HostPath } from '../../../model/host/host-path.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { hasPermissions } from './parse-nodes.ts';

/** The letters that `lsattr -d` prints for one directory, such as `----i---------e-------`. */
type Letters = string;

const LETTERS = /^[-A-Za-z]{1,64}$/;
const NEWLINE = 0x0a;

/**
 * Adds the attributes to the directories and files on the path. lsattr's output is the path of the view on a line, then
 * `LETTERS VIEW/PATH` for each file that could be read, in order, and a dot at the end.
 */
export function withAttributes(nodes: readonly PathNode[], output: Fact<Uint8Array>): PathNode[] {
  const letters = lettersByPath(
    nodes.flatMap((node) => (hasPermissions(node) ? [node.path] : [])),
    output,
  );
  return nodes.map((node) => {
    if (node.state !== 'present') return node;
    const of = letters.get(node.path) ?? unknown('not-asked-of-links');
    return { ...node, immutable: has(of, 'i'), appendOnly: has(of, 'a') };
  });
}

function has(letters: Fact<Letters>, letter: 'i' | 'a'): Fact<boolean> {
  return letters.state === 'known' ? known(letters.value.includes(letter)) : letters;
}

function lettersByPath(paths: readonly HostPath[], output: Fact<Uint8Array>): Map<HostPath, Fact<Letters>> {
  if (output.state !== 'known') return new Map(paths.map((path) => [path, output]));
  const bytes = Buffer.from(output.value);
  if (bytes.at(-1) !== 0x2e) throw new MalformedOutput('cut');
  const viewEnd = bytes.indexOf(NEWLINE);
  const view = bytes.subarray(0, viewEnd);
  let at = viewEnd + 1;
  return new Map(
    paths.map((path) => {
      const name = Buffer.concat([view, bytesFromText(path), Buffer.of(NEWLINE)]);
      const nameAt = bytes.indexOf(0x20, at) + 1;
      const letters = bytes.toString('latin1', at, nameAt - 1);
      const isNext = LETTERS.test(letters) && bytes.subarray(nameAt, nameAt + name.length).equals(name);
      if (!isNext) return [path, unknown('attributes-unread')];
      at = nameAt + name.length;
      return [path, known(letters)];
    }),
  );
}
