import type { Identity } from '../../../model/host/facts.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';

const CAP_DAC_OVERRIDE = 1n << 1n;
const CAP_DAC_READ_SEARCH = 1n << 2n;

/** `UID GID DAC_OVERRIDE DAC_READ_SEARCH GROUP…`, as the script prints an identity. */
export function parseIdentity(words: readonly string[], user: string): Identity {
  const [uid, gid, override, search, ...groups] = words;
  return {
    user,
    uid: decimal(uid, 'uid'),
    gid: decimal(gid, 'gid'),
    groups: groups.map((group) => decimal(group, 'group')),
    dacOverride: flag(override),
    dacReadSearch: flag(search),
  };
}

/** Parses `as UID GID CAPABILITIES GROUP...`, the identity that a test process read about itself. */
export function parseOwnIdentity(line: string, user: string): Identity | null {
  const [, uid, gid, capabilities, groups] = /^as (\d+) (\d+) ([0-9a-f]{16}) ?((?:\d+ ?)*)$/.exec(line) ?? [];
  if (capabilities === undefined || groups === undefined) return null;
  const bits = BigInt(`0x${capabilities}`);
  return {
    user,
    uid: decimal(uid, 'uid'),
    gid: decimal(gid, 'gid'),
    groups: words(groups).map((group) => decimal(group, 'group')),
    dacOverride: (bits & CAP_DAC_OVERRIDE) !== 0n,
    dacReadSearch: (bits & CAP_DAC_READ_SEARCH) !== 0n,
  };
}

/** True if the kernel gives both identities the same access. */
export function isSameIdentity(one: Identity, other: Identity): boolean {
  const same = (key: 'uid' | 'gid' | 'dacOverride' | 'dacReadSearch') => one[key] === other[key];
  return (
    same('uid') && same('gid') && same('dacOverride') && same('dacReadSearch') && groupsOf(one) === groupsOf(other)
  );
}

export function words(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((word) => word !== '');
}

function groupsOf(identity: Identity): string {
  return [...new Set([identity.gid, ...identity.groups])].toSorted((a, b) => a - b).join(',');
}

function flag(word: string | undefined): boolean {
  if (word !== '0' && word !== '1') throw new MalformedOutput('unreadable', 'capability');
  return word === '1';
}
