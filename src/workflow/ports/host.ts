import type { SshProblem } from '../../model/connection/ssh-problem.ts';
import type { Fact } from '../../model/fact.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { HostSettings } from '../../model/settings/settings.ts';

/** What workflows need of a registry’s host. */

/**
 * What the workflows need of the outside world. Adapters at the rim (ssh/, store/, slack/) implement these;
 * `compose/` puts them together. Expected outcomes are values; a rejected promise means broken infrastructure or a bug.
 */

/** The result of running a script on a host. */
export type RemoteOutcome =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: RemoteOutput }
  /** The script might have run, completely or in part. */
  | { readonly kind: 'no-exit-status'; readonly why: SshProblem; readonly output: RemoteOutput }
  | { readonly kind: 'timed-out'; readonly timeoutMs: number; readonly output: RemoteOutput }
  /** Nothing was run. */
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem };

/** `login-key-unusable`, `known-hosts-unreadable`: the fault is on the bot's machine, and the host was not asked. */
export type NotConnectedReason =
  | 'login-key-unusable'
  | 'known-hosts-unreadable'
  | 'host-unreachable'
  | 'host-key-mismatch'
  | 'authentication-failed';

export type RemoteOutput = {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  /** True if there was more than `maxOutputBytes` and the rest was dropped. */
  readonly truncated: boolean;
};

export type RunOptions = {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** An approved change: takes priority over read-only scripts and is never rejected because the queue is full. */
  readonly approved?: true;
};

/** Runs a POSIX sh script on a host: one exec, the script over stdin, as root if the host's settings have sudo. */
export interface RemoteHost {
  run(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome>;
}

/** Asks a registry over HTTP and runs nothing for it: one GET, no redirect, with limits on time and size. */
export interface RegistryHttp {
  /** From the bot's own machine. An address that leads back to that machine is not asked. */
  askFromBot(url: string): Promise<Fact<HttpAnswer>>;
  /** From the host itself, through its SSH connection. */
  askFromHost(host: HostSettings, url: string): Promise<AskedFromHost>;
  /** When the certificate ends that is shown there to the bot's own machine, in Unix seconds. */
  certificateEnd(url: string): Promise<Fact<number>>;
}

export type AskedFromHost =
  | { readonly kind: 'asked'; readonly answer: Fact<HttpAnswer> }
  /** The host was reached, and its sshd opened no connection to that address. */
  | { readonly kind: 'not-forwarded'; readonly why: SshProblem }
  | Extract<RemoteOutcome, { kind: 'not-connected' }>;
