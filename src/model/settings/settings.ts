import type { HostPath } from '../host/host-path.ts';
import type { Risk } from '../plan/plan.ts';
import type { ChannelId, GroupId, HostName, UserId } from '../record/ids.ts';
import type { AlertMatch } from './alert-settings.ts';
import type { QuietSettings } from './quiet-settings.ts';

/** One SSH server, with its user and login material. */
export type SshLogin = {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The file of the private key. Null: the agent at SSH_AUTH_SOCK has the keys. */
  readonly identityFile: string | null;
  /** The file with the passphrase of that key. Null: SSH_KEY_PASSPHRASE has it, or the key needs none. */
  readonly passphraseFile: string | null;
};

/** How one host is reached. */
export type SshSettings = SshLogin & {
  /** The jump hosts, nearest first. Each has its own login, and its key is compared as for any host. */
  readonly jumps: readonly SshLogin[];
  /** Runs the host scripts through `sudo -n`. */
  readonly sudo: boolean;
};

/** The key with which the bot signs its plans, in absolute paths. */
export type SigningKey = {
  readonly file: string;
  /** The file with its passphrase. Null: SSH_KEY_PASSPHRASE has it, or the key needs none. */
  readonly passphraseFile: string | null;
};

/** What the config says about the registry. Null values are read from the registry's own config. */
export type RegistrySettings = {
  readonly layout: 'omnibus' | 'distribution';
  readonly config: HostPath;
  readonly url: string | null;
  readonly debugUrl: string | null;
  readonly serviceUser: string;
};

/** The guard as installed on a host. */
export type GuardSettings = {
  /** Absolute, on the host. */
  readonly path: string;
  /** Which plans need an approver's own signature before the host accepts them. */
  readonly approverSignature: 'never' | 'high-risk';
};

/** How one registry is monitored. */
export type WatchSettings = {
  readonly intervalSeconds: number;
  /** Where the bot's own machine reaches the registry. Null: perhaps at the registry's own URL. */
  readonly url: string | null;
  /** How long a host can't be checked before the channel is told. */
  readonly blindMinutes: number;
  /** How often the host is diagnosed, although its registry answers as healthy. 0: never. */
  readonly deepLookMinutes: number;
};

/** A time of day, and the zone whose clocks show it (an IANA name, as Intl takes it). */
export type NightlyTime = { readonly hour: number; readonly minute: number; readonly zone: string };

export type HostSettings = {
  readonly name: HostName;
  readonly ssh: SshSettings;
  /** The installed guard. Null: the guard is sent over standard input each time, as a trial. */
  readonly guard: GuardSettings | null;
  /**
   * The words of a command that runs another one where the registry is, for example `docker exec -i NAME`. Each script
   * runs through it, under sudo if the settings have it, and every path is one inside. Empty: scripts run on the host
   * itself.
   */
  readonly enter: readonly string[];
  readonly registry: RegistrySettings;
  /** How the host is monitored. Null: it is not. */
  readonly watch: WatchSettings | null;
  /** Which alerts are about this host. Null: those whose host label is its name or address. */
  readonly alerts: { readonly match: AlertMatch } | null;
  /** Who can request and decide here: the host's own rules, otherwise its group's, otherwise those of all hosts. */
  readonly policy: Policy;
};

/** People by id: single users and user groups. */
export type People = { readonly users: readonly UserId[]; readonly groups: readonly GroupId[] };

/** When people on call are named without a mention: times of day (`22:00`) by the wall clock of an IANA time zone. */
export type QuietHours = { readonly from: string; readonly to: string; readonly zone: string };

export type Policy = {
  /** The people who can request a diagnosis. Null: anyone in the workspace can. */
  readonly requesters: People | null;
  /** The people who can approve. Null: no one can. */
  readonly approvers: People | null;
  readonly allowSelfApproval: boolean;
  readonly approvalTtlMinutes: number;
  /** How many different people have to approve a plan, by its risk. */
  readonly approvalsNeeded: Readonly<Record<Risk, number>>;
  /** A plan is shown in the channel as well, beside its thread. */
  readonly broadcastPlans: boolean;
  /** How long before a plan expires its approvers are mentioned once more. Null: halfway. */
  readonly remindMinutes: number | null;
  /** How long a plan waits for a decision before `escalateTo` are mentioned. */
  readonly escalateAfterMinutes: number;
  /** The people behind the approvers. Null: no one. */
  readonly escalateTo: People | null;
  /** Mentioned when an incident opens on its own. Null: no one. */
  readonly onCall: People | null;
  /** Null: people on call are always mentioned. */
  readonly quietHours: QuietHours | null;
  /** Where people can request and decide, besides the incident channel. Null: wherever the bot is. */
  readonly channels: readonly ChannelId[] | null;
};

/** The parts of the config file that the workflows need. */
export type Settings = {
  readonly hosts: ReadonlyMap<HostName, HostSettings>;
  /** The policy for requests that name no host in the file. */
  readonly defaultPolicy: Policy;
  readonly incidentChannel: ChannelId;
  /** When all hosts are looked at each night. Null: never. */
  readonly fleetLook: NightlyTime | null;
  readonly quiet: QuietSettings;
};
