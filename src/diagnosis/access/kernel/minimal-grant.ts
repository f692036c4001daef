import type { PermissionClass } from '../../../model/diagnosis/access.ts';
import type { NoChmod } from '../../../model/diagnosis/finding.ts';
import type { Fact } from '../../../model/fact.ts';
import type { Facts, PresentNode } from '../../../model/host/facts.ts';
import { placeOnHost } from './host-place.ts';
import { isReadOnly, makesUpModes, mountHolding } from './mount-table.ts';
import { hasExtendedAcl } from './permission.ts';
import { isProtectedPath } from './protected-path.ts';

export type Letter = 'r' | 'w' | 'x';

/** The bits that would open a directory to the class that the kernel checks, or why adding bits is wrong. */
export type MinimalGrant =
  | { readonly kind: 'add'; readonly class: 'owner' | 'group' | 'other'; readonly bits: number }
  | { readonly kind: 'none'; readonly why: NoChmod };

const SHIFT = { owner: 6, group: 3, other: 0 } as const;
const OTHERS_WRITE = 0o002;
const VALUE = { r: 4, w: 2, x: 1 } as const;

/** The smallest addition of mode bits that gives the deciding class of this directory the wanted access. */
export function minimalGrant(
  facts: Facts,
  directory: PresentNode,
  deciding: PermissionClass,
  wanted: readonly Letter[],
): MinimalGrant {
  const obstacle = obstacleAt(facts, directory);
  if (obstacle) return { kind: 'none', why: obstacle };
  if (deciding === 'named-user' || deciding === 'named-group') return { kind: 'none', why: 'acl' };
  const mode = Number.parseInt(directory.mode, 8);
  if ((mode & OTHERS_WRITE) !== 0) return { kind: 'none', why: 'world-writable' };
  const held = mode >> SHIFT[deciding];
  const lacking = wanted.filter((letter) => (held & VALUE[letter]) === 0);
  const objection = deciding === 'owner' ? null : objectionTo(directory, deciding, lacking);
  if (objection) return { kind: 'none', why: objection };
  const value = lacking.reduce((sum, letter) => sum | VALUE[letter], 0);
  return { kind: 'add', class: deciding, bits: value << SHIFT[deciding] };
}

/** What forbids any plan to change this directory's permissions. */
export function obstacleAt(facts: Facts, directory: PresentNode): NoChmod | null {
  if (isProtectedPath(directory.path)) return 'protected-path';
  const place = placeOnHost(facts, directory.path);
  if (place === null) return 'not-on-host';
  if (isProtectedPath(place.path)) return 'protected-path';
  const mount = mountHolding(place.mounts, place.path);
  if (mount && isReadOnly(mount)) return 'readonly-mount';
  if (mount && makesUpModes(mount)) return 'modes-not-kept';
  return isKnownTrue(directory.immutable) || isKnownTrue(directory.appendOnly) ? 'attribute' : null;
}

/**
 * Whether an attribute is known to be set. If a directory is immutable or append-only, the kernel lets no one change
 * its mode or owner (may_setattr() in fs/attr.c).
 */
function isKnownTrue(attribute: Fact<boolean>): boolean {
  return attribute.state === 'known' && attribute.value;
}

/**
 * Why the group bits can't be changed by chmod: with an ACL they are its mask, so chmod would change the access of
 * every named entry (acl(5)).
 */
function objectionTo(directory: PresentNode, deciding: 'group' | 'other', lacking: readonly Letter[]): NoChmod | null {
  if (deciding === 'other') return lacking.some((letter) => letter !== 'x') ? 'would-open-to-all' : null;
  if (directory.acl.state === 'unknown') return 'acl-unknown';
  return hasExtendedAcl(directory) ? 'acl' : null;
}

/** Whether the owner has r, w and x. */
export function isOpenToOwner({ mode }: PresentNode): boolean {
  return (Number.parseInt(mode, 8) & 0o700) === 0o700;
}
