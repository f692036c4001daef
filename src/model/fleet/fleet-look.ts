import { z } from 'zod';
import { Finding } from '../diagnosis/finding.ts';
import { HostPath } from '../host/host-path.ts';
import { Mode } from '../host/posix.ts';
import { HostName } from '../record/ids.ts';

/** What a host is like in the few respects that the next nightly look compares. Null: not known. */
export const HostSnapshot = z.strictObject({
  /** The registry's account. */
  account: z.strictObject({ user: z.string(), uid: z.number().int(), gid: z.number().int() }).nullable(),
  /** As in the registry's config. */
  storageRoot: HostPath.nullable(),
  /** The directories on the path to it. */
  directories: z.array(z.strictObject({ path: HostPath, mode: Mode, owner: z.string() })).max(256),
  /** The symlinks on it, with their targets. */
  links: z.array(z.strictObject({ path: HostPath, what: z.string() })).max(256),
  /** What is mounted at one of these directories. */
  mounts: z
    .array(z.strictObject({ path: HostPath, what: z.string() }))
    .max(64)
    .nullable(),
  /** The lines of fstab for one of these directories. */
  fstab: z
    .array(z.strictObject({ path: HostPath, what: z.string() }))
    .max(64)
    .nullable(),
});
export type HostSnapshot = z.infer<typeof HostSnapshot>;

/** One difference between two looks. `from` or `to` null: it was not there, or no longer is. */
export const Drift = z.strictObject({
  what: z.enum(['account', 'storage-root', 'mode', 'owner', 'link', 'mount', 'fstab']),
  /** Null: of the account and the storage root. */
  path: HostPath.nullable(),
  from: z.string().max(400).nullable(),
  to: z.string().max(400).nullable(),
});
export type Drift = z.infer<typeof Drift>;

/** The lines of one section that are shown. */
export const FLEET_LINES = 6;

function section<Line extends z.ZodType>(line: Line) {
  return z.strictObject({ lines: z.array(line).max(FLEET_LINES), more: z.number().int().min(0) });
}

const FindingLine = z.strictObject({ host: HostName, finding: Finding });
export type FindingLine = z.infer<typeof FindingLine>;

export const DriftLine = z.strictObject({ host: HostName, drift: Drift });
export type DriftLine = z.infer<typeof DriftLine>;

/** `tls`: what the registry shows to its clients. `token`: what it verifies tokens with. */
export const ExpiryLine = z.strictObject({ host: HostName, what: z.enum(['tls', 'token']), endsAt: z.iso.datetime() });
export type ExpiryLine = z.infer<typeof ExpiryLine>;

/** Null: the host was being worked on. */
const NotCheckedLine = z.strictObject({ host: HostName, finding: Finding.nullable() });
export type NotCheckedLine = z.infer<typeof NotCheckedLine>;

/** The one post of a nightly look at all hosts. */
export const FleetMessage = z.strictObject({
  kind: z.literal('fleet-look'),
  endedAt: z.iso.datetime(),
  hosts: z.number().int().min(0),
  /** Hosts of which no section tells anything. */
  quiet: z.number().int().min(0),
  /** Those of them of which it is not known whether they survive a reboot or a reconfigure. */
  unsure: z.number().int().min(0),
  /** Left out and not among `hosts`, because they are muted. */
  muted: z.number().int().min(0),
  broken: section(FindingLine),
  notLasting: section(FindingLine),
  warnings: section(FindingLine),
  drift: section(DriftLine),
  expiring: section(ExpiryLine),
  notChecked: section(NotCheckedLine),
});
export type FleetMessage = z.infer<typeof FleetMessage>;

/** What a deeper look sees on a healthy host for the first time. A post in the incident channel, without a thread. */
export const HostWarnings = z.strictObject({
  kind: z.literal('host-warnings'),
  host: HostName,
  notLasting: section(FindingLine),
  warnings: section(FindingLine),
  expiring: section(ExpiryLine),
});
export type HostWarnings = z.infer<typeof HostWarnings>;

export type FleetSection = Exclude<keyof FleetMessage, 'kind' | 'endedAt' | 'hosts' | 'quiet' | 'unsure' | 'muted'>;
