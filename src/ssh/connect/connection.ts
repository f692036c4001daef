import type { Client, ClientChannel } from 'ssh2';
import type { SshDetail } from '../../model/connection/ssh-problem.ts';
import { messageOf } from '../../model/message-of.ts';
import { remoteText } from '../wire/remote-text.ts';
import type { Transport } from '../wire/transport.ts';
import { CommandEnd } from './command-end.ts';

/** A command that the server has accepted and started. It waits for our input. */
export type Session = { readonly kind: 'session'; readonly channel: ClientChannel; readonly end: CommandEnd };

/** A TCP connection that the server has opened for us from its side. */
export type Forwarded = { readonly kind: 'forwarded'; readonly channel: ClientChannel };

/**
 * The server started nothing. `forbidden`: it permits no such connection. `lost`: the connection is gone or no longer
 * answers.
 */
export type NoSession = { readonly kind: 'refused' | 'forbidden' | 'lost'; readonly why: SshDetail };

/** An address as the host sees it: `127.0.0.1` is the host itself. */
export type HostAddress = { readonly address: string; readonly port: number };

const FAREWELL_MS = 1000;
/** How long the host can try to reach an address. If the address does not answer, that says nothing about the host. */
const FORWARD_TIMEOUT_MS = 3000;

/** One logged-in connection, on which several sessions can be open at once. */
export class Connection {
  readonly kind = 'connection';
  readonly #client: Client;
  readonly #transport: Transport;
  readonly #acceptTimeoutMs: number;
  readonly #lostListeners = new Set<(why: SshDetail) => void>();
  #lostBecause: SshDetail | null = null;
  #firstError: SshDetail | null = null;
  #retired = false;
  #openSessions = 0;
  #fresh = true;

  constructor(client: Client, transport: Transport, acceptTimeoutMs: number) {
    this.#client = client;
    this.#transport = transport;
    this.#acceptTimeoutMs = acceptTimeoutMs;
    client.on('error', (error) => {
      this.#firstError ??= said(error);
    });
    client.once('close', () => {
      transport.close();
      this.#lose();
    });
  }

  /** False once the connection is lost or takes no new sessions. */
  get usable(): boolean {
    return this.#lostBecause === null && !this.#retired;
  }

  /**
   * True until a first command is requested. If that fails, the server is the reason, not the connection's age or other
   * sessions.
   */
  get fresh(): boolean {
    return this.#fresh;
  }

  get openSessions(): number {
    return this.#openSessions;
  }

  /** Starts a command on the host. Every session has to be given back with {@link release}. */
  async open(command: string): Promise<Session | NoSession> {
    this.#openSessions += 1;
    this.#fresh = false;
    const opened = await this.#opened<Session>((answer) => this.#exec(command, answer), {
      afterMs: this.#acceptTimeoutMs,
      kind: 'lost',
    });
    if (opened.kind === 'session') return opened;
    this.release();
    return opened;
  }

  /**
   * Opens a TCP connection from the host to an address as the host sees it. It has to be given back with {@link
   * release}.
   */
  async forward(to: HostAddress): Promise<Forwarded | NoSession> {
    this.#openSessions += 1;
    this.#fresh = false;
    const opened = await this.#opened<Forwarded>((answer) => this.#forward(to, answer), {
      afterMs: FORWARD_TIMEOUT_MS,
      kind: 'refused',
    });
    if (opened.kind === 'forwarded') return opened;
    this.release();
    return opened;
  }

  release(): void {
    this.#openSessions -= 1;
    if (this.#retired && this.#openSessions === 0) this.#transport.close();
  }

  /** Takes no new sessions, and ends when the last open one does. */
  retire(): void {
    this.#retired = true;
    if (this.#openSessions === 0) this.#transport.close();
  }

  /** Calls the listener once when the connection is lost. The returned function removes the listener. */
  onLost(listener: (why: SshDetail) => void): () => void {
    this.#lostListeners.add(listener);
    return () => this.#lostListeners.delete(listener);
  }

  /** Disconnects and closes. Resolves when closed, after a second at the latest. */
  async end(): Promise<void> {
    this.#retired = true;
    if (this.#lostBecause !== null) return;
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(() => this.#transport.close(), FAREWELL_MS);
      this.onLost(() => {
        clearTimeout(giveUp);
        resolve();
      });
      this.#client.end();
      this.#transport.closeSoon();
    });
  }

  /** Resolves with the server's answer to one request. A channel that the server opens too late is closed again. */
  #opened<T extends Session | Forwarded>(
    request: (answer: (outcome: T | NoSession) => void) => void,
    unanswered: { readonly afterMs: number; readonly kind: 'lost' | 'refused' },
  ): Promise<T | NoSession> {
    return new Promise((resolve) => {
      let settled = false;
      const settle = (outcome: T | NoSession) => {
        settled = true;
        clearTimeout(timer);
        stopListening();
        resolve(outcome);
      };
      const stopListening = this.onLost((why) => settle({ kind: 'lost', why }));
      const timer = setTimeout(() => {
        settle({ kind: unanswered.kind, why: { code: 'no-answer', timeoutMs: unanswered.afterMs } });
        if (unanswered.kind === 'lost') this.retire();
      }, unanswered.afterMs);
      request((outcome) => {
        if (!settled) settle(outcome);
        else if ('channel' in outcome) outcome.channel.close();
      });
    });
  }

  #exec(command: string, answer: (outcome: Session | NoSession) => void): void {
    try {
      this.#client.exec(command, (error, channel) => {
        if (!error) answer({ kind: 'session', channel, end: new CommandEnd(channel) });
        // A refused session retires the connection, which does not mean that the connection was lost.
        else answer({ kind: this.#lostBecause === null ? 'refused' : 'lost', why: said(error) });
      });
    } catch (error) {
      // ssh2 throws if the socket is no longer writable.
      answer({ kind: 'lost', why: said(error) });
    }
  }

  #forward({ address, port }: HostAddress, answer: (outcome: Forwarded | NoSession) => void): void {
    try {
      this.#client.forwardOut('127.0.0.1', 0, address, port, (error, channel) => {
        if (!error) answer({ kind: 'forwarded', channel });
        else answer({ kind: this.#lostBecause === null ? refusalOf(error) : 'lost', why: said(error) });
      });
    } catch (error) {
      // ssh2 throws if the socket is no longer writable.
      answer({ kind: 'lost', why: said(error) });
    }
  }

  #lose(): void {
    this.#lostBecause = this.#firstError ?? { code: 'closed' };
    for (const listener of [...this.#lostListeners]) listener(this.#lostBecause);
    this.#lostListeners.clear();
  }
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED (RFC 4254, 5.1). ssh2 hands the number on as `reason`. */
const PROHIBITED = 1;

function refusalOf(error: Error): 'forbidden' | 'refused' {
  return 'reason' in error && error.reason === PROHIBITED ? 'forbidden' : 'refused';
}

function said(error: unknown): SshDetail {
  return { code: 'said', said: remoteText(messageOf(error)) };
}
