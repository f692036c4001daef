import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAcls } from '../../../src/host/parse-acls.ts';
import { withAttributes } from '../../../src/host/parse-attributes.ts';
import { parseMounts } from '../../../src/host/parse-mounts.ts';
import { absent, known } from '../../../src/model/fact.ts';
import type { Facts, PathNode, PresentNode } from '../../../src/model/facts.ts';
import type { HostPath } from '../../../src/model/host-path.ts';
import { factsOf, withoutTries } from '../facts-builder.ts';
import { nodesOfTree } from '../real-tree.ts';
import { linksAreProtected } from './link-protection.ts';

const SCRIPTS = new URL('../../../src/host/scripts/', import.meta.url);
const MOUNTS_AWK = ['mounts.awk', 'escape-path.awk']
  .map((name) => readFileSync(new URL(name, SCRIPTS), 'utf8'))
  .join('\n');

/**
 * The world as facts: every inode from `/` down; ACLs, attributes and mounts as the probe asks for them and reads them;
 * nothing tried. What the nodes lack is not there.
 */
export function factsOfWorld(top: string): Facts {
  const inodes = nodesOfTree(top, false);
  const directories = inodes.flatMap((node) => (isDirectory(node) ? [node.path] : []));
  return withoutTries(
    factsOf({
      nodes: withAttributes(withAcls(inodes, directories), known(attributes(directories))),
      mounts: known(parseMounts(execFileSync('awk', [MOUNTS_AWK, ...directories]))),
      security: known({
        selinux: absent,
        processLabel: absent,
        protectedSymlinks: known(linksAreProtected()),
        protectedHardlinks: absent,
      }),
    }),
  );
}

function withAcls(nodes: readonly PathNode[], directories: readonly HostPath[]): PathNode[] {
  const output = spawnSync('getfacl', ['-n', '-p', '-c', '-E', '--', ...directories]).stdout;
  const acls = parseAcls(Buffer.concat([output, Buffer.from('.')]), directories);
  return nodes.map((node) => (isDirectory(node) ? { ...node, acl: acls.get(node.path) ?? node.acl } : node));
}

/** lsattr fails where one filesystem of several keeps no attributes, and tells of the others all the same. */
function attributes(directories: readonly HostPath[]): Uint8Array {
  const { stdout } = spawnSync('lsattr', ['-d', '--', ...directories]);
  return Buffer.concat([Buffer.from('\n'), stdout, Buffer.from('.')]);
}

function isDirectory(node: PathNode): node is PresentNode {
  return node.state === 'present' && node.kind === 'directory';
}
