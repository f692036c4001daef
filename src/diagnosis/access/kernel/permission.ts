import type { AccessAuthority, AccessReason, PermissionClass } from '../../../model/diagnosis/access.ts';
import type { AclEntry, Identity, PresentNode } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';

/**
 * The wanted access: `x` to pass through a directory, `r` to list it or to read a file, `wx` to create in it (both bits
 * at once), `w` to write a file.
 */
export type Want = 'r' | 'x' | 'wx' | 'w';

/** What the mode bits, the ACL and the capabilities decide. */
export type Decision = {
  readonly access: 'allowed' | 'denied';
  readonly reason: Extract<AccessReason, { kind: 'bits' | 'capability' }>;
};

export type Evaluation =
  | Decision
  /** Something else might decide. `otherwise` is the result if it does not. */
  | { readonly access: 'unknown'; readonly otherwise: Decision; readonly by: AccessAuthority; readonly why: Reason };

type Bits = Extract<AccessReason, { kind: 'bits' }>;

const VALUE = { r: 4, w: 2, x: 1 } as const;

/**
 * Whether the kernel gives this identity the wanted access to the directory. One class of mode bits decides, and if it
 * denies, a capability can still allow (path_resolution(7), capabilities(7); generic_permission() in fs/namei.c).
 */
export function evaluatePermission(directory: PresentNode, identity: Identity, want: Want): Evaluation {
  const byModeBits = decideByModeBits(directory, identity, want);
  const capability = overridingCapability(identity, want);
  if (directory.acl.state === 'unknown' && wouldAclCount(directory, identity)) {
    if (capability) return { access: 'allowed', reason: { kind: 'capability', capability } };
    const why: Reason = { code: 'acl-unread', because: directory.acl.why };
    return { access: 'unknown', otherwise: decisionOf(byModeBits), by: 'acl-unread', why };
  }
  const entries = effectiveAcl(directory);
  const bits = entries === null ? byModeBits : decideByAcl(directory, identity, want, entries);
  if (!bits.granted && capability) return { access: 'allowed', reason: { kind: 'capability', capability } };
  return decisionOf(bits);
}

function decisionOf(reason: Bits): Decision {
  return { access: reason.granted ? 'allowed' : 'denied', reason };
}

/** True if the identity's primary or a supplementary group is this one (in_group_p() of the kernel). */
export function isMember(identity: Identity, gid: number): boolean {
  return identity.gid === gid || identity.groups.includes(gid);
}

/** True if there is an ACL beyond the mode (acl(5): an extended ACL has a mask). */
export function hasExtendedAcl(directory: PresentNode): boolean {
  return directory.acl.state === 'known' && directory.acl.value.some((entry) => entry.tag === 'mask' || isNamed(entry));
}

function decideByModeBits(directory: PresentNode, identity: Identity, want: Want): Bits {
  const mode = Number.parseInt(directory.mode, 8);
  if (directory.uid === identity.uid) return bits('owner', grants(mode >> 6, want));
  if (isMember(identity, directory.gid)) return bits('group', grants(mode >> 3, want));
  return bits('other', grants(mode, want));
}

/**
 * Decides by the ACL as posix_acl_permission() of the kernel does (acl(5), "access check algorithm"): one entry has to
 * grant everything wanted. Two entries don't add up.
 */
function decideByAcl(directory: PresentNode, identity: Identity, want: Want, entries: readonly AclEntry[]): Bits {
  if (directory.uid === identity.uid) return decideByModeBits(directory, identity, want);
  const mask = entries.find((entry) => entry.tag === 'mask');
  const masked = (entry: AclEntry) => permits(entry, want) && (mask === undefined || permits(mask, want));
  const user = entries.find((entry) => entry.tag === 'user' && entry.id === identity.uid);
  if (user) return bits('named-user', masked(user));
  const groups = entries.filter((entry) => entry.tag === 'group' && isMember(identity, entry.id ?? directory.gid));
  const decisive = groups.find(masked) ?? groups[0];
  if (decisive) return bits(decisive.id === null ? 'group' : 'named-group', masked(decisive));
  return bits('other', grants(Number.parseInt(directory.mode, 8), want));
}

/**
 * The ACL if it counts. Linux ignores it while all group bits (its mask) are clear, and then only mode bits decide
 * (acl_permission_check() in fs/namei.c).
 */
function effectiveAcl(directory: PresentNode): readonly AclEntry[] | null {
  if (directory.acl.state !== 'known' || !hasExtendedAcl(directory) || groupBitsAreClear(directory)) return null;
  return directory.acl.value;
}

/** Whether an ACL that was not read could matter. It does not for the owner, and not if all group bits are clear. */
function wouldAclCount(directory: PresentNode, identity: Identity): boolean {
  return directory.uid !== identity.uid && !groupBitsAreClear(directory);
}

function groupBitsAreClear(directory: PresentNode): boolean {
  return (Number.parseInt(directory.mode, 8) & 0o070) === 0;
}

/**
 * The capability that overrides the mode bits. CAP_DAC_READ_SEARCH allows passing and listing any directory, and only
 * CAP_DAC_OVERRIDE allows writing as well.
 */
function overridingCapability(identity: Identity, want: Want): 'CAP_DAC_OVERRIDE' | 'CAP_DAC_READ_SEARCH' | null {
  if (identity.dacOverride) return 'CAP_DAC_OVERRIDE';
  return identity.dacReadSearch && (want === 'r' || want === 'x') ? 'CAP_DAC_READ_SEARCH' : null;
}

function bits(deciding: PermissionClass, granted: boolean): Bits {
  return { kind: 'bits', class: deciding, granted };
}

function grants(threeBits: number, want: Want): boolean {
  return letters(want).every((letter) => (threeBits & VALUE[letter]) !== 0);
}

function permits(entry: AclEntry, want: Want): boolean {
  return letters(want).every((letter) => entry.permissions.includes(letter));
}

function letters(want: Want): readonly ('r' | 'w' | 'x')[] {
  return want === 'wx' ? ['w', 'x'] : [want];
}

function isNamed(entry: AclEntry): boolean {
  return (entry.tag === 'user' || entry.tag === 'group') && entry.id !== null;
}
