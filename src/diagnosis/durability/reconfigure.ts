import { type Facts, Mode } from '../../model/host/facts.ts';
import { HostPath } from '../../model/host/host-path.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { resolvePath } from '../access/kernel/resolve-path.ts';
import { outcomeOf } from './after-change.ts';
import type { Concern } from './concern.ts';

/** Where an Omnibus GitLab writes the registry's config. No other installation is known to use this path. */
const OMNIBUS_CONFIG = HostPath.parse('/var/opt/gitlab/registry/config.yml');

type Managed = { readonly path: HostPath; readonly mode: Mode; readonly owner: string; readonly group: string };

/**
 * What `gitlab-ctl reconfigure` sets at each run (omnibus-gitlab 19.3, its `storage_directory` resources, with its
 * default names of users and groups). It follows a symlink in these paths and does not change directories above the
 * symlink's target.
 */
const MANAGED: readonly Managed[] = [
  managed('/var/opt/gitlab', '0755', 'root', 'root'),
  managed('/var/opt/gitlab/gitlab-rails', '0755', 'git', 'root'),
  managed('/var/opt/gitlab/gitlab-rails/shared', '0751', 'git', 'gitlab-www'),
];

export function isOmnibus({ config }: Facts): boolean {
  return config.state === 'known' && config.value.path === OMNIBUS_CONFIG;
}

/** Whether `gitlab-ctl reconfigure` would block the registry. Only for an Omnibus GitLab. */
export function concernsOfReconfigure({ facts, walk }: JudgedAccess): Concern[] {
  if (!walk || facts.storageRoot.state !== 'known') return [];
  const storage: Managed = { path: facts.storageRoot.value, mode: Mode.parse('0770'), owner: 'registry', group: 'git' };
  const onWay = new Set(walk.visits.map(({ node }) => node.path));
  return [...MANAGED, storage].flatMap(({ path: named, mode, owner, group }): Concern[] => {
    const { end } = resolvePath(facts.nodes, named);
    if (end.kind !== 'directory' || !onWay.has(end.root.path)) return [];
    const outcome = outcomeWithNames(facts, end.root, { mode, owner, group });
    if (outcome === 'usable') return [];
    const { path } = end.root;
    const understood = outcome === 'locked-out';
    const threat = { id: 'reconfigure-resets' as const, path, to: mode, owner, group, understood };
    return [{ weight: understood ? 'breaks' : 'may-break', threat }];
  });
}

/**
 * The outcome with the names of GitLab's accounts. If the host has no such name, the registry does not run as that
 * account, and the current owner is assumed.
 */
function outcomeWithNames(
  facts: Facts,
  directory: Parameters<typeof outcomeOf>[1][number],
  change: Pick<Managed, 'mode' | 'owner' | 'group'>,
) {
  const outcome = outcomeOf(facts, [directory], change);
  return outcome === 'unknown' ? outcomeOf(facts, [directory], { ...change, owner: null, group: null }) : outcome;
}

function managed(path: string, mode: string, owner: string, group: string): Managed {
  return { path: HostPath.parse(path), mode: Mode.parse(mode), owner, group };
}
