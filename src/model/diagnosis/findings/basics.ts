import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { WalkStep } from '../access.ts';

export const Severity = z.enum(['fault', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/**
 * How a finding is known. `kernel`: tested on the host. `evaluated`: computed from what was read. `unproven`: the two
 * disagree, or no test was possible.
 */
export const Proof = z.enum(['kernel', 'evaluated', 'unproven']);
export type Proof = z.infer<typeof Proof>;

/** Why no mode change is right for a directory that denies the service. */
export const NoChmod = z.enum([
  /** An ACL entry decides, or the group bits are the ACL's mask: only setfacl(1) changes the right entry. */
  'acl',
  /** It is unknown whether there is an ACL. The group bits would be its mask. */
  'acl-unknown',
  /** The service falls into the class of others, and they would gain more than search permission. */
  'would-open-to-all',
  /** Everyone can write there already, and no plan leaves a directory like that. */
  'world-writable',
  /** A directory of the operating system. */
  'protected-path',
  'readonly-mount',
  /** The immutable or append-only attribute keeps even root from changing the mode. */
  'attribute',
  /** The filesystem takes the modes from its mount options, or a server decides. */
  'modes-not-kept',
  /**
   * Only the registry's process sees this directory, for example in a container layer. No path of the host leads there.
   */
  'not-on-host',
]);
export type NoChmod = z.infer<typeof NoChmod>;

const base = {
  severity: Severity,
  proof: Proof,
  /**
   * The host's path of the same directory, if the process sees another one. Null: the host does not have it, or that is
   * unknown.
   */
  hostPath: HostPath.nullable().optional(),
};
/** The fields of every finding about one path. `walk`: the files on this path, if it is not the storage root's. */
export const atPath = { ...base, path: HostPath, walk: z.array(WalkStep).max(4096).optional() };
/** The fields of every finding about the host or the service as a whole. */
export const hostWide = { ...base, path: z.null() };
