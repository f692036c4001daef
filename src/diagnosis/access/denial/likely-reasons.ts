import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts, PresentNode } from '../../../model/host/facts.ts';
import type { WalkedAccess } from '../judge/walk-access.ts';
import { overrideOfMount } from '../kernel/access-override.ts';
import { confinementOf } from '../kernel/confinement.ts';
import { mountHolding } from '../kernel/mount-table.ts';

type Disagreement = FindingOf<'access-disagreement'>;
type Likely = Disagreement['likely'][number];

/**
 * A change this recent might have come between the probe's reading and its access test, allowing for a corrected clock.
 */
const RECENTLY_SECONDS = 60;

/**
 * Facts about the directory that might explain why the kernel's answer differs from the computed one, the likeliest
 * first. Empty if no fact explains it.
 */
export function likelyReasons(
  { facts, walk, identity }: WalkedAccess,
  { path, operation, tried }: Pick<Disagreement, 'path' | 'operation' | 'tried'>,
): Likely[] {
  const met = (walk?.visits ?? []).flatMap(({ node }) => (node.state === 'present' ? [node] : []));
  const places = operation === 'stat' ? met : met.filter((node) => node.path === path);
  const found = [
    ...places.flatMap((place) => overrides(facts, place)),
    ...(tried === 'denied'
      ? [...confinement(facts), ...unreadAttribute(places, operation), ...unreadLinkRule(walk)]
      : []),
    ...places.flatMap(unreadAcl),
    ...(identity && (identity.dacOverride || identity.dacReadSearch) ? ownUserNamespace(facts) : []),
    ...places.flatMap((place) => recentChange(facts, place)),
  ];
  const firsts = new Map(found.toReversed().map((likely) => [likely.reason, likely]));
  return [...firsts.values()].toReversed();
}

function overrides(facts: Facts, { path }: PresentNode): Likely[] {
  const mount = mountHolding(facts.mounts, path);
  const override = mount && overrideOfMount(mount);
  return override ? [{ reason: override.by, detail: mount.filesystem }] : [];
}

function confinement(facts: Facts): Likely[] {
  const confined = confinementOf(facts);
  return confined ? [{ reason: 'security-module', detail: confined.label ?? confined.module }] : [];
}

function unreadAttribute(places: readonly PresentNode[], operation: Disagreement['operation']): Likely[] {
  if (operation !== 'create') return [];
  return places.flatMap(({ immutable }) =>
    immutable.state === 'unknown' ? [{ reason: 'attribute-unread' as const, detail: null, why: immutable.why }] : [],
  );
}

function unreadLinkRule(walk: WalkedAccess['walk']): Likely[] {
  return (walk?.visits ?? []).flatMap(({ step: { reason } }) =>
    reason.kind === 'undecided' && reason.by === 'link-protection-unread' ? [{ reason: reason.by, detail: null }] : [],
  );
}

function unreadAcl({ acl }: PresentNode): Likely[] {
  return acl.state === 'unknown' ? [{ reason: 'acl-unread', detail: null, why: acl.why }] : [];
}

function ownUserNamespace({ process }: Facts): Likely[] {
  const isOther = process.state === 'known' && process.value.userNamespace === 'other';
  return isOther ? [{ reason: 'user-namespace', detail: null }] : [];
}

function recentChange({ takenAt }: Facts, { changedAt }: PresentNode): Likely[] {
  return changedAt > takenAt - RECENTLY_SECONDS ? [{ reason: 'changed-in-between', detail: null }] : [];
}
