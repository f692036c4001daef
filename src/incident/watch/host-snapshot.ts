import type { Fact } from '../../model/fact.ts';
import type { Drift, HostSnapshot } from '../../model/fleet/fleet-look.ts';
import type { Facts, PresentNode } from '../../model/host/facts.ts';
import type { HostPath } from '../../model/host/host-path.ts';

type Placed = { readonly path: HostPath; readonly what: string };

const MOST_DIRECTORIES = 256;
const MOST_MOUNTS = 64;
const LONGEST = 400;

/** What of these facts the next nightly look compares. */
export function snapshotOf(facts: Facts): HostSnapshot {
  const directories = facts.nodes.filter(isDirectory).slice(0, MOST_DIRECTORIES);
  const onPath = new Set(directories.map(({ path }) => path));
  const fstab: Fact<readonly Fstab[]> =
    facts.mountSetup.state === 'known' ? facts.mountSetup.value.fstab : facts.mountSetup;
  return {
    account: accountOf(facts),
    storageRoot: facts.storageRoot.state === 'known' ? facts.storageRoot.value : null,
    directories: directories.map(({ path, mode, owner, group }) => ({ path, mode, owner: `${owner}:${group}` })),
    links: facts.nodes.flatMap(linkOf).slice(0, MOST_DIRECTORIES),
    mounts: placedOn(onPath, facts.mounts, ({ source, filesystem }) => `${source} (${filesystem})`),
    fstab: placedOn(onPath, fstab, ({ source, filesystem, options }) => `${source} ${filesystem} ${options.join(',')}`),
  };
}

type Fstab = Mounted & { readonly options: readonly string[] };
type Mounted = { readonly mountPoint: HostPath; readonly source: string; readonly filesystem: string };

function isDirectory(node: Facts['nodes'][number]): node is PresentNode {
  return node.state === 'present' && node.kind === 'directory';
}

function linkOf(node: Facts['nodes'][number]): Placed[] {
  if (node.state !== 'present' || node.target === null) return [];
  return [{ path: node.path, what: node.target.slice(0, LONGEST) }];
}

function accountOf({ process, account }: Facts): HostSnapshot['account'] {
  const known = process.state === 'known' ? process.value.identity : account.state === 'known' ? account.value : null;
  return known && { user: known.user, uid: known.uid, gid: known.gid };
}

/** The last one at each place: it covers those before it. */
function placedOn<Entry extends Mounted>(
  onPath: ReadonlySet<HostPath>,
  entries: Fact<readonly Entry[]>,
  inWords: (entry: Entry) => string,
): Placed[] | null {
  if (entries.state === 'unknown') return null;
  const all = entries.state === 'known' ? entries.value.filter(({ mountPoint }) => onPath.has(mountPoint)) : [];
  const last = new Map(all.map((entry) => [entry.mountPoint, inWords(entry).slice(0, LONGEST)]));
  return [...last].map(([path, what]) => ({ path, what })).slice(0, MOST_MOUNTS);
}

/** What changed between two looks. What one of them doesn't know is no change. */
export function driftBetween(before: HostSnapshot, after: HostSnapshot): readonly Drift[] {
  return [
    ...changed('account', null, shownAccount(before), shownAccount(after)),
    ...changed('storage-root', null, before.storageRoot, after.storageRoot),
    ...directoriesChanged(before, after),
    ...linksChanged(before, after),
    ...placesChanged('mount', before, after, ({ mounts }) => mounts),
    ...placesChanged('fstab', before, after, ({ fstab }) => fstab),
  ];
}

function changed(what: Drift['what'], path: HostPath | null, from: string | null, to: string | null): Drift[] {
  if (from === null || to === null || from === to) return [];
  return [{ what, path, from: from.slice(0, LONGEST), to: to.slice(0, LONGEST) }];
}

function shownAccount({ account }: HostSnapshot): string | null {
  return account && `${account.user} (${account.uid}:${account.gid})`;
}

function directoriesChanged(before: HostSnapshot, { directories }: HostSnapshot): Drift[] {
  const known = new Map(before.directories.map((directory) => [directory.path, directory]));
  return directories.flatMap(({ path, mode, owner }) => {
    const was = known.get(path);
    if (was === undefined) return [];
    return [...changed('mode', path, was.mode, mode), ...changed('owner', path, was.owner, owner)];
  });
}

function linksChanged(before: HostSnapshot, after: HostSnapshot): Drift[] {
  const known = new Map(before.links.map(({ path, what }) => [path, what]));
  return after.links.flatMap(({ path, what }) => changed('link', path, known.get(path) ?? null, what));
}

/** Only at directories that both looks saw on the path: of others, the earlier look kept nothing. */
function placesChanged(
  what: 'mount' | 'fstab',
  before: HostSnapshot,
  after: HostSnapshot,
  placesOf: (snapshot: HostSnapshot) => readonly Placed[] | null,
): Drift[] {
  const [was, is] = [placesOf(before), placesOf(after)];
  if (was === null || is === null) return [];
  const seen = new Set(before.directories.map(({ path }) => path));
  const at = (all: readonly Placed[], place: HostPath) => all.find(({ path }) => path === place)?.what ?? null;
  return after.directories.flatMap(({ path }): Drift[] => {
    const [from, to] = [at(was, path), at(is, path)];
    return from === to || !seen.has(path) ? [] : [{ what, path, from, to }];
  });
}
