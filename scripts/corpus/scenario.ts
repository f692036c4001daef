import type { Verdict } from '../../src/model/diagnosis/diagnosis.ts';
import type { FindingId } from '../../src/model/diagnosis/finding.ts';
import type { Identity } from '../../src/model/host/facts.ts';
import type { HostPath } from '../../src/model/host/host-path.ts';
import type { Cause } from './causes.ts';
import type { Ground, Permissions } from './ground.ts';
import type { BesideStorage } from './kernel-files.ts';
import type { RunningRegistry } from './registry.ts';
import type { Endpoint } from './registry-client.ts';

/** One state of a host, built for real, with the truth of what is wrong with it. */
export type Scenario = {
  /** Unique; what is unusual about this host. */
  readonly name: string;
  readonly cause: Cause;
  readonly truth: Truth;
  readonly build: (ground: Ground) => Scene | Promise<Scene>;
  /** Diagnosed through a real sshd instead of a shell. */
  readonly overSsh?: true;
  /** Why a push and every pull go through all the same, where something is wrong. Without it, that would be a false alarm. */
  readonly latent?: string;
};

/** What is wrong, and who says so. */
export type Truth =
  /** Nothing: the kernel has to confirm that the service can use its storage. */
  | { readonly kind: 'healthy' }
  /** The kernel denies it; the kernel also tells which directories do. */
  | { readonly kind: 'denied'; readonly plan: ExpectedPlan; readonly findings?: readonly FindingId[] }
  /** Which of these two, the kernel tells; where it denies, a plan cures. */
  | { readonly kind: 'told-by-kernel' }
  /** Something that no permission tells: so by construction, one of these findings, at {@link Scene.at}. */
  | {
      readonly kind: 'built';
      readonly findings: readonly FindingId[];
      /** Default: faulty. */
      readonly verdict?: Verdict | readonly Verdict[];
      readonly plan: ExpectedPlan;
      /** What would be wrong to say, at whatever severity. */
      readonly never?: readonly FindingId[];
    }
  /** Nobody can tell from there; to claim health or a fault would be a guess. */
  | { readonly kind: 'undecidable'; readonly findings: readonly FindingId[] };

/**
 * `cures`: there is a plan, and it opens everything. `mends`: there is one that changes what the finding names. `none`: any
 * chmod, chown or setfacl would be wrong. `any`: nothing is broken yet, so that a plan may be there or not.
 */
export type ExpectedPlan = 'cures' | 'mends' | 'none' | 'any';

/** A truth that is settled. */
export type SettledTruth = Exclude<Truth, { kind: 'told-by-kernel' }>;

/** A host as it stands before the registry starts. */
export type Scene = {
  /** As the registry's config says it. */
  readonly storageRoot: HostPath;
  readonly identity: Identity;
  /** Images that were pushed before the fault was built, as `repository:tag`. */
  readonly pushed?: readonly string[];
  /** What the registry uses beside its storage; the kernel is asked for each. */
  readonly files?: readonly BesideStorage[];
  /** Pushes are refused by the config, whatever the storage allows. */
  readonly refusesPushes?: true;
  readonly registry?: RegistryChoice;
  /** Where the fault is, for a truth by construction (null when it is of no path), or a second one behind what the kernel denies. */
  readonly at?: HostPath | null;
  /** What happens once the registry runs, before anybody looks. */
  readonly onceRunning?: (registry: RunningRegistry) => void | Promise<void>;
  /** Seconds by which the bot's clock is behind the host's. */
  readonly clockAheadSeconds?: number;
};

export type RegistryChoice = {
  /** Default: runs. `ends`: it is started, and its end awaited. `silent`: it runs, and nobody gets an answer. */
  readonly state?: 'running' | 'down' | 'ends' | 'silent';
  /** Where a service that is down may have written to; default: a file that only a running one tells of. */
  readonly log?: 'usual';
  /** Where it listens, and serves its health; default: free ports. */
  readonly address?: string;
  readonly debugAddress?: string;
  /** What a client needs to get in, beside the address. */
  readonly client?: Omit<Endpoint, 'address'> & { readonly address?: string };
  /** What becomes of the config file's text at the end. */
  readonly edit?: (text: string) => string;
  readonly configPermissions?: Permissions;
  /** Words before the program that start it, as `unshare -m`. */
  readonly within?: readonly string[];
  readonly layout?: 'omnibus' | 'distribution';
  /** The storage health check; default: on. */
  readonly healthCheck?: boolean;
  /** Further parts of the config, merged over it. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: the account `registry`. */
  readonly serviceUser?: string;
  readonly environment?: Readonly<Record<string, string>>;
};
