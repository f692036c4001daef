import type { HostPath } from '../host/host-path.ts';
import type { Risk } from '../plan/plan.ts';
import type { ChannelId, GroupId, HostName, UserId } from '../record/ids.ts';

/** One SSH server, and who logs in there with what. */
export type SshLogin = {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Null: the agent at SSH_AUTH_SOCK. */
  readonly identityFile: string | null;
  /** Holds the passphrase of that key. Null: SSH_KEY_PASSPHRASE has it, or the key needs none. */
  readonly passphraseFile: string | null;
};

/** How one host is reached. */
export type SshSettings = SshLogin & {
  /** The jump hosts on the way, nearest first; each is logged in to, and its key compared, as for any host. */
  readonly jumps: readonly SshLogin[];
  /** Run the host scripts through `sudo -n`. */
  readonly sudo: boolean;
};

/** The key with which the bot signs its plans; absolute paths. */
export type SigningKey = {
  readonly file: string;
  /** Holds its passphrase. Null: SSH_KEY_PASSPHRASE has it, or the key needs none. */
  readonly passphraseFile: string | null;
};

/** What is known of the registry before anybody has looked. Null: read it from the registry's own config. */
export type RegistrySettings = {
  readonly layout: 'omnibus' | 'distribution';
  readonly config: HostPath;
  readonly url: string | null;
  readonly debugUrl: string | null;
  readonly serviceUser: string;
};

/** The guard as it is installed on a host. */
export type GuardSettings = {
  /** Absolute, on the host. */
  readonly path: string;
  /** Which plans need an approver's own signature before the host takes them. */
  readonly approverSignature: 'never' | 'high-risk';
};

export type HostSettings = {
  readonly name: HostName;
  readonly ssh: SshSettings;
  /** Null: the guard is sent over standard input each time, a trial. */
  readonly guard: GuardSettings | null;
  /**
   * The words of a command that runs another one where the registry is, as `docker exec -i NAME`: each script runs through it,
   * under sudo where the settings say so, and every path is what it is there. Empty: scripts run on the host itself.
   */
  readonly enter: readonly string[];
  readonly registry: RegistrySettings;
  /** Null: not watched. */
  readonly watch: { readonly intervalSeconds: number } | null;
  /** Who may ask and decide here: the host's own rules, else its group's, else those of all hosts. */
  readonly policy: Policy;
};

/** People by id: single users and user groups. */
export type People = { readonly users: readonly UserId[]; readonly groups: readonly GroupId[] };

export type Policy = {
  /** Null: anyone in the workspace may ask for a diagnosis. */
  readonly requesters: People | null;
  /** Null: nobody may approve. */
  readonly approvers: People | null;
  readonly allowSelfApproval: boolean;
  readonly approvalTtlMinutes: number;
  /** How many different people have to approve a plan, by its risk. */
  readonly approvalsNeeded: Readonly<Record<Risk, number>>;
  /** Where people may ask and decide, and always in the incident channel. Null: wherever the bot is. */
  readonly channels: readonly ChannelId[] | null;
};

/** What the workflows need of the config file. */
export type Settings = {
  readonly hosts: ReadonlyMap<HostName, HostSettings>;
  /** Where no host is spoken of that the file knows. */
  readonly defaultPolicy: Policy;
  readonly incidentChannel: ChannelId;
};
