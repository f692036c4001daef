import type { AccessAuthority } from '../../../model/diagnosis/access.ts';
import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Judgement } from '../judge/judgement.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { overrideOfMount } from '../kernel/access-override.ts';
import { mountHolding } from '../kernel/mount-table.ts';

/** An access that is denied on a filesystem where something other than mode bits decides. */
export type ExternalDenial = {
  readonly path: HostPath;
  readonly operation: 'search' | 'list' | 'create';
  readonly mount: MountEntry;
  readonly by: AccessAuthority;
  /** `modes`: the modes shown there deny it as well. */
  readonly shownBy: 'modes' | 'kernel-alone';
  readonly proof: Judgement['proof'];
};

type Use = Pick<ExternalDenial, 'path' | 'operation'> & { readonly judgement: Judgement };

/**
 * Directories where a file server, a FUSE program or a filesystem without modes denies the service. If no single
 * directory was tested, but only the whole path, it is the first such directory on a path where nothing else can have
 * caused the denial.
 */
export function externalDenials(judged: WalkedAccess): ExternalDenial[] {
  const uses = usesOf(judged);
  const found = uses.flatMap((use) => denialAt(judged.facts, use));
  if (found.length > 0) return found;
  return [...denialOfRoot(judged), ...denialByElimination(judged, uses)];
}

function usesOf({ walk, root }: WalkedAccess): Use[] {
  const ofWay = (walk?.visits ?? []).flatMap(({ node, step, searched }): Use[] =>
    searched && node.state === 'present' ? [{ path: node.path, operation: 'search', judgement: step }] : [],
  );
  if (!root) return ofWay;
  const { path } = root.node;
  return [
    ...ofWay,
    { path, operation: 'list', judgement: root.list },
    { path, operation: 'create', judgement: root.create },
  ];
}

function denialAt(facts: Facts, { path, operation, judgement }: Use): ExternalDenial[] {
  const { reason, access, proof } = judgement;
  const byModes = access === 'denied' && reason.kind === 'bits';
  const byKernelAlone = reason.kind === 'disagreement' && reason.tried === 'denied';
  const at = placeOf(facts, path);
  if (at === null || !(byModes || byKernelAlone)) return [];
  return [
    byModes
      ? { path, operation, ...at, shownBy: 'modes', proof }
      : { path, operation, ...at, shownBy: 'kernel-alone', proof: 'kernel' },
  ];
}

/**
 * Finds a directory that even root can't enter. Mode bits don't do that, but a FUSE filesystem without allow_other
 * does, and so does a server that squashes root.
 */
function denialOfRoot({ facts, walk }: WalkedAccess): ExternalDenial[] {
  if (walk?.end.kind !== 'unseen' || walk.end.why.code !== 'not-permitted' || facts.probe.uid !== 0) return [];
  const at = placeOf(facts, walk.end.path);
  if (at === null || walk.stat?.result === 'allowed') return [];
  const proof = walk.stat?.result === 'denied' ? 'kernel' : 'evaluated';
  return [{ path: walk.end.path, operation: 'search', ...at, shownBy: 'kernel-alone', proof }];
}

/**
 * Finds the first directory that can have denied stat(2) of the whole path, if every directory that is not known to be
 * open is on a filesystem where something other than modes decides.
 */
function denialByElimination({ facts, walk }: WalkedAccess, uses: readonly Use[]): ExternalDenial[] {
  if (walk?.stat?.result !== 'denied') return [];
  const open = uses.filter(({ operation, judgement }) => operation === 'search' && judgement.access !== 'allowed');
  const [first] = open;
  const isExternal = ({ path, judgement: { reason } }: Use) =>
    reason.kind === 'undecided' && placeOf(facts, path)?.by === reason.by;
  if (!first || !open.every(isExternal)) return [];
  const at = placeOf(facts, first.path);
  return at ? [{ path: first.path, operation: 'search', ...at, shownBy: 'kernel-alone', proof: 'kernel' }] : [];
}

function placeOf(facts: Facts, path: HostPath): Pick<ExternalDenial, 'mount' | 'by'> | null {
  const mount = mountHolding(facts.mounts, path);
  const override = mount && overrideOfMount(mount);
  return override && override.by !== 'idmapped-mount' ? { mount, by: override.by } : null;
}
