import { Mode } from '../../model/host/facts.ts';
import type { StorageContents } from '../../model/host/storage-contents.ts';
import type { PlanStep } from '../../model/plan/plan.ts';
import { MAX_ENTRIES_OF_A_PLAN } from '../access/contents/entries.ts';
import type { JudgedAccess } from '../access/judge-access.ts';

type Footprint = StorageContents['worldWritable']['footprint'][number];

/**
 * The modes that distribution's filesystem driver requests (os.MkdirAll and os.OpenFile in
 * registry/storage/driver/filesystem).
 */
const ASKED_FOR = { directory: 0o777, file: 0o666 } as const;
const FOOTPRINT = Mode.parse('0777');
const OTHERS_WRITE = 0o002;

/**
 * The steps that restore the modes that `chmod -R 777` has overwritten below the storage root. They are known for what
 * the service created: the kernel gave it the mode that the registry requests less its umask (umask(2)), which its
 * process still has. Empty if the umask is unknown or lets everyone write, if not every entry was counted, or while
 * something blocks the service from its storage, because that is fixed first.
 */
export function modesBackSteps(judged: JudgedAccess): PlanStep[] {
  const { facts, identity } = judged;
  if (!identity || facts.view.kind === 'process' || facts.contents.state !== 'known') return [];
  if (!isUsable(judged)) return [];
  const { worldWritable, umask, top, complete, mountsBelow } = facts.contents.value;
  if (umask === null || top === null || !complete || mountsBelow > 0) return [];
  const masked = Number.parseInt(umask, 8);
  if ((masked & OTHERS_WRITE) === 0 || (masked & 0o700) !== 0) return [];
  const entries = worldWritable.footprint.reduce((sum, kind) => sum + kind.entries, 0);
  if (entries > MAX_ENTRIES_OF_A_PLAN) return [];
  const trees = worldWritable.footprint.flatMap((footprint) => treeStep(footprint, top, masked, identity.user));
  return [...rootStep(judged, masked), ...trees];
}

/**
 * Where Omnibus puts the registry's config. `gitlab-ctl reconfigure` gives the storage root there 0770
 * (omnibus-gitlab).
 */
const OMNIBUS_CONFIG = '/var/opt/gitlab/registry/config.yml';
const OMNIBUS_ROOT = 0o770;

/** The step for the storage root, which the registry creates like any other directory if it is missing. */
function rootStep({ facts, root, identity }: JudgedAccess, masked: number): PlanStep[] {
  if (!root || root.node.mode !== FOOTPRINT || root.node.uid !== identity?.uid) return [];
  const isOmnibus = facts.config.state === 'known' && facts.config.value.path === OMNIBUS_CONFIG;
  const { path, device, inode, mode, uid, gid, owner } = root.node;
  return [
    {
      action: 'chmod',
      path,
      from: mode,
      to: modeOf(isOmnibus ? OMNIBUS_ROOT : ASKED_FOR.directory & ~masked),
      gains: 'owner',
      gainingPrincipal: owner,
      precondition: { device, inode, mode, uid, gid },
    },
  ];
}

function isUsable({ walk, root, contents }: JudgedAccess): boolean {
  if (walk?.passable !== 'yes' || !root || root.readOnlyMount !== null) return false;
  const uses = [root.search, root.list, root.create];
  return uses.every(({ access }) => access === 'allowed') && contents.use?.kind === 'usable';
}

function treeStep(
  { kind, entries, digest }: Footprint,
  { path, device, inode, mode, uid, gid }: NonNullable<StorageContents['top']>,
  masked: number,
  user: string,
): PlanStep[] {
  if (digest === null) return [];
  return [
    {
      action: 'chmod',
      path,
      from: FOOTPRINT,
      to: modeOf(ASKED_FOR[kind] & ~masked),
      tree: { kind, entries, digest },
      gains: 'owner',
      gainingPrincipal: user,
      precondition: { device, inode, mode, uid, gid },
    },
  ];
}

function modeOf(bits: number): Mode {
  return Mode.parse(bits.toString(8).padStart(4, '0'));
}
