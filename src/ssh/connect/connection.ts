import type { Client, ClientChannel } from 'ssh2';
import type { SshDetail } from '../../model/host/ssh-problem.ts';
import { messageOf } from '../../model/message-of.ts';
import { remoteText } from '../wire/remote-text.ts';
import type { Transport } from '../wire/transport.ts';
import { CommandEnd } from './command-end.ts';

/** A command that the server has accepted and started. It waits for our input. */
export type Session = { readonly kind: 'session'; readonly channel: ClientChannel; readonly end: CommandEnd };

/** The server started no command, so nothing was run. `lost`: the connection is gone or no longer answers. */
export type NoSession = { readonly kind: 'refused' | 'lost'; readonly why: SshDetail };

const FAREWELL_MS = 1000;

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

  /** False once it is lost or must take no new sessions. */
  get usable(): boolean {
    return this.#lostBecause === null && !this.#retired;
  }

  /** True until a first command is requested. A failure then is the server's, not due to age or other sessions. */
  get fresh(): boolean {
    return this.#fresh;
  }

  get openSessions(): number {
    return this.#openSessions;
  }

  /** Starts a command on the host. Return every session with {@link release}. */
  async open(command: string): Promise<Session | NoSession> {
    this.#openSessions += 1;
    this.#fresh = false;
    const opened = await this.#exec(command);
    if (opened.kind !== 'session') this.release();
    return opened;
  }

  release(): void {
    this.#openSessions -= 1;
    if (this.#retired && this.#openSessions === 0) this.#transport.close();
  }

  /** Takes no new sessions, and ends with the last open one. */
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

  #exec(command: string): Promise<Session | NoSession> {
    return new Promise((resolve) => {
      let settled = false;
      const settle = (outcome: Session | NoSession) => {
        settled = true;
        clearTimeout(timer);
        stopListening();
        resolve(outcome);
      };
      const stopListening = this.onLost((why) => settle({ kind: 'lost', why }));
      const timer = setTimeout(() => {
        settle({ kind: 'lost', why: { code: 'no-answer', timeoutMs: this.#acceptTimeoutMs } });
        this.retire();
      }, this.#acceptTimeoutMs);
      this.#request(command, (outcome) => {
        if (!settled) settle(outcome);
        else if (outcome.kind === 'session') outcome.channel.close();
      });
    });
  }

  #request(command: string, answer: (outcome: Session | NoSession) => void): void {
    try {
      this.#client.exec(command, (error, channel) => {
        if (!error) answer({ kind: 'session', channel, end: new CommandEnd(channel) });
        // Refusing one session retires the connection. That does not mean that the connection was lost.
        else answer({ kind: this.#lostBecause === null ? 'refused' : 'lost', why: said(error) });
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

function said(error: unknown): SshDetail {
  return { code: 'said', said: remoteText(messageOf(error)) };
}
