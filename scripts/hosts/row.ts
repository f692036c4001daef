import type { HostSettings } from '../../src/model/settings/settings.ts';
import type { Machine } from './machine.ts';

/** Which file system a host begins with: this machine's own, or a Debian made by debootstrap. */
export type Root = 'here' | 'bullseye' | 'trixie';

export type SshServer = 'openssh' | 'dropbear' | 'tinyssh';

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
  /** What the table shows to differ from a whole flow, and has to. Absent: the whole flow works, in both ways. */
  readonly expects?: Expected;
  /** The bot's way to the host is another one than its address. */
  readonly network?: 'slow';
  /** More processes or files than a prepared shell program can make. */
  readonly crowd?: (machine: Machine) => Promise<void>;
};

export type Expected = {
  /** The verdict on the broken registry. */
  readonly verdict: 'faulty' | 'inconclusive' | 'healthy';
  /** Its first finding. */
  readonly finding: string;
  /** Words that its text has to have. */
  readonly says?: RegExp;
  /** A plan is made although something is unknown: it has to work as a whole. */
  readonly hasPlan: boolean;
  /** The installed guard's part; default: the same. */
  readonly installed?: Omit<Expected, 'installed'> | 'whole';
};

/** A kind of host that can't be had here. */
export type NotTried = { readonly group: HostRow['group']; readonly what: string; readonly why: string };
