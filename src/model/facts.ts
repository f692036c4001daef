import { z } from 'zod';
import { Fact } from './fact.ts';
import { HostPath } from './host-path.ts';
import { HostName } from './ids.ts';

const Id = z.number().int().min(0).max(0xffff_ffff);
const UnixSeconds = z.number().int();

/** Four octal digits: setuid/setgid/sticky, owner, group, other. */
export const Mode = z
  .string()
  .regex(/^[0-7]{4}$/)
  .brand<'Mode'>();
export type Mode = z.infer<typeof Mode>;

/** One POSIX ACL entry, as `getfacl -n` prints it; `id` is null for the owning user or group, mask and other. */
export const AclEntry = z.strictObject({
  tag: z.enum(['user', 'group', 'mask', 'other']),
  id: Id.nullable(),
  permissions: z.string().regex(/^[r-][w-][x-]$/),
});
export type AclEntry = z.infer<typeof AclEntry>;

export const NodeKind = z.enum(['directory', 'symlink', 'file', 'other']);
export type NodeKind = z.infer<typeof NodeKind>;

/** An inode as lstat(2) told it, with the ACL where one was asked for. */
export const PresentNode = z.strictObject({
  state: z.literal('present'),
  path: HostPath,
  kind: NodeKind,
  /** Where a symlink points, as written in it; null for everything else. */
  target: z.string().nullable(),
  mode: Mode,
  uid: Id,
  gid: Id,
  owner: z.string(),
  group: z.string(),
  /** st_dev and st_ino in decimal; strings, because an inode number may exceed 2^53. */
  device: z.string().regex(/^\d+$/),
  inode: z.string().regex(/^\d+$/),
  changedAt: UnixSeconds,
  /** Absent where the filesystem keeps no birth time. */
  bornAt: Fact(UnixSeconds),
  /** Known and empty: getfacl was asked, and there are only the mode bits. */
  acl: Fact(z.array(AclEntry).max(1024)),
});
export type PresentNode = z.infer<typeof PresentNode>;

/** One component of the storage path, by its physical path (every link before it resolved). */
export const PathNode = z.discriminatedUnion('state', [
  PresentNode,
  z.strictObject({ state: z.literal('missing'), path: HostPath }),
  /** The probe's own login may not look there, or lstat failed in another way. */
  z.strictObject({ state: z.literal('unseen'), path: HostPath, why: z.string() }),
]);
export type PathNode = z.infer<typeof PathNode>;

/** What the kernel answered when the thing was really tried as the service's identity. */
export const TryResult = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('allowed') }),
  z.strictObject({ result: z.literal('denied') }),
  z.strictObject({ result: z.literal('failed'), why: z.string() }),
]);
export type TryResult = z.infer<typeof TryResult>;

/** The whole identity of a task, as the kernel judges it. */
export const Identity = z.strictObject({
  user: z.string(),
  uid: Id,
  gid: Id,
  /** Supplementary groups, exactly as held (see credentials(7)); the primary group need not be among them. */
  groups: z.array(Id).max(65_536),
  /** Effective capabilities that bypass mode bits (capabilities(7)). */
  dacOverride: z.boolean(),
  dacReadSearch: z.boolean(),
});
export type Identity = z.infer<typeof Identity>;

/** The live registry process. */
export const ServiceProcess = z.strictObject({
  pid: z.number().int().positive(),
  command: z.string(),
  identity: Identity,
  /** Whether it has the same mount namespace as the probe: if not, paths may mean other things to it. */
  mountNamespace: z.enum(['same', 'other', 'unknown']),
});
export type ServiceProcess = z.infer<typeof ServiceProcess>;

export const HttpAnswer = z.strictObject({
  url: z.string(),
  status: z.number().int().min(100).max(599),
  /** The start of the body, as text. */
  body: z.string().max(4096),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;

/** Reasons of an unknown answer that mean: it was asked, and it stayed silent. With any other reason, nothing is known. */
export const SILENCES: readonly string[] = ['connection refused', 'no answer within 3 seconds', 'an empty answer'];

/** How the registry is set up, read from its own config file (secrets are redacted on the host). */
export const RegistryConfig = z.strictObject({
  path: HostPath,
  storageDriver: z.string(),
  /** Null for drivers that keep nothing in a directory of the host. */
  rootDirectory: HostPath.nullable(),
  httpAddress: z.string().nullable(),
  debugAddress: z.string().nullable(),
  storageHealthCheck: z.boolean(),
});
export type RegistryConfig = z.infer<typeof RegistryConfig>;

export const MountEntry = z.strictObject({
  mountPoint: HostPath,
  filesystem: z.string(),
  source: z.string(),
  options: z.array(z.string()),
});
export type MountEntry = z.infer<typeof MountEntry>;

/** Everything one probe learned of one host. The pure core sees the host through this and nothing else. */
export const Facts = z.strictObject({
  version: z.literal(1),
  host: HostName,
  /** The host's clock when the probe ran. */
  takenAt: UnixSeconds,
  hostname: z.string(),
  bootId: Fact(z.string()),
  bootedAt: Fact(UnixSeconds),
  /** Who ran the probe on the host. Without uid 0 much stays unknown. */
  probe: z.strictObject({ user: z.string(), uid: Id, scriptMs: z.number().int().min(0).nullable() }),
  config: Fact(RegistryConfig),
  process: Fact(ServiceProcess),
  /** The service's account in the user database; without capabilities. */
  account: Fact(Identity),
  /** The path whose components `nodes` describes. */
  storageRoot: Fact(HostPath),
  /** In the order in which the kernel meets them, from `/`. */
  nodes: z.array(PathNode).max(4096),
  /** Whose identity the tries below were made with; absent when none could be made. */
  triedAs: Fact(Identity),
  /** May the identity pass *through* this one directory? Asked from inside it, so its ancestors play no part. */
  searchTries: z.array(z.strictObject({ path: HostPath, answer: TryResult })).max(4096),
  /** Asked by the whole storage path, as the registry does. */
  rootTries: z.strictObject({ stat: Fact(TryResult), list: Fact(TryResult), create: Fact(TryResult) }),
  mounts: Fact(z.array(MountEntry).max(8192)),
  /** Unknown: it was asked and stayed silent (the reason is one of SILENCES), or it could not be asked. */
  v2: Fact(HttpAnswer),
  /** Absent: the registry has no debug address. Unknown: it has one, and no answer could be had there. */
  health: Fact(HttpAnswer),
});
export type Facts = z.infer<typeof Facts>;
