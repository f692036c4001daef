import type { ChannelId, HostName, Sha256 } from '../model/record/ids.ts';
import type { AlertSettings } from '../model/settings/alert-settings.ts';
import type { Locale } from '../model/settings/locale.ts';
import type { QuietSettings } from '../model/settings/quiet-settings.ts';
import type { HostSettings, NightlyTime, Policy, Settings, SigningKey } from '../model/settings/settings.ts';

export type SlackSettings = {
  readonly mode: 'socket' | 'http';
  /** The port that `http` mode listens on. */
  readonly port: number;
  readonly incidentChannel: ChannelId;
};

/** Where the record is. */
export type StoreSettings = {
  /** `sqlite:` and an absolute path, or a Postgres URL without a password. */
  readonly url: string;
  /** The file with the password of a Postgres database, an absolute path. Null: PGPASSWORD, or none is needed. */
  readonly passwordFile: string | null;
  /** The socket of `health`, an absolute path. Null: it is next to the record's file. */
  readonly socket: string | null;
  /** The file to which its signed checkpoints are appended, an absolute path. Null: they are kept in the record only. */
  readonly checkpoints: string | null;
  /** The syslog of another machine that takes them too, `tls://HOST:PORT`. Null: none. */
  readonly syslog: string | null;
  /** Another party that cosigns them, and its key as it publishes it. Null: none. */
  readonly witness: { readonly url: string; readonly key: string } | null;
  /** Files of public keys whose checkpoints count as well: the keys that signed before, absolute paths. */
  readonly formerKeys: readonly string[];
  /** How long details are kept after the end of their incident. Null: for ever. */
  readonly detailsDays: number | null;
};

/** Where monitoring can ask the bot. */
export type HttpSettings = { readonly port: number; readonly host: string };

/** `knownHosts` is an absolute path. */
export type SshFiles = { readonly knownHosts: string };

/** The whole config file, checked, with defaults and absolute paths. */
export type Config = {
  /** The SHA-256 of the file's text, as sha256sum(1) prints it. */
  readonly digest: Sha256;
  /** Null: the bot can't serve with this file, but hosts can be diagnosed. */
  readonly slack: SlackSettings | null;
  /** Null: the bot keeps no record. */
  readonly store: StoreSettings | null;
  /** Null: nothing listens for monitoring. */
  readonly http: HttpSettings | null;
  readonly ssh: SshFiles;
  /** Null: the bot signs no plans. */
  readonly signing: SigningKey | null;
  /**
   * The file of the keys that can break the glass (ssh-keygen(1), ALLOWED SIGNERS), as an absolute path. Null: no key
   * can.
   */
  readonly breakGlass: { readonly allowedSigners: string } | null;
  /** Null: the bot receives no alerts. */
  readonly alerts: AlertSettings | null;
  /** When all hosts are looked at each night. Null: never. */
  readonly fleetLook: NightlyTime | null;
  readonly quiet: QuietSettings;
  /** The language of everything that a channel shares: cards, thread, export. */
  readonly language: Locale;
  readonly hosts: ReadonlyMap<HostName, HostSettings>;
  /** The policy of every host without other rules. */
  readonly defaultPolicy: Policy;
};

/** The parts of the config file that the bot needs. */
export type ServeConfig = {
  readonly digest: Sha256;
  readonly slack: SlackSettings;
  readonly store: StoreSettings;
  readonly http: HttpSettings | null;
  readonly ssh: SshFiles;
  readonly signing: SigningKey | null;
  readonly alerts: AlertSettings | null;
  readonly language: Locale;
  readonly settings: Settings;
};
