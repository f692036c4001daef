import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAcls } from '../../../src/host/probe/place/parse-acls.ts';
import { withAttributes } from '../../../src/host/probe/place/parse-attributes.ts';
import { parseMounts } from '../../../src/host/probe/place/parse-mounts.ts';
import { hasPermissions } from '../../../src/host/probe/place/parse-nodes.ts';
import { absent, known } from '../../../src/model/fact.ts';
import type { Facts, PathNode } from '../../../src/model/host/facts.ts';
import type { HostPath } from '../../../src/model/host/host-path.ts';
import { factsOf, withoutTries } from '../facts/facts-builder.ts';
import { nodesOfTree } from '../hosts/real-tree.ts';
import { linksAreProtected } from './link-protection.ts';

const SCRIPTS = new URL('../../../src/host/scripts/', import.meta.url);
const MOUNTS_AWK = ['awk/mounts/mounts.awk', 'awk/escape-path.awk']
  .map((name) => readFileSync(new URL(name, SCRIPTS), 'utf8'))
  .join('\n');

/**
 * The world as facts: every inode from `/` down. ACLs, attributes and mounts as the probe reads them. Nothing tested. A
 * path that is not among the nodes does not exist.
 */
export function factsOfWorld(top: string): Facts {
  const inodes = nodesOfTree(top, false);
  const withPermissions = inodes.flatMap((node) => (hasPermissions(node) ? [node.path] : []));
  return withoutTries(
    factsOf({
      nodes: withAttributes(withAcls(inodes, withPermissions), known(attributes(withPermissions))),
      mounts: known(parseMounts(execFileSync('awk', [MOUNTS_AWK, ...withPermissions]))),
      security: known({
        selinux: absent,
        processLabel: absent,
        protectedSymlinks: known(linksAreProtected()),
        protectedHardlinks: absent,
      }),
    }),
  );
}

function withAcls(nodes: readonly PathNode[], paths: readonly HostPath[]): PathNode[] {
  const output = spawnSync('getfacl', ['-n', '-p', '-c', '-E', '--', ...paths]).stdout;
  const acls = parseAcls(Buffer.concat([output, Buffer.from('.')]), paths);
  return nodes.map((node) => (hasPermissions(node) ? { ...node, acl: acls.get(node.path) ?? node.acl } : node));
}

/** lsattr fails if one of several filesystems keeps no attributes, and reports the others anyway. */
function attributes(paths: readonly HostPath[]): Uint8Array {
  const { stdout } = spawnSync('lsattr', ['-d', '--', ...paths]);
  return Buffer.concat([Buffer.from('\n'), stdout, Buffer.from('.')]);
}
