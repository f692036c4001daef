import { z } from 'zod';
import { Fact } from '../fact.ts';
import { GuardReason } from '../plan/guard-reason.ts';
import { Reason } from '../reason.ts';
import { HostName } from '../record/ids.ts';
import { ConfigFile } from './config-file.ts';
import { DiskSpace, MountEntry, MountSetup, Security } from './disk.ts';
import { HostHistory } from './history.ts';
import { HostPath } from './host-path.ts';
import { ImageLinks } from './image-links.ts';
import { AclEntry, Id, Mode, UnixSeconds } from './posix.ts';
import { RegistryLogs } from './registry-logs.ts';
import { ServiceState } from './service-state.ts';
import { StorageContents } from './storage-contents.ts';
import { TryResult } from './try-result.ts';
import { ConfiguredPath, UsedPath } from './used-path.ts';

export const NodeKind = z.enum(['directory', 'symlink', 'file', 'other']);
export type NodeKind = z.infer<typeof NodeKind>;

/** A file or directory as lstat(2) reads it, with its ACL if that was requested. */
export const PresentNode = z.strictObject({
  state: z.literal('present'),
  path: HostPath,
  kind: NodeKind,
  /** The target of a symlink, as written in it. Null for everything else. */
  target: z.string().nullable(),
  mode: Mode,
  uid: Id,
  gid: Id,
  owner: z.string(),
  group: z.string(),
  /** st_dev and st_ino in decimal. Strings, because an inode number can exceed 2^53. */
  device: z.string().regex(/^\d+$/),
  inode: z.string().regex(/^\d+$/),
  changedAt: UnixSeconds,
  /** st_mtime. For a directory: when an entry was last added or removed. */
  modifiedAt: Fact(UnixSeconds),
  /** Absent if the filesystem keeps no birth time. */
  bornAt: Fact(UnixSeconds),
  /** The ACL. Known and empty: getfacl ran, and there are only the mode bits. */
  acl: Fact(z.array(AclEntry).max(1024)),
  /** The immutable attribute (chattr(1)): not even root can create an entry or change the mode. */
  immutable: Fact(z.boolean()),
  /**
   * The append-only attribute: entries can be created but not removed or renamed, and not even root can change the
   * mode.
   */
  appendOnly: Fact(z.boolean()),
});
export type PresentNode = z.infer<typeof PresentNode>;

/** One file on the storage path, by its physical path (every symlink before it resolved). */
export const PathNode = z.discriminatedUnion('state', [
  PresentNode,
  z.strictObject({ state: z.literal('missing'), path: HostPath }),
  /** The probe's own login has no permission there, or lstat failed in another way. */
  z.strictObject({ state: z.literal('unseen'), path: HostPath, why: Reason }),
]);
export type PathNode = z.infer<typeof PathNode>;

/** The complete identity of a process, as the kernel judges it. */
export const Identity = z.strictObject({
  user: z.string(),
  uid: Id,
  gid: Id,
  /** Supplementary groups, exactly as held (see credentials(7)). The primary group need not be among them. */
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
  /** Whether the process has the probe's mount namespace. If not, the same path can lead it elsewhere. */
  mountNamespace: z.enum(['same', 'other', 'unknown']),
  /**
   * Whether the process is in the host's user namespace. In another one its capabilities are valid only for inodes
   * whose owners are mapped there.
   */
  userNamespace: z.enum(['same', 'other', 'unknown']).default('unknown'),
  startedAt: Fact(UnixSeconds),
  /** The mounts on the path to the storage as the process sees them. Absent if those are the probe's own. */
  mounts: Fact(z.array(MountEntry).max(8192)),
});
export type ServiceProcess = z.infer<typeof ServiceProcess>;

export const HttpAnswer = z.strictObject({
  url: z.string(),
  status: z.number().int().min(100).max(599),
  /** The beginning of the body, as text. */
  body: z.string().max(4096),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;

/** The registry's configuration, from its own config file (secrets are redacted on the host). */
export const RegistryConfig = z.strictObject({
  path: HostPath,
  storageDriver: z.string(),
  /** The root of the storage in the config. Null: the driver stores nothing in a directory of the host. */
  rootDirectory: HostPath.nullable(),
  httpAddress: z.string().nullable(),
  debugAddress: z.string().nullable(),
  storageHealthCheck: z.boolean(),
  /** storage.maintenance.readonly.enabled: every push is answered with 405. */
  readOnlyMaintenance: z.boolean().default(false),
  /** GitLab's metadata database is switched on. */
  database: z.boolean().default(false),
  redis: z.boolean().default(false),
  /** proxy.remoteurl: a pull-through cache. */
  pullThrough: z.boolean().default(false),
  /** auth.token.rootcertbundle. Null without token authentication. */
  tokenCertificate: HostPath.nullable().default(null),
  /**
   * Every file and directory outside the storage that the config names, with the overrides of the process's
   * environment.
   */
  paths: z.array(ConfiguredPath).max(64).default([]),
});
export type RegistryConfig = z.infer<typeof RegistryConfig>;

/** Whose mounts the paths of `nodes` and `mounts` were looked up in. */
export const View = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('host') }),
  /** The mount namespace of the registry's process. Each path has its path on the host, if it has one. */
  z.strictObject({
    kind: z.literal('process'),
    pid: z.number().int().positive(),
    /** Field 22 of /proc/PID/stat (proc_pid_stat(5)). With the pid it identifies this process, and no later one. */
    startTicks: z.string().regex(/^\d+$/),
    /** Same device, inode and owners at both ends, as seen on the host. */
    hostPaths: z.array(z.strictObject({ path: HostPath, hostPath: HostPath })).max(4096),
    /** The host's mounts that hold those paths, or that now cover the process's directories there. */
    hostMounts: Fact(z.array(MountEntry).max(8192)),
  }),
]);
export type View = z.infer<typeof View>;

/** Everything that one probe found out about one host. The diagnosis sees the host only through this. */
export const Facts = z.strictObject({
  version: z.literal(1),
  host: HostName,
  /**
   * The words of the enter command with which the probe ran (see HostSettings). Every path is one inside. Empty: on the
   * host itself. Set by the bot, never by the host.
   */
  enteredBy: z.array(z.string()).max(32).default([]),
  /** The host's clock when the probe ran. */
  takenAt: UnixSeconds,
  hostname: z.string(),
  bootId: Fact(z.string()),
  bootedAt: Fact(UnixSeconds),
  /** The host's uptime when the probe ended, in seconds. Clock changes do not affect it. */
  uptimeSeconds: Fact(z.number().min(0)),
  /** Who ran the probe on the host. Without uid 0 much stays unknown. */
  probe: z.strictObject({ user: z.string(), uid: Id, scriptMs: z.number().int().min(0).nullable() }),
  /** Why the guard runs no plan on this host, whatever the plan is. Null: it might, or an older guard did not say. */
  plansRefused: GuardReason.nullable().default(null),
  config: Fact(RegistryConfig),
  configFile: Fact(ConfigFile),
  process: Fact(ServiceProcess),
  /**
   * Processes of accounts that are neither root nor the service's, named and called like the registry and with its
   * config. None of them counts as the registry.
   */
  foreignProcesses: z
    .array(z.strictObject({ pid: z.number().int().positive(), uid: Id, user: z.string() }))
    .max(8)
    .default([]),
  /** The service's account in the user database; without capabilities. */
  account: Fact(Identity),
  /** The path whose components `nodes` describes. */
  storageRoot: Fact(HostPath),
  view: View.default({ kind: 'host' }),
  /** The inodes of the paths, in the order in which the kernel reaches them from `/`. */
  nodes: z.array(PathNode).max(4096),
  /** Whether ACLs can be both changed and compared on this host: setfacl(1) and getfacl(1) exist. */
  aclTools: Fact(z.boolean()),
  /** The identity that the access tests below ran as. Absent if none could run. */
  triedAs: Fact(Identity),
  /**
   * Whether the identity can pass *through* this one directory. Tested from inside it, so the directories above don't
   * matter.
   */
  searchTries: z.array(z.strictObject({ path: HostPath, answer: TryResult })).max(4096),
  /**
   * Access tests on the whole storage path, as the registry uses it. In the process's view, symlinks are resolved by
   * hand.
   */
  rootTries: z.strictObject({ stat: Fact(TryResult), list: Fact(TryResult), create: Fact(TryResult) }),
  /** Paths that the registry uses besides its storage root. `nodes` describes the files on them as well. */
  paths: z.array(UsedPath).max(64).default([]),
  mounts: Fact(z.array(MountEntry).max(8192)),
  /** Unknown: a request was sent and not answered ({@link isSilence}), or none could be sent. */
  v2: Fact(HttpAnswer),
  /** Absent: the registry has no debug address. Unknown: it has one, but gave no answer there. */
  health: Fact(HttpAnswer),
  /** The contents of the storage. */
  contents: Fact(StorageContents),
  /** Repositories in the registry's own list (`/v2/_catalog`), at least this many if `more`. */
  listed: Fact(z.strictObject({ repositories: z.number().int().min(0), more: z.boolean() })),
  /** Whether the targets of tags exist. Absent: no registry has stored an image there. */
  imageLinks: Fact(ImageLinks),
  diskSpace: Fact(DiskSpace),
  mountSetup: Fact(MountSetup),
  security: Fact(Security),
  service: Fact(ServiceState),
  logs: Fact(RegistryLogs),
  history: Fact(HostHistory),
  /**
   * How far the host's clock is ahead of the bot's, in seconds; negative if behind. Set by the bot, never by the host.
   */
  clockAheadSeconds: Fact(z.number()),
});
export type Facts = z.infer<typeof Facts>;

export { AclEntry, Mode, MountEntry, TryResult };
