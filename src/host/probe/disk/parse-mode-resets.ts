import type { ModeReset } from '../../../model/host/disk.ts';
import type { PathNode } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { type CommandReset, commandResets } from './command-resets.ts';
import { matchesGlob } from './glob.ts';
import { parseTmpfilesLine, type TmpfilesLine } from './tmpfiles-line.ts';

/** What is known of the path to the storage. */
type Way = { readonly nodes: readonly PathNode[]; readonly storageRoot: HostPath };

/**
 * Parses boot-time rules, lines of `KIND FILE LINE` separated by tabs, and keeps those that name a directory which can
 * be on the path. If the name goes through a symlink, the diagnosis decides later whether it is.
 *
 * @throws MalformedOutput
 */
export function parseModeResets(lines: readonly string[], way: Way): ModeReset[] {
  return lines.flatMap((text) => {
    const [kind, file, line] = text.split('\t');
    if (file === undefined || line === undefined) throw new MalformedOutput('unreadable', 'mode reset');
    if (kind === 'tmpfiles') return ofTmpfiles(parseTmpfilesLine(line), { kind, file, line }, way);
    if (kind !== 'cron' && kind !== 'unit') throw new MalformedOutput('unexpected', 'mode reset');
    return commandResets(line).flatMap((command) => ofCommand(command, { kind, file, line }, way));
  });
}

type Origin = Pick<ModeReset, 'kind' | 'file' | 'line'>;

function ofTmpfiles(line: TmpfilesLine | null, origin: Origin, way: Way): ModeReset[] {
  if (line === null) return [];
  const { pattern, isGlob, ...effect } = line;
  const hits = isGlob ? matching(pattern, way) : concerned([pattern], way);
  return hits.map((path) => ({ ...origin, path, ...effect }));
}

function ofCommand({ paths, ...effect }: CommandReset, origin: Origin, way: Way): ModeReset[] {
  const hits = paths.flatMap((path) => (/[*?[]/.test(path) ? matching(path, way) : concerned([path], way)));
  return hits.map((path) => ({ ...origin, path, ...effect }));
}

/** The paths that are a directory on the path or above one, or that begin with a symlink on it. */
function concerned(paths: readonly string[], { nodes, storageRoot }: Way): HostPath[] {
  const isConcerned = (path: string) =>
    isAtOrAbove(path, storageRoot) ||
    nodes.some((node) => isAtOrAbove(path, node.path) || (isLink(node) && path.startsWith(`${node.path}/`)));
  return paths.filter(isConcerned).flatMap((path) => HostPath.safeParse(path).data ?? []);
}

function matching(pattern: string, { nodes }: Way): HostPath[] {
  return nodes.map(({ path }) => path).filter((path) => matchesGlob(pattern, path));
}

function isAtOrAbove(path: string, place: HostPath): boolean {
  return path !== '/' && (place === path || place.startsWith(`${path}/`));
}

function isLink(node: PathNode): boolean {
  return node.state === 'present' && node.kind === 'symlink';
}
