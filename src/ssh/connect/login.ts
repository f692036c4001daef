import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { placeOf, type SshDetail } from '../../model/connection/ssh-problem.ts';
import type { SshLogin } from '../../model/settings/settings.ts';
import { authMethod, type Credentials } from '../trust/credentials.ts';
import type { HostKeyCheck } from '../trust/host-key-check.ts';
import { type Dropped, type NotConnected, notConnected } from '../wire/not-connected.ts';
import { remoteText } from '../wire/remote-text.ts';

/** Why a handshake or login failed: the server hung up early, or it refused. */
export type HandshakeFailure = Dropped | NotConnected;

/**
 * An error of ssh2. `level` is the stage at which it happened. `code` is a number if the server sent a DISCONNECT (RFC
 * 4253, 11.1).
 */
type Ssh2Error = Error & { readonly level?: string | undefined; readonly code?: string | number | undefined };

/** The messages of ssh2 if client and server know no algorithm in common (RFC 4253, 7.1). */
const NOTHING_IN_COMMON: Readonly<Record<string, 'key-exchange' | 'cipher' | 'mac'>> = {
  'Handshake failed: no matching key exchange algorithm': 'key-exchange',
  'Handshake failed: no matching C->S cipher': 'cipher',
  'Handshake failed: no matching S->C cipher': 'cipher',
  'Handshake failed: no matching C->S MAC': 'mac',
  'Handshake failed: no matching S->C MAC': 'mac',
};

/** The message of ssh2 if the server hangs up before its identification line. */
const LOST_EARLY = 'Connection lost before handshake';

/** One login attempt: offers one method, and turns an error at any stage into a failure. */
export class Login {
  readonly #settings: SshLogin;
  readonly #hostKey: HostKeyCheck;
  readonly #credentials: Credentials;
  #offered = false;
  #agentProblem: string | null = null;
  /** The methods that the server still required after it had accepted the key. Null: it did not accept it. */
  #stillRequired: readonly AuthenticationType[] | null = null;

  constructor(settings: SshLogin, hostKey: HostKeyCheck, credentials: Credentials) {
    this.#settings = settings;
    this.#hostKey = hostKey;
    this.#credentials = credentials;
  }

  /**
   * Offers the key or the agent, once. `false` ends the login. The "none" method is not tried, because it costs a round
   * trip.
   */
  nextMethod(methodsLeft: AuthenticationType[] | null, partialSuccess: boolean | null): AnyAuthMethod | false {
    if (partialSuccess === true) this.#stillRequired = methodsLeft ?? [];
    if (this.#offered) return false;
    this.#offered = true;
    return authMethod(this.#credentials, this.#settings.user);
  }

  /** Translates an error of ssh2 before the login is complete. Null: ssh2 continues, and reports another error if it fails. */
  failure(error: Ssh2Error, timeoutMs: number): HandshakeFailure | null {
    if (this.#hostKey.refusal !== null) return this.#hostKey.refusal;
    if (error.level === 'agent') {
      this.#agentProblem = remoteText(error.message);
      return null;
    }
    if (error.level === 'client-timeout') {
      return notConnected('host-unreachable', {
        code: 'handshake-timed-out',
        at: placeOf(this.#settings),
        timeoutMs,
      });
    }
    if (error.level === 'client-authentication') return this.#authenticationFailure();
    // "Too many authentication failures": the server ends a login that offers it too many keys.
    const disconnectedByServer = typeof error.code === 'number';
    if (this.#offered && disconnectedByServer) {
      return notConnected('authentication-failed', {
        code: 'login-ended',
        at: placeOf(this.#settings),
        offered: this.#credentials.offered,
        said: remoteText(error.message),
      });
    }
    const kind = NOTHING_IN_COMMON[error.message];
    if (kind !== undefined) {
      return notConnected('host-unreachable', { code: 'nothing-in-common', at: placeOf(this.#settings), kind });
    }
    const detail = { code: 'said', said: remoteText(error.message) } as const;
    if (error.level === 'client-socket' || error.message === LOST_EARLY) return this.hungUp(detail);
    return notConnected('host-unreachable', { code: 'handshake-failed', at: placeOf(this.#settings), detail });
  }

  /**
   * The failure of a connection that ended. Before the host's key was trusted, the server counts as having dropped it.
   */
  hungUp(detail: SshDetail): HandshakeFailure {
    if (this.#hostKey.refusal !== null) return this.#hostKey.refusal;
    const why = { code: 'handshake-failed', at: placeOf(this.#settings), detail } as const;
    return this.#hostKey.trusted ? notConnected('host-unreachable', why) : { kind: 'dropped', why };
  }

  #authenticationFailure(): NotConnected {
    const { offered } = this.#credentials;
    if (this.#agentProblem !== null && this.#credentials.kind === 'agent') {
      const { socket } = this.#credentials;
      return notConnected('login-key-unusable', { code: 'agent-failed', socket, said: this.#agentProblem });
    }
    const offer = { at: placeOf(this.#settings), offered };
    if (this.#stillRequired === null) return notConnected('authentication-failed', { code: 'key-refused', ...offer });
    const wanted = remoteText(this.#stillRequired.join(', '));
    return notConnected('authentication-failed', { code: 'key-not-enough', ...offer, wanted });
  }
}
