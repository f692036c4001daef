import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { WalkStep } from '../access.ts';

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
  /** The immutable or append-only attribute keeps even root from changing the mode. */
  'attribute',
  /** The filesystem makes the modes up from its mount options, or a server decides. */
  'modes-not-kept',
  /** The registry's process alone sees this directory, as in a layer of its container: no path of the host leads there. */
  'not-on-host',
]);
export type NoChmod = z.infer<typeof NoChmod>;

const base = {
  severity: Severity,
  proof: Proof,
  /** What the host calls the path, where the process sees another tree; null: the host does not have it, or that is not known. */
  hostPath: HostPath.nullable().optional(),
};
/**
 * What every finding about one path has. `walk`: the way to the path that it is about, where that is another than the storage
 * root's own.
 */
export const atPath = { ...base, path: HostPath, walk: z.array(WalkStep).max(4096).optional() };
/** What every finding about the host or the service as a whole has. */
export const hostWide = { ...base, path: z.null() };
