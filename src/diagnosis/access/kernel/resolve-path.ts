import type { PathNode, PresentNode } from '../../../model/host/facts.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import type { Reason } from '../../../model/reason.ts';

/** A symlink on the path. */
export type Link = { readonly path: HostPath; readonly target: string };

/**
 * A file or directory on the path, or the position where one is missing. Each is listed once, where the path first
 * reaches it.
 */
export type Visit = {
  readonly node: PathNode;
  /** The kernel looked a name up in this directory, which needs its `x`. */
  searched: boolean;
  /** The last symlink on the path before it. */
  readonly through: Link | null;
};

/** Where the path ends. */
export type WayEnd =
  | { readonly kind: 'directory'; readonly root: PresentNode }
  /** A file at the end, where one is allowed. */
  | { readonly kind: 'file'; readonly file: PresentNode }
  /** `link` is the symlink whose target is missing. Null if the path itself names what is missing. */
  | {
      readonly kind: 'missing';
      readonly path: HostPath;
      readonly link: Link | null;
      /** The names that would have been looked up below the missing one. */
      readonly rest: readonly string[];
    }
  | { readonly kind: 'not-a-directory'; readonly path: HostPath }
  | { readonly kind: 'loop'; readonly path: HostPath }
  | { readonly kind: 'unseen'; readonly path: HostPath; readonly why: Reason };

/** A check that the kernel makes on the path before it continues. */
export type Question =
  /** Whether a name can be looked up in this directory. */
  | { readonly kind: 'search'; readonly directory: PresentNode }
  /**
   * Whether this symlink can be followed. `trailing`: no name is looked up after it, neither of the path nor of a
   * symlink that led here.
   */
  | { readonly kind: 'follow'; readonly link: PresentNode; readonly from: PresentNode; readonly trailing: boolean };

export type Way = {
  readonly visits: readonly Visit[];
  /** The checks in the kernel's order. The first that fails ends the path here. */
  readonly questions: readonly Question[];
  readonly end: WayEnd;
};

type Component = { readonly name: string; readonly from: Link | null };

/** MAXSYMLINKS in the kernel's include/linux/namei.h: this many pass, the next one is ELOOP. */
const MAX_LINKS = 40;
const ROOT = HostPath.parse('/');

/** What is allowed at the end of a path. */
export type Wanted = 'directory' | 'file-or-directory';

/**
 * Resolves an absolute path over the files that a probe saw, as path_resolution(7) says, regardless of permissions. An
 * absolute symlink continues from `/`, a relative one from the symlink's directory. If the probe did not report a file,
 * the path ends there as `unseen`.
 */
export function resolvePath(nodes: readonly PathNode[], path: HostPath, wanted: Wanted = 'directory'): Way {
  const seen = new Map(nodes.map((node) => [node.path, node]));
  const visits = new Map<HostPath, Visit>();
  const pending = componentsOf(path, null);
  const questions: Question[] = [];
  let links = 0;
  let through: Link | null = null;

  const visit = (at: HostPath): Visit => {
    const node = seen.get(at) ?? { state: 'unseen', path: at, why: { code: 'not-looked-at' } };
    const met = visits.get(at) ?? { node, searched: false, through };
    visits.set(at, met);
    return met;
  };
  const endAt = (end: WayEnd): Way => ({ visits: [...visits.values()], questions, end });

  let here = visit(ROOT);
  for (;;) {
    const { node } = here;
    if (node.state === 'unseen') return endAt({ kind: 'unseen', path: node.path, why: node.why });
    if (node.state === 'missing') return endAt({ kind: 'missing', path: node.path, link: null, rest: restOf(pending) });
    if (node.kind !== 'directory') {
      const isWanted = wanted === 'file-or-directory' && pending.length === 0;
      return endAt(isWanted ? { kind: 'file', file: node } : { kind: 'not-a-directory', path: node.path });
    }
    const component = pending.shift();
    if (component === undefined) return endAt({ kind: 'directory', root: node });

    here.searched = true;
    questions.push({ kind: 'search', directory: node });
    const child = childOf(node.path, component.name);
    if (child === null) return endAt({ kind: 'unseen', path: node.path, why: { code: 'path-too-long' } });
    const next = visit(child);
    if (next.node.state === 'missing') {
      return endAt({ kind: 'missing', path: child, link: component.from, rest: restOf(pending) });
    }
    if (next.node.state === 'unseen' || next.node.kind !== 'symlink') {
      here = next;
      continue;
    }

    links += 1;
    if (links > MAX_LINKS) return endAt({ kind: 'loop', path: child });
    questions.push({ kind: 'follow', link: next.node, from: node, trailing: pending.length === 0 });
    const { target } = next.node;
    if (target === null) return endAt({ kind: 'unseen', path: child, why: { code: 'target-unread' } });
    through = { path: child, target };
    pending.unshift(...componentsOf(target, through));
    if (target.startsWith('/')) here = visit(ROOT);
  }
}

/** The names in a path. `.` is kept: looking it up needs `x` on the directory, as any other name does. */
function componentsOf(path: string, from: Link | null): Component[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name) => ({ name, from }));
}

function restOf(pending: readonly Component[]): string[] {
  return pending.map(({ name }) => name);
}

/** The path of an entry. Null: it would be longer than a path can be. */
function childOf(directory: HostPath, name: string): HostPath | null {
  if (name === '.') return directory;
  const parent = directory.slice(0, directory.lastIndexOf('/')) || '/';
  const child = name === '..' ? parent : `${directory === '/' ? '' : directory}/${name}`;
  return HostPath.safeParse(child).data ?? null;
}
