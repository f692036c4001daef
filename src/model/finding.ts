import { z } from 'zod';
import { PermissionClass } from './access.ts';
import { HttpAnswer, Mode } from './facts.ts';
import { HostPath } from './host-path.ts';

export const Severity = z.enum(['fault', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** `kernel`: really tried on the host. `evaluated`: follows from what was read. `unproven`: the two disagree, or no try was possible. */
export const Proof = z.enum(['kernel', 'evaluated', 'unproven']);
export type Proof = z.infer<typeof Proof>;

/** Why no change of mode bits is right for a directory that denies the service. */
export const NoChmod = z.enum([
  /** An ACL entry decides, or the group bits are the ACL's mask: only setfacl(1) changes the right thing. */
  'acl',
  /** Whether there is an ACL could not be read, and the group bits would be its mask. */
  'acl-unknown',
  /** The service falls into the class of everybody, and they would gain more than the way through. */
  'would-open-to-all',
  /** Everybody may write there already: no plan leaves a directory so. */
  'world-writable',
  /** A directory of the operating system. */
  'protected-path',
  'readonly-mount',
  /** The filesystem makes the modes up from its mount options, or a server decides. */
  'modes-not-kept',
]);
export type NoChmod = z.infer<typeof NoChmod>;

const base = { severity: Severity, proof: Proof };
const atPath = { ...base, path: HostPath };
const hostWide = { ...base, path: z.null() };

/**
 * One thing that is wrong, or that could not be judged. The id is the failing state; the other fields are the data that
 * the words for people are made from (`words/`). `inconclusive` findings keep a host from being called healthy.
 */
export const Finding = z.discriminatedUnion('id', [
  // The storage path.
  z.strictObject({
    id: z.literal('untraversable-ancestor'),
    ...atPath,
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    /** The class that decided, and so the one that lacks `x`. */
    decidedBy: PermissionClass,
    /** The symlink on the storage path through which the path comes here, if any. */
    throughLink: z.strictObject({ path: HostPath, target: z.string() }).nullable(),
    /** Null: the bit that lacks is the right thing to add. */
    noChmod: NoChmod.nullable(),
  }),
  z.strictObject({ id: z.literal('dangling-link'), ...atPath, target: z.string(), missing: HostPath }),
  z.strictObject({ id: z.literal('storage-root-missing'), ...atPath }),
  z.strictObject({ id: z.literal('not-a-directory'), ...atPath }),
  z.strictObject({ id: z.literal('symlink-loop'), ...atPath }),
  z.strictObject({
    id: z.literal('storage-root-unusable'),
    ...atPath,
    lacking: z.array(z.enum(['list', 'create', 'search'])).min(1),
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    decidedBy: PermissionClass,
    noChmod: NoChmod.nullable(),
  }),
  z.strictObject({ id: z.literal('readonly-mount'), ...atPath, mountPoint: HostPath }),
  z.strictObject({
    id: z.literal('access-disagreement'),
    ...atPath,
    /** `stat`: of the storage root, by the whole path. */
    operation: z.enum(['search', 'stat', 'list', 'create']),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
  }),
  z.strictObject({ id: z.literal('path-not-visible'), ...atPath, why: z.string() }),
  z.strictObject({ id: z.literal('access-not-judged'), ...atPath, why: z.string() }),
  // The service.
  z.strictObject({ id: z.literal('service-not-running'), ...hostWide, serviceUser: z.string().nullable() }),
  z.strictObject({ id: z.literal('identity-unknown'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('storage-root-unknown'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('other-mount-namespace'), ...hostWide, pid: z.number().int() }),
  z.strictObject({ id: z.literal('storage-not-on-disk'), ...hostWide, driver: z.string() }),
  z.strictObject({ id: z.literal('health-check-off'), ...hostWide }),
  z.strictObject({
    id: z.literal('registry-unwell'),
    ...hostWide,
    v2: HttpAnswer.nullable(),
    health: HttpAnswer.nullable(),
  }),
  z.strictObject({ id: z.literal('registry-not-answering'), ...hostWide, why: z.string() }),
  // The way to the host.
  z.strictObject({ id: z.literal('host-unreachable'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('host-key-mismatch'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('authentication-failed'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('sudo-refused'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('probe-timed-out'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('probe-malformed'), ...hostWide, why: z.string() }),
]);
export type Finding = z.infer<typeof Finding>;
export type FindingId = Finding['id'];

/** What can go wrong before there are facts to judge. */
export type ConnectionFindingId = Extract<
  FindingId,
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed'
  | 'sudo-refused'
  | 'probe-timed-out'
  | 'probe-malformed'
>;
