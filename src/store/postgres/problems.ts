import type { StoreProblem } from '../../model/record/store-problem.ts';
import { errnoCode, systemProblem } from '../../model/system-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';

/** What the server says of an error: its code (postgresql.org/docs/current/errcodes-appendix.html). Null: it is no error of the server's. */
function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'severity' in error ? errnoCode(error) : null;
  return code !== null && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Whether the database undid the transaction because of another one: it can be tried again. */
export function isUndoneByOthers(error: unknown): boolean {
  return error instanceof StoreUnavailable && ['40001', '40P01'].includes(sqlState(error.cause) ?? '');
}

/** Whether another transaction held the lock for too long. */
export function isWaitTooLong(error: unknown): boolean {
  return error instanceof StoreUnavailable && sqlState(error.cause) === '55P03';
}

/** Whether the server itself said that the last statement failed. After any other error no one knows what became of it. */
export function isServersVerdict(error: unknown): boolean {
  const state = error instanceof StoreUnavailable ? sqlState(error.cause) : null;
  return state !== null && !isUnreachable(state);
}

/** Messages of pg's client and pool, which have no codes. */
const DRIVER_LOST =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/;
const DRIVER_TLS = /^(The server does not support SSL connections|There was an error establishing an SSL connection)/;
const DRIVER_PASSWORD = /^SASL: .*password/;

/** Turns an error of the database into one that tells the operator what to do. Other errors stay as they are. */
export function explained(error: unknown, server: string): unknown {
  if (error instanceof StoreUnavailable) return error;
  const problem = problemOf(error, server);
  return problem === null ? error : new StoreUnavailable(problem, { cause: error });
}

function problemOf(error: unknown, server: string): StoreProblem | null {
  if (!(error instanceof Error)) return null;
  const why = systemProblem(error);
  const state = sqlState(error);
  if (state !== null) return serverProblem(state, server, { errno: null, said: why.said });
  if (DRIVER_PASSWORD.test(why.said)) return { kind: 'login-refused', server, why };
  if (DRIVER_TLS.test(why.said) || isTlsCode(why.errno)) return { kind: 'tls-failed', server, why };
  return why.errno !== null || DRIVER_LOST.test(why.said) ? { kind: 'server-unreachable', server, why } : null;
}

function serverProblem(state: string, server: string, why: { errno: null; said: string }): StoreProblem {
  switch (state) {
    case '28000':
    case '28P01':
      return { kind: 'login-refused', server, why };
    case '3D000':
      return { kind: 'database-missing', server };
    case '42501':
      return { kind: 'not-granted', server, why };
    case '53100':
      return { kind: 'server-disk-full', server };
    case '53300':
      return { kind: 'server-full', server };
    case '25006':
      return { kind: 'server-read-only', server };
    case '55P03':
    case '57014':
    case '25P03':
      return { kind: 'server-slow', server, why };
    default:
      return isUnreachable(state) ? { kind: 'server-unreachable', server, why } : { kind: 'failed', path: server, why };
  }
}

/** Classes 08 and 57P: the session is over. */
function isUnreachable(state: string): boolean {
  return state.startsWith('08') || state.startsWith('57P');
}

/** Codes of OpenSSL and of Node's own comparison of the name. */
function isTlsCode(code: string | null): boolean {
  return (
    code !== null && /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(code)
  );
}
