import type { ChannelId, HostName, Sha256 } from '../model/record/ids.ts';
import type { AlertSettings } from '../model/settings/alert-settings.ts';
import type { Locale } from '../model/settings/locale.ts';
import type { QuietSettings } from '../model/settings/quiet-settings.ts';
import type { HostSettings, Policy, Settings, SigningKey } from '../model/settings/settings.ts';

export type SlackSettings = {
  readonly mode: 'socket' | 'http';
  /** The port that `http` mode listens on. */
  readonly port: number;
  readonly incidentChannel: ChannelId;
};

/** `sqlite:` and an absolute path. */
export type StoreSettings = { readonly url: string };

/** Where monitoring can ask the bot. */
export type HttpSettings = { readonly port: number; readonly host: string };

/** `knownHosts` is an absolute path. */
export type SshFiles = { readonly knownHosts: string };

/** The whole config file, checked, with defaults and absolute paths. */
export type Config = {
  /** Of the file's text, as sha256sum(1) says it. */
  readonly digest: Sha256;
  /** Null: the bot can't serve with this file, but hosts can be diagnosed. */
  readonly slack: SlackSettings | null;
  /** Null: no record to write or read. */
  readonly store: StoreSettings | null;
  /** Null: nothing listens for monitoring. */
  readonly http: HttpSettings | null;
  readonly ssh: SshFiles;
  /** Null: the bot signs no plans. */
  readonly signing: SigningKey | null;
  /** The keys that can break the glass (ssh-keygen(1), ALLOWED SIGNERS), an absolute path. Null: none. */
  readonly breakGlass: { readonly allowedSigners: string } | null;
  /** Null: the bot receives no alerts. */
  readonly alerts: AlertSettings | null;
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
