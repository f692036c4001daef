import type { Durability } from '../../model/diagnosis/durability.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { isLockedOut } from './after-change.ts';
import type { Concern } from './concern.ts';
import { concernsOfMounts } from './mounts-after-boot.ts';
import { concernsOfReconfigure, isOmnibus } from './reconfigure.ts';
import { concernsOfResets } from './resets.ts';

const MAX_THREATS = 32;
const MAX_UNKNOWNS = 16;

/**
 * Whether the registry's access survives a reboot and gitlab-ctl reconfigure. For a plan, call it with the host as the
 * plan would leave it. Null if there is no working access to keep: the registry can't use its storage, or its storage
 * is not in a directory of this host.
 */
export function judgeDurability(judged: JudgedAccess): Durability | null {
  const { facts, walk, root, disk, inner } = judged;
  if (walk?.end.kind !== 'directory' || !root || isLockedOut(judged)) return null;
  if (root.readOnlyMount !== null || root.immutable !== null || !disk.isInPlace) return null;
  const ways = [judged, ...inner];
  const atBoot = onceEach(ways.flatMap((way) => [...concernsOfMounts(way), ...concernsOfResets(way)]));
  const atReconfigure = isOmnibus(facts) ? concernsOfReconfigure(judged) : null;
  const concerns = [...atBoot, ...(atReconfigure ?? [])];
  return {
    reboot: answerFrom(atBoot),
    reconfigure: atReconfigure === null ? 'not-applicable' : answerFrom(atReconfigure),
    threats: concerns
      .flatMap((concern) => (concern.weight === 'unknown' ? [] : [concern.threat]))
      .slice(0, MAX_THREATS),
    unknowns: concerns.flatMap((concern) => (concern.weight === 'unknown' ? [concern.why] : [])).slice(0, MAX_UNKNOWNS),
  };
}

/** Keeps each concern once, because paths that share directories share their concerns. */
function onceEach(concerns: readonly Concern[]): Concern[] {
  return [...new Map(concerns.map((concern) => [JSON.stringify(concern), concern])).values()];
}

function answerFrom(concerns: readonly Concern[]): 'holds' | 'breaks' | 'unknown' {
  const weights = new Set(concerns.map(({ weight }) => weight));
  if (weights.has('breaks')) return 'breaks';
  return weights.has('unknown') || weights.has('may-break') ? 'unknown' : 'holds';
}
