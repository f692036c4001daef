import type { HostSettings } from '../../model/settings/settings.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { HostSessions } from '../../workflow/ports/bots.ts';
import type { RemoteHost, RemoteOutcome, RunOptions } from '../../workflow/ports/host.ts';
import type { HostAddress } from '../connect/connection.ts';
import { notConnected } from '../wire/not-connected.ts';
import { type ForwardOutcome, HostLane, type LaneLimits } from './host-lane.ts';

export type Ssh2RemoteHostOptions = {
  /** The only source of trust in host keys. Read again for each connection. */
  readonly knownHostsFile: string;
  /** SSH_AUTH_SOCK, for hosts without an identityFile. Null: no agent. */
  readonly agentSocket: string | null;
  /** SSH_KEY_PASSPHRASE, for keys without a passphraseFile of their own. */
  readonly keyPassphrase: string | null;
  readonly log: Log;
  /** For one of several bots. Absent: no other one opens sessions. */
  readonly sessions?: HostSessions | undefined;
  readonly limits?: Partial<LaneLimits>;
};

export const DEFAULT_LIMITS: LaneLimits = {
  maxSessionsPerHost: 4,
  maxWaitingPerHost: 32,
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 15_000,
  acceptTimeoutMs: 10_000,
  keepaliveIntervalMs: 5000,
  keepaliveCountMax: 3,
  idleMs: 60_000,
};

/**
 * {@link RemoteHost} over SSH: public key or agent, only known host keys, one reused connection per host. A command
 * line tool has to call `close()` when it is done: an open connection keeps the process alive until its idle time is
 * over.
 */
export class Ssh2RemoteHost implements RemoteHost {
  readonly #options: Ssh2RemoteHostOptions;
  readonly #limits: LaneLimits;
  readonly #lanes = new Map<string, HostLane>();
  readonly #ending = new Set<HostLane>();
  #closing = false;

  constructor(options: Ssh2RemoteHostOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  async run(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome> {
    if (this.#closing) return notConnected('host-unreachable', { code: 'shutting-down' });
    const startedAt = performance.now();
    const outcome = await this.#laneOf(host).run(host, script, options);
    const ms = Math.round(performance.now() - startedAt);
    this.#options.log.debug({ host: host.name, ms, ...summary(outcome) }, 'ssh script');
    return outcome;
  }

  /** Opens a TCP connection from the host to an address as the host calls it, over the host's one SSH connection. */
  async forward(host: HostSettings, to: HostAddress): Promise<ForwardOutcome> {
    if (this.#closing) return notConnected('host-unreachable', { code: 'shutting-down' });
    return this.#laneOf(host).forward(host, to);
  }

  /** Takes no new scripts, waits for the accepted ones, then closes every connection. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#lanes.values(), ...this.#ending].map((lane) => lane.close()));
  }

  /** Ends the connections to all other hosts, and to earlier settings of these, each once its accepted scripts have ended. */
  keepOnly(hosts: Iterable<HostSettings>): void {
    const kept = new Set([...hosts].map(laneKey));
    for (const [key, lane] of this.#lanes) {
      if (kept.has(key)) continue;
      this.#lanes.delete(key);
      void this.#ended(lane);
    }
  }

  /** Ends a lane. `close` waits for it as well. */
  async #ended(lane: HostLane): Promise<void> {
    this.#ending.add(lane);
    await lane.close();
    this.#ending.delete(lane);
  }

  #laneOf(host: HostSettings): HostLane {
    const key = laneKey(host);
    const { log, sessions = null } = this.#options;
    const lane = this.#lanes.get(key) ?? new HostLane(this.#options, this.#limits, log, sessions);
    this.#lanes.set(key, lane);
    return lane;
  }
}

/** What hosts have to have in common to share a connection. */
function laneKey({ name, ssh: { sudo: _, ...login } }: HostSettings): string {
  return JSON.stringify([name, login]);
}

/** Summarizes for the log how a script ended, never its input or output. */
function summary(outcome: RemoteOutcome): Record<string, unknown> {
  switch (outcome.kind) {
    case 'not-connected':
      return { outcome: outcome.kind, reason: outcome.reason };
    case 'exited':
      return { outcome: outcome.kind, exitCode: outcome.exitCode };
    default:
      return { outcome: outcome.kind };
  }
}
