import type { ChannelId, HostName } from '../model/record/ids.ts';
import type { Locale } from '../model/settings/locale.ts';
import type { HostSettings, Policy, Settings, SigningKey } from '../model/settings/settings.ts';

export type SlackSettings = {
  readonly mode: 'socket' | 'http';
  /** Where `http` listens. */
  readonly port: number;
  readonly incidentChannel: ChannelId;
};

/** `sqlite:` and an absolute path. */
export type StoreSettings = { readonly url: string };

/** `knownHosts` is an absolute path. */
export type SshFiles = { readonly knownHosts: string };

/** The whole config file, checked; defaults and relative paths resolved. */
export type Config = {
  /** Null: the bot cannot be served with this file, but hosts can be diagnosed. */
  readonly slack: SlackSettings | null;
  /** Null: there is no record to write or to read. */
  readonly store: StoreSettings | null;
  readonly ssh: SshFiles;
  /** Null: the bot signs no plan. */
  readonly signing: SigningKey | null;
  /** Whose keys break the glass (ssh-keygen(1), ALLOWED SIGNERS), an absolute path; null: nobody's. */
  readonly breakGlass: { readonly allowedSigners: string } | null;
  /** Of everything that a channel shares: cards, thread, export. */
  readonly language: Locale;
  readonly hosts: ReadonlyMap<HostName, HostSettings>;
  /** Of every host that has no other rules. */
  readonly defaultPolicy: Policy;
};

/** What the bot needs of the config file. */
export type ServeConfig = {
  readonly slack: SlackSettings;
  readonly store: StoreSettings;
  readonly ssh: SshFiles;
  readonly signing: SigningKey | null;
  readonly language: Locale;
  readonly settings: Settings;
};
