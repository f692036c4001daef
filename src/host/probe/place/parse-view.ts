import type { Facts, PathNode } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { decimal, type FieldValues, linesOf } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import type { OutputField } from '../../frame/read-fields.ts';
import { words } from './parse-identity.ts';
import { parseMounts } from './parse-mounts.ts';
import { pathFrom } from './parse-nodes.ts';

type HostPlace = { readonly path: HostPath; readonly hostPath: HostPath };

/** Whose mounts the probe saw, and the host's paths of the directories that it walked. */
export function parseView(
  fields: FieldValues,
  outputFields: readonly OutputField[],
  nodes: readonly PathNode[],
): Facts['view'] {
  const told = fields.text('view');
  if (told === 'host') return { kind: 'host' };
  const [kind, pid, startTicks] = words(told);
  if (kind !== 'process') throw new MalformedOutput('unreadable', 'view');
  return {
    kind,
    pid: decimal(pid, 'pid of the view'),
    startTicks: String(decimal(startTicks, 'start of the process')),
    hostPaths: hostPlaces(outputFields, linesOf(fields.bytes('host-stats')), nodes),
    hostMounts: fields.fact('host-mounts', parseMounts),
  };
}

/**
 * The host paths that are certain: the host has the same inode with the same owners there. A mount can show other
 * owners (mount_setattr(2)).
 */
function hostPlaces(
  outputFields: readonly OutputField[],
  stats: readonly string[],
  nodes: readonly PathNode[],
): HostPlace[] {
  const found = placesFound(outputFields);
  if (found.length !== stats.length) return [];
  const inodes = new Map(nodes.map((node) => [node.path, inodeOf(node)]));
  return found.filter(({ path }, index) => inodes.get(path) === stats[index]);
}

function inodeOf(node: PathNode): string | null {
  return node.state === 'present' ? `${node.device}:${node.inode}:${node.uid}:${node.gid}` : null;
}

function placesFound(outputFields: readonly OutputField[]): HostPlace[] {
  return outputFields.flatMap(({ key, value }, index) => {
    if (key !== 'host-path-of') return [];
    const next = outputFields[index + 1];
    if (next?.key !== 'host-path') throw new MalformedOutput('unexpected', 'host-path-of');
    return [{ path: pathFrom(value), hostPath: pathFrom(next.value) }];
  });
}
