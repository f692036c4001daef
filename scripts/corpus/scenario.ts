import type { Verdict } from '../../src/model/diagnosis/diagnosis.ts';
import type { FindingId } from '../../src/model/diagnosis/finding.ts';
import type { Identity } from '../../src/model/host/facts.ts';
import type { HostPath } from '../../src/model/host/host-path.ts';
import type { Cause } from './causes.ts';
import type { Ground, Permissions } from './ground/ground.ts';
import type { Endpoint } from './ground/registry-client.ts';
import type { RunningRegistry } from './ground/running-registry.ts';
import type { BesideStorage } from './kernel/files.ts';

/** One state of a host, built for real, with the truth about its fault. */
export type Scenario = {
  /** Unique; what is unusual about this host. */
  readonly name: string;
  readonly cause: Cause;
  readonly truth: Truth;
  readonly build: (ground: Ground) => Scene | Promise<Scene>;
  /** Diagnosed through a real sshd instead of a shell. */
  readonly overSsh?: true;
  /** Why a push and every pull succeed anyway although there is a fault. Without it, that would be a false alarm. */
  readonly latent?: string;
};

/** The fault, and how it is known. */
export type Truth =
  /** No fault: the kernel has to confirm that the service can use its storage. */
  | { readonly kind: 'healthy' }
  /** The kernel denies it. The kernel also says which directories do. */
  | { readonly kind: 'denied'; readonly plan: ExpectedPlan; readonly findings?: readonly FindingId[] }
  /** The kernel decides which of the two. If it denies, a plan fixes it. */
  | { readonly kind: 'told-by-kernel' }
  /** Something that no permission shows. By construction it is one of these findings, at {@link Scene.at}. */
  | {
      readonly kind: 'built';
      readonly findings: readonly FindingId[];
      /** Default: faulty. */
      readonly verdict?: Verdict | readonly Verdict[];
      readonly plan: ExpectedPlan;
      /** Findings that would be wrong at any severity. */
      readonly never?: readonly FindingId[];
    }
  /** It can't be known from there. To claim health or a fault would be a guess. */
  | { readonly kind: 'undecidable'; readonly findings: readonly FindingId[] };

/**
 * `cures`: a plan exists and opens everything. `mends`: one exists that changes what the finding names. `none`: any
 * chmod, chown or setfacl would be wrong. `any`: nothing is broken yet, so a plan can exist or not.
 */
export type ExpectedPlan = 'cures' | 'mends' | 'none' | 'any';

/** A truth that is settled. */
export type SettledTruth = Exclude<Truth, { kind: 'told-by-kernel' }>;

/** A host as it stands before the registry starts. */
export type Scene = {
  /** As in the registry's config. */
  readonly storageRoot: HostPath;
  readonly identity: Identity;
  /** Images that were pushed before the fault was built, as `repository:tag`. */
  readonly pushed?: readonly string[];
  /** What the registry uses beside its storage. The kernel is asked about each. */
  readonly files?: readonly BesideStorage[];
  /** The config refuses pushes, whatever the storage allows. */
  readonly refusesPushes?: true;
  readonly registry?: RegistryChoice;
  /**
   * Where the fault is, for a truth by construction (null if it has no path), or a second one behind what the kernel
   * denies.
   */
  readonly at?: HostPath | null;
  /** What happens once the registry runs, before the diagnosis. */
  readonly onceRunning?: (registry: RunningRegistry) => void | Promise<void>;
  /** Seconds by which the bot's clock is behind the host's. */
  readonly clockAheadSeconds?: number;
};

export type RegistryChoice = {
  /** Default: running. `ends`: it is started, and its end awaited. `silent`: it runs and answers no one. */
  readonly state?: 'running' | 'down' | 'ends' | 'silent';
  /** Where a stopped service might have written to. Default: a file that only a running one shows. */
  readonly log?: 'usual';
  /** The addresses of the registry and its health. Default: free ports. */
  readonly address?: string;
  readonly debugAddress?: string;
  /** What a client needs for access, beside the address. */
  readonly client?: Omit<Endpoint, 'address'> & { readonly address?: string };
  /** A final edit of the config file's text. */
  readonly edit?: (text: string) => string;
  readonly configPermissions?: Permissions;
  /** Words before the program that start it, for example `unshare -m`. */
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
