import type { Duplex } from 'node:stream';
import PQueue from 'p-queue';
import { placeOf, type SshProblem } from '../../model/connection/ssh-problem.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { HostSession, HostSessions } from '../../workflow/ports/bots.ts';
import type { RemoteOutcome, RunOptions } from '../../workflow/ports/host.ts';
import { connectTo } from '../connect/connect.ts';
import type { Connection, HostAddress, NoSession, Session } from '../connect/connection.ts';
import type { Trust } from '../trust/trust.ts';
import type { ConnectLimits } from '../wire/connect-limits.ts';
import { type NotConnected, notConnected } from '../wire/not-connected.ts';
import { countSession, SESSION_WAIT_MS } from './count-session.ts';
import { asOneBlock, guardCommand, KILL_AFTER_SECONDS, remoteCommand } from './remote-command.ts';
import { runScript } from './run-script.ts';

export type LaneLimits = ConnectLimits & {
  /** The most scripts that run on one host at the same time, of all bots. sshd itself allows 10 on a connection (MaxSessions). */
  readonly maxSessionsPerHost: number;
  /** The most scripts that wait for their turn on one host. Further ones are rejected. */
  readonly maxWaitingPerHost: number;
  /** How long an unused connection is kept. */
  readonly idleMs: number;
};

/** A TCP connection from a host to one of its addresses, or why there is none. */
export type ForwardOutcome =
  | { readonly kind: 'forwarded'; readonly stream: Duplex }
  | { readonly kind: 'not-forwarded'; readonly why: SshProblem }
  | NotConnected;

/**
 * How much longer than the host's own limit the bot waits: for SIGKILL to follow SIGTERM, and for the answer to arrive.
 */
const OWN_GRACE_MS = KILL_AFTER_SECONDS * 1000 + 1000;

/**
 * All traffic to one host: its one connection, and the order in which scripts use it. Lanes share no state, so a host
 * that hangs delays no other.
 *
 * - A script waits for its turn, then for a connection. States of the connection: none → connecting → open → none.
 *   Scripts that need one while it is being opened share that attempt. It is closed after `idleMs` without a script.
 * - Among several bots, a session begins only once it is counted for all of them. It counts until the host says that it is over, or until the
 *   bot itself would have given it up.
 * - Approved changes go before read-only scripts and are never rejected. Of the read-only ones at most
 *   `maxWaitingPerHost` can wait.
 * - A lost connection is never repaired under a script. The outcome then says what is known, and the workflow asks the
 *   host.
 */
export class HostLane {
  readonly #trust: Trust;
  readonly #limits: LaneLimits;
  readonly #log: Log;
  /** Null: no other bot opens sessions. */
  readonly #sessions: HostSessions | null;
  readonly #turns: PQueue;
  #connection: Connection | null = null;
  #connecting: Promise<Connection | NotConnected> | null = null;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(trust: Trust, limits: LaneLimits, log: Log, sessions: HostSessions | null) {
    this.#trust = trust;
    this.#limits = limits;
    this.#log = log;
    this.#sessions = sessions;
    this.#turns = new PQueue({ concurrency: limits.maxSessionsPerHost });
  }

  /** Runs the script when its turn comes. Approved changes come before read-only scripts. */
  async run(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome> {
    const isApproved = options.approved === true;
    const waiting = this.#turns.size;
    if (!isApproved && waiting >= this.#limits.maxWaitingPerHost) {
      return notConnected('host-unreachable', { code: 'too-many-waiting', waiting });
    }
    const runNow = () => this.#runNow(host, script, options).finally(() => this.#closeWhenIdle());
    return this.#turns.add(runNow, { priority: isApproved ? 1 : 0 });
  }

  /**
   * Opens a TCP connection from the host to one of its addresses. It does not wait for scripts, because a monitored
   * host must not look dead while it is diagnosed.
   */
  async forward(host: HostSettings, to: HostAddress): Promise<ForwardOutcome> {
    clearTimeout(this.#idleTimer);
    for (let isRetry = false; ; isRetry = true) {
      const connection = await this.#connected(host);
      if (connection.kind === 'not-connected') return connection;
      const { fresh } = connection;
      const forwarded = await connection.forward(to);
      if (forwarded.kind === 'forwarded') return this.#forwardedOver(connection, forwarded.channel);
      if (forwarded.kind !== 'lost' || fresh || isRetry) {
        this.#closeWhenIdle();
        return { kind: 'not-forwarded', why: notForwarded(host, to, forwarded) };
      }
      // The connection was lost unnoticed since its last use.
      connection.retire();
    }
  }

  /** Lets every running and waiting script end, then closes the connection. */
  async close(): Promise<void> {
    await this.#turns.onIdle();
    clearTimeout(this.#idleTimer);
    await this.#connection?.end();
  }

  async #runNow(host: HostSettings, script: string, options: RunOptions): Promise<RemoteOutcome> {
    clearTimeout(this.#idleTimer);
    const seconds = Math.ceil(options.timeoutMs / 1000);
    const remoteLimitMs = seconds * 1000;
    const ownLimitMs = remoteLimitMs + OWN_GRACE_MS;
    const opened = await this.#open(host, commandFor(host, seconds), ownLimitMs);
    if (opened.kind === 'not-connected') return opened;
    const { connection, session, counted, startedAt } = opened;
    const clock = { startedAt, remoteLimitMs, ownLimitMs };
    // An installed guard takes no program, and its request has an end marker of its own.
    const input = host.guard === null ? asOneBlock(script) : script;
    const outcome = await runScript(connection, session, input, options, clock);
    connection.release();
    // Otherwise it might go on without us, and counts until its time is up.
    if (outcome.kind === 'exited') void counted?.giveBack();
    return outcome;
  }

  #forwardedOver(connection: Connection, stream: Duplex): ForwardOutcome {
    stream.once('close', () => {
      connection.release();
      this.#closeWhenIdle();
    });
    // Stays for the channel's whole life: an error without a listener would end the process.
    stream.on('error', () => {});
    return { kind: 'forwarded', stream };
  }

  /**
   * Starts the command. If the connection was lost unnoticed since its last use, or the server allows fewer sessions on
   * it than we do, a new connection is used. No script was sent yet, so nothing runs twice.
   */
  async #open(host: HostSettings, command: string, ownLimitMs: number): Promise<Opened | NotConnected> {
    let reconnects = 0;
    for (;;) {
      const connection = await this.#connected(host);
      if (connection.kind === 'not-connected') return connection;
      const counted = await this.#count(host, ownLimitMs);
      if (counted === 'none-left') return notConnected('host-unreachable', this.#noneLeft);
      const { fresh } = connection;
      const startedAt = performance.now();
      const session = await connection.open(command);
      if (session.kind === 'session') return { kind: 'opened', connection, session, counted, startedAt };
      if (session.kind === 'refused') void counted?.giveBack();
      connection.retire();
      // If each connection takes only one session, other scripts for this host might claim every new one first.
      const mayReconnect = session.kind === 'lost' ? 1 : this.#limits.maxSessionsPerHost;
      if (fresh || reconnects >= mayReconnect) {
        const code = session.kind === 'lost' ? 'lost-before-start' : 'session-refused';
        return notConnected('host-unreachable', { code, at: placeOf(host.ssh), detail: session.why });
      }
      reconnects += 1;
    }
  }

  /** Null: no one else has sessions there. */
  async #count({ name }: HostSettings, ownLimitMs: number): Promise<HostSession | null | 'none-left'> {
    if (this.#sessions === null) return null;
    const { maxSessionsPerHost: most, acceptTimeoutMs } = this.#limits;
    return (await countSession(this.#sessions, name, { most, lastsMs: acceptTimeoutMs + ownLimitMs })) ?? 'none-left';
  }

  get #noneLeft(): SshProblem {
    return { code: 'no-session-left', sessions: this.#limits.maxSessionsPerHost, waitedMs: SESSION_WAIT_MS };
  }

  #connected(host: HostSettings): Promise<Connection | NotConnected> {
    if (this.#connection?.usable) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#connect(host).finally(() => {
      this.#connecting = null;
    });
    return this.#connecting;
  }

  async #connect(host: HostSettings): Promise<Connection | NotConnected> {
    const startedAt = performance.now();
    const outcome = await connectTo(host.ssh, this.#trust, this.#limits);
    const ms = Math.round(performance.now() - startedAt);
    if (outcome.kind === 'connection') {
      this.#connection = outcome;
      this.#log.debug({ host: host.name, ms }, 'ssh connected');
    } else {
      this.#log.debug({ host: host.name, ms, reason: outcome.reason }, 'ssh not connected');
    }
    return outcome;
  }

  #closeWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      if (this.#connection?.openSessions === 0) void this.#connection.end();
    }, this.#limits.idleMs);
    this.#idleTimer.unref();
  }
}

function commandFor({ ssh: { sudo }, guard, enter }: HostSettings, seconds: number): string {
  return guard === null ? remoteCommand({ sudo, enter }, seconds) : guardCommand({ sudo, path: guard.path });
}

function notForwarded({ ssh }: HostSettings, { address, port }: HostAddress, { kind, why }: NoSession): SshProblem {
  const code = kind === 'forbidden' ? 'forwarding-forbidden' : 'forwarding-failed';
  return { code, at: placeOf(ssh), to: `${address}:${port}`, detail: why };
}

type Opened = {
  readonly kind: 'opened';
  readonly connection: Connection;
  readonly session: Session;
  readonly counted: HostSession | null;
  readonly startedAt: number;
};
