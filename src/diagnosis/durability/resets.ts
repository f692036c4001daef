import { knownValue } from '../../model/fact.ts';
import type { FstabEntry, ModeReset } from '../../model/host/disk.ts';
import { type Facts, Mode, type PresentNode } from '../../model/host/facts.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { MountOnWay } from '../access/disk/mount-comparison.ts';
import type { Walk } from '../access/judge/judge-walk.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { mountsOfHost } from '../access/kernel/host-place.ts';
import { resolvePath } from '../access/kernel/resolve-path.ts';
import { outcomeOf } from './after-change.ts';
import type { Concern } from './concern.ts';

/**
 * Concerns about boot-time rules: lines of tmpfiles.d, cron, a unit or fstab that change a directory on the path so
 * that the registry is blocked.
 */
export function concernsOfResets({ facts, walk, disk }: JudgedAccess): Concern[] {
  // The rules name the host's paths, and a container has other directories at the same paths.
  if (!walk || facts.mountSetup.state !== 'known' || mountsOfHost(facts) === null) return [];
  const { resets } = facts.mountSetup.value;
  const byMounts = ofMounts(disk.mounts, facts, walk);
  if (resets.state === 'unknown') {
    return [{ weight: 'unknown', why: { code: 'resets-unread', because: resets.why } }, ...byMounts];
  }
  const lines = knownValue(resets) ?? [];
  return [...lines.flatMap((reset) => concernOf(reset, facts, walk)), ...byMounts];
}

function concernOf(reset: ModeReset, facts: Facts, walk: Walk): Concern[] {
  const { file, line, sets, removes } = reset;
  const directories = directoriesHit(reset, facts, walk);
  const [first] = directories;
  if (!first) return [];
  const { path } = first;
  const removal = removes === null ? [] : [removalOf(removes, { path, file, line })];
  const outcome = sets === null ? 'unknown' : outcomeOf(facts, directories, sets);
  if (outcome === 'usable') return removal;
  const understood = outcome === 'locked-out';
  const threat = { id: 'mode-reset' as const, path, file, line, understood };
  return [...removal, { weight: understood ? 'breaks' : 'may-break', threat }];
}

/**
 * The concern about a rule that removes entries. One that removes only files unused for a while does so at any time,
 * not at the next boot.
 */
function removalOf(
  what: NonNullable<ModeReset['removes']>,
  where: { readonly path: HostPath; readonly file: string; readonly line: string },
): Concern {
  return { weight: what === 'everything' ? 'breaks' : 'may-break', threat: { id: 'contents-removed', ...where, what } };
}

/**
 * The directories on the path that a rule changes: the one that it names, through symlinks, and with `-R` everything
 * below it.
 */
function directoriesHit(reset: ModeReset, facts: Facts, walk: Walk): PresentNode[] {
  const { path, recursive } = reset;
  const onWay = walk.visits.flatMap(({ node }) =>
    node.state === 'present' && node.kind === 'directory' ? [node] : [],
  );
  const { end } = resolvePath(facts.nodes, path);
  if (end.kind !== 'directory') return [];
  const { root } = end;
  const isNamed = (node: PresentNode) => node.path === root.path || (recursive && isBelow(root.path, node.path));
  return onWay.filter((node) => isNamed(node) && mayChange(reset, node));
}

/**
 * Whether the rule can change the directory. A user's own crontab runs as that account, which can change only what it
 * owns (chmod(2), crontab(5)).
 */
function mayChange({ kind, file }: ModeReset, { owner }: PresentNode): boolean {
  if (kind !== 'cron' || !file.startsWith('/var/spool/cron/')) return true;
  const account = file.slice(file.lastIndexOf('/') + 1);
  return account === 'root' || account === owner;
}

function isBelow(directory: HostPath, path: HostPath): boolean {
  return path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/**
 * Concerns about fstab options that set the root of the mounted filesystem at each mount: `X-mount.mode=`,
 * `X-mount.owner=` and `X-mount.group=` (mount(8)).
 */
function ofMounts(mounts: readonly MountOnWay[], facts: Facts, walk: Walk): Concern[] {
  return mounts.flatMap(({ mount, entries }) =>
    entries.flatMap((entry) => {
      const reset = resetOf(entry, mount.mountPoint);
      return reset ? concernOf(reset, facts, walk) : [];
    }),
  );
}

function resetOf({ options }: FstabEntry, path: HostPath): ModeReset | null {
  const value = (name: string) =>
    options.find((option) => option.toLowerCase().startsWith(`x-mount.${name}=`))?.replace(/^[^=]*=/, '') ?? null;
  const [mode, owner, group] = [value('mode'), value('owner'), value('group')];
  if (mode === null && owner === null && group === null) return null;
  const parsed = mode === null ? null : (Mode.safeParse(mode.padStart(4, '0')).data ?? 'not-a-mode');
  return {
    kind: 'unit',
    file: '/etc/fstab',
    line: options.filter((option) => /^x-mount\./i.test(option)).join(','),
    path,
    sets: parsed === 'not-a-mode' ? null : { mode: parsed, owner: owner ?? null, group: group ?? null },
    recursive: false,
    removes: null,
  };
}
