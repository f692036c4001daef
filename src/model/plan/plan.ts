import { z } from 'zod';
import { PermissionClass } from '../diagnosis/access.ts';
import { AclText } from '../host/acl.ts';
import { Identity, Mode } from '../host/facts.ts';
import { HostPath } from '../host/host-path.ts';
import { Actor } from '../record/actor.ts';
import { Salt } from '../record/erasable.ts';
import { HostName, IncidentId, PlanId, Sha256 } from '../record/ids.ts';

/** The inode that a step is for, and its state. The host compares every field before any change. */
export const Precondition = z.strictObject({
  device: z.string().regex(/^\d+$/),
  inode: z.string().regex(/^\d+$/),
  mode: Mode,
  uid: z.number().int(),
  gid: z.number().int(),
  /** The directory's complete access ACL, if it has one beyond its mode or the step gives it one. */
  acl: AclText.optional(),
});
export type Precondition = z.infer<typeof Precondition>;

/**
 * The entries of a tree that one step changes: every one below the storage root that has the step's `from` as owner and
 * group, and no other. Never across mounts or symlinks. The root itself is the step's own directory.
 */
export const OwnedTree = z.strictObject({
  entries: z.number().int().min(1),
  /** Digest of the list of these entries, as the probe saw them. The host compares it before any change. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * The kind of what a step changes, if that is not a directory: a regular file with one name. Its owner is never
 * changed.
 */
const StepKind = z.literal('file');

/**
 * Sets the mode of one directory or file. `path` is physical, without symlinks. With a tree: of every directory, or
 * file, at or below it that the service owns and that has the mode `from`.
 */
export const ChmodStep = z.strictObject({
  action: z.literal('chmod'),
  path: HostPath,
  /** Absent: a directory. */
  kind: StepKind.optional(),
  from: Mode,
  to: Mode,
  tree: OwnedTree.extend({ kind: z.enum(['directory', 'file']) }).optional(),
  /** The class that gains permissions. Who gains access follows from it. */
  gains: PermissionClass,
  gainingPrincipal: z.string(),
  precondition: Precondition,
});

/** `uid:gid` in `from` and `to`, decimal. Without a tree: one directory. */
export const ChownStep = z.strictObject({
  action: z.literal('chown'),
  path: HostPath,
  from: z.string().regex(/^\d+:\d+$/),
  to: z.string().regex(/^\d+:\d+$/),
  tree: OwnedTree.optional(),
  gainingPrincipal: z.string(),
  precondition: Precondition,
});

/**
 * Gives one account an entry of its own in the ACL of a directory or file. `from` and `to` are the complete access ACL
 * before and after. The access of all others stays the same.
 */
export const SetfaclStep = z.strictObject({
  action: z.literal('setfacl'),
  path: HostPath,
  /** Absent: a directory. */
  kind: StepKind.optional(),
  from: AclText,
  to: AclText,
  /**
   * The argument for setfacl(1): the entries of `to` that differ, and the mask of an ACL that had one. For an undo, all
   * entries.
   */
  modify: AclText,
  gainingPrincipal: z.string(),
  precondition: Precondition,
});

export const PlanStep = z.discriminatedUnion('action', [ChmodStep, ChownStep, SetfaclStep]);
export type PlanStep = z.infer<typeof PlanStep>;

export const Risk = z.enum(['low', 'high']);
export type Risk = z.infer<typeof Risk>;

/**
 * Other steps with the same result: an ACL entry only for the service, where the plan opens a directory to a whole
 * class.
 */
export const PlanAlternative = z.strictObject({
  kind: z.literal('narrower-acl'),
  steps: z.array(PlanStep).min(1).max(64),
});
export type PlanAlternative = z.infer<typeof PlanAlternative>;

/**
 * A path that the service has to be able to use besides its storage root, as the registry's config or storage names it
 * (symlinks are followed). `read`: a file that it reads. `write`: a file or directory that it writes. `directory`: one
 * inside the storage that a symlink or a mount leads to, for example `…/docker/registry/v2/blobs`, which it lists and
 * writes.
 */
export const AlsoUsed = z.strictObject({
  use: z.enum(['read', 'write', 'directory']),
  path: HostPath,
  /** True for a file that not everyone should read: a key, an htpasswd, a config with passwords. */
  secret: z.boolean(),
});
export type AlsoUsed = z.infer<typeof AlsoUsed>;

/** A plan before it is sealed: the smallest change that removes every obstacle which permissions make. */
export const PlanDraft = z.strictObject({
  host: HostName,
  /** A plan is for this boot of the host. Null if the host did not name it. */
  bootId: z.string().nullable(),
  /** The kernel's own name of the host (proc_sys_kernel(5), hostname). */
  hostname: z.string(),
  /** The host's uptime at the probe, in seconds. It determines until when the host accepts the plan. */
  uptimeSeconds: z.number().min(0).optional(),
  risk: Risk,
  /** Access is tested as this identity after the change. */
  identity: Identity,
  /** The storage root. Null: it is not a directory, or unknown. Then `also` exists. */
  storageRoot: HostPath.nullable(),
  /** Paths that are tested after the change like the storage root. Absent: none. */
  also: z.array(AlsoUsed).min(1).max(16).optional(),
  steps: z.array(PlanStep).min(1).max(64),
  /**
   * The words of the enter command with which it runs where the registry is, for example in a container. Absent: on the
   * host itself.
   */
  enteredBy: z.array(z.string()).min(1).max(32).optional(),
  /** The process in whose mount and user namespaces access is tested after the change. Absent: on the host. */
  process: z.strictObject({ pid: z.number().int().positive(), startTicks: z.string().regex(/^\d+$/) }).optional(),
  /** True if nothing else is predicted to block the service after these steps. */
  clearsEveryBlocker: z.boolean(),
  /** Alternatives with the same result. Each would be a plan of its own. */
  alternatives: z.array(PlanAlternative).max(4).optional(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

/** A draft with its number, its life span and the hash over all of it. Only a sealed plan can be approved. */
export const Plan = PlanDraft.extend({
  id: PlanId,
  /** A random number that no other plan has. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
  /** The plan that this one undoes, step by step. Absent: none. */
  undoes: z.strictObject({ id: PlanId, hash: Sha256 }).optional(),
  incidentId: IncidentId,
  /** Who requested the diagnosis behind it. They can't approve it, unless the policy allows that. */
  requestedBy: Actor,
  /** The hash covers the requester with this salt, so that both can be erased. Absent: they were. */
  requesterSalt: Salt.optional(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  hash: Sha256,
});
export type Plan = z.infer<typeof Plan>;

/**
 * A plan's state. `proposed` waits for a decision, `approved` has its intent on record, `executing` might have changed
 * the host. All others are final.
 */
export const PlanState = z.enum([
  'proposed',
  'approved',
  'executing',
  'applied',
  'undone',
  'failed',
  'stale',
  'rejected',
  'expired',
  'superseded',
  'withdrawn',
]);
export type PlanState = z.infer<typeof PlanState>;

/** A plan with its state. */
export type StoredPlan = { readonly plan: Plan; readonly state: PlanState };
