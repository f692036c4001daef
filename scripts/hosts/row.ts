import type { HostSettings } from '../../src/model/settings/settings.ts';

/** Which file system a host begins with: this machine's own, or a Debian made by debootstrap. */
export type Root = 'here' | 'bullseye' | 'trixie';

export type SshServer = 'openssh' | 'dropbear' | 'tinyssh';

/** How the product is there: as a program that it sends each time, or as the installed guard. */
export type Way = 'trial' | 'installed';

/** One kind of host, and what the product has to say there. */
export type HostRow = {
  /** Unique and stable: `npm run hosts -- --only ID`. */
  readonly id: string;
  readonly group: 'userland' | 'tool' | 'shell' | 'sudo' | 'sshd' | 'limits' | 'attack';
  /** What is different about this host, as the table shows it. */
  readonly what: string;
  /** Default: this machine's. */
  readonly root?: Root;
  /** Debian packages whose files are added to it, without running their scripts. */
  readonly packages?: readonly string[];
  /** A shell program that root runs there before anything starts. What it prints is the version in the table. */
  readonly prepare?: string;
  /** A shell program that root runs there after the steps of `host setup`. */
  readonly afterSetup?: string;
  readonly server?: SshServer;
  /** Further lines of sshd_config(5). */
  readonly sshd?: readonly string[];
  /** The bot logs in, but does not use sudo. */
  readonly withoutSudo?: true;
  /** The host's entry in the config, changed. */
  readonly settings?: (host: HostSettings) => HostSettings;
  /** What goes to and from the SSH server is late by this, each way. */
  readonly lateMs?: number;
  /** So many of 100 packets to and from the SSH server are lost. */
  readonly lossPercent?: number;
  /** In which ways the bot comes. Default: with each request (trial), and to an installed guard. */
  readonly ways?: readonly Way[];
  /** It has thousands of something, or takes long: not for every run of the tests. */
  readonly isHeavy?: true;
};

/** A kind of host that can't be had here. */
export type NotTried = { readonly group: HostRow['group']; readonly what: string; readonly why: string };
