import type { Facts, Mode, PresentNode } from '../../model/host/facts.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import { applySteps } from '../access/after/apply-steps.ts';
import { type WalkedAccess, walkAccess } from '../access/judge/walk-access.ts';

/** What a boot-time rule or GitLab sets on a directory. Null for what it leaves unchanged. */
export type Change = { readonly mode: Mode | null; readonly owner: string | null; readonly group: string | null };

/** The registry's access after these directories were changed. */
export type Outcome = 'usable' | 'locked-out' | 'unknown';

/** Judges the registry's access after the changes, applied as chmod(1) and chown(1) do, one after another. */
export function outcomeOf(facts: Facts, directories: readonly PresentNode[], change: Change): Outcome {
  const uid = idOf(facts, 'user', change.owner);
  const gid = idOf(facts, 'group', change.group);
  if (uid === 'unknown' || gid === 'unknown') return 'unknown';
  const steps = directories.flatMap((directory) => stepsFor(directory, change.mode, uid, gid));
  return steps.length === 0 || !isLockedOut(walkAccess(applySteps(facts, steps))) ? 'usable' : 'locked-out';
}

/** True if the registry is denied an access that it needs. Unknown access does not count as denied. */
export function isLockedOut({ walk, root }: WalkedAccess): boolean {
  if (walk?.passable === 'no') return true;
  return root !== null && [root.search, root.list, root.create].some(({ access }) => access === 'denied');
}

function stepsFor(directory: PresentNode, to: Mode | null, uid: number | null, gid: number | null): PlanStep[] {
  const { path, mode, device, inode } = directory;
  const precondition = { device, inode, mode, uid: directory.uid, gid: directory.gid };
  const from = `${directory.uid}:${directory.gid}`;
  const owners = `${uid ?? directory.uid}:${gid ?? directory.gid}`;
  const named = { path, gainingPrincipal: directory.owner, precondition };
  return [
    ...(to === null || to === mode
      ? []
      : [{ action: 'chmod' as const, from: mode, to, gains: 'owner' as const, ...named }]),
    ...(owners === from ? [] : [{ action: 'chown' as const, from, to: owners, ...named }]),
  ];
}

/** The id of a user or group name, as far as the probe read the host's names. Null if it is unknown. */
function idOf(facts: Facts, kind: 'user' | 'group', name: string | null): number | 'unknown' | null {
  if (name === null) return null;
  if (/^\d+$/.test(name)) return Number(name);
  if (name === 'root') return 0;
  return (kind === 'user' ? uidsByName(facts) : gidsByName(facts)).get(name) ?? 'unknown';
}

function uidsByName({ nodes, process, account }: Facts): Map<string, number> {
  const identities = [process, account].flatMap((fact) => (fact.state === 'known' ? [fact.value] : []));
  return new Map([
    ...identities.map((known): [string, number] => {
      const { user, uid } = 'identity' in known ? known.identity : known;
      return [user, uid];
    }),
    ...nodes.flatMap((node): [string, number][] => (node.state === 'present' ? [[node.owner, node.uid]] : [])),
  ]);
}

function gidsByName({ nodes }: Facts): Map<string, number> {
  return new Map(
    nodes.flatMap((node): [string, number][] => (node.state === 'present' ? [[node.group, node.gid]] : [])),
  );
}
