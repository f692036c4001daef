import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { PostgresPool } from 'kysely';
import { Client, type ClientConfig, Pool, types } from 'pg';
import { type PostgresPlace, postgresPlace } from '../../model/settings/postgres-url.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import { BOTS } from './advisory-locks.ts';
import {
  ANSWER_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  END_LIMIT_MS,
  IDLE_IN_TRANSACTION_MS,
  LOCK_TIMEOUT_MS,
  OPENING_LIMIT_MS,
  READERS,
  RENEWAL_LIMIT_MS,
  STATEMENT_TIMEOUT_MS,
  TURN_LIMIT_MS,
} from './limits.ts';
import { endInTime, OneConnection } from './one-connection.ts';

/** Where the record is, and the file with the password. Null: PGPASSWORD, or the server wants none. */
export type PostgresAccess = PostgresPlace & { readonly passwordFile: string | null };

/** Whether this process is a bot of the record, works on it beside them, or must be alone with it. */
export type WriterRole = 'bot' | 'beside-the-bots' | 'alone';

/** The connection that writes. Nothing is connected yet. */
export function writer(
  access: PostgresAccess,
  role: WriterRole,
  { turnMs = TURN_LIMIT_MS, openingMs = OPENING_LIMIT_MS } = {},
): OneConnection {
  return new OneConnection(turnMs, () =>
    connected(access, openingMs, async (client) => {
      await requireDurable(client, access);
      if (role !== 'beside-the-bots') await lockOut(role, client, access);
    }),
  );
}

/** The connection over which a bot renews its leases. It has no other work, so an answer that takes long is none. */
export function leaseConnection(access: PostgresAccess): OneConnection {
  return new OneConnection(RENEWAL_LIMIT_MS, () => connected(access, OPENING_LIMIT_MS, async () => {}));
}

/** A connection that is ready for use, or none: a server that says nothing more after the login is given up, too. */
async function connected(
  access: PostgresAccess,
  limitMs: number,
  prepare: (client: Client) => Promise<void>,
): Promise<Client> {
  const client = new Client(clientConfig(access));
  // Without a listener an error on an idle connection would end the process.
  client.on('error', () => {});
  const overdue = setTimeout(() => client.connection.stream.destroy(), limitMs);
  try {
    await client.connect();
    await prepare(client);
    return client;
  } catch (error) {
    endInTime(client).catch(() => {});
    throw error;
  } finally {
    clearTimeout(overdue);
  }
}

/**
 * Connections that only read. Nothing is connected yet. One on which nothing comes for as long as an answer may take is lost: Node can't set
 * TCP_USER_TIMEOUT, and the system itself would take minutes.
 */
export function readers(access: PostgresAccess, answerMs = ANSWER_TIMEOUT_MS): PostgresPool {
  const sockets = new Set<Socket>();
  const stream = () => {
    const socket = new Socket();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket.setTimeout(answerMs, () => socket.destroy());
  };
  const pool = new Pool({
    ...clientConfig(access),
    options: `${SESSION} -c default_transaction_read_only=on`,
    max: READERS,
    stream,
  });
  pool.on('error', () => {});
  // One that is in use has no listener of the pool's.
  pool.on('connect', (client) => client.on('error', () => {}));
  const end = async () => {
    const overdue = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, END_LIMIT_MS);
    await pool.end().finally(() => clearTimeout(overdue));
  };
  return { options: {}, connect: () => pool.connect(), end };
}

/**
 * The server notices within half a minute that a bot's machine is gone, and gives its locks to others
 * (postgresql.org/docs/current/runtime-config-connection.html#GUC-TCP-KEEPALIVES-IDLE).
 */
const SESSION = [
  'search_path=public',
  'client_connection_check_interval=5s',
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

function clientConfig(access: PostgresAccess): ClientConfig {
  const { host, port, user, database } = access;
  return {
    ...{ host, port, user, database },
    password: () => passwordOf(access),
    ssl: tlsOptions(access),
    enableChannelBinding: true,
    application_name: 'registry-doctor',
    options: SESSION,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser },
  };
}

/** Read for each connection, so that a new password counts at once. */
async function passwordOf({ passwordFile }: PostgresAccess): Promise<string> {
  if (passwordFile === null) return process.env['PGPASSWORD'] ?? '';
  try {
    return (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new StoreUnavailable({ kind: 'password-unreadable', path: passwordFile, why: systemProblem(error) });
  }
}

function tlsOptions({ tls, host, rootCertificate }: PostgresAccess): ConnectionOptions | false {
  if (tls === 'disable') return false;
  const trusted = rootCertificate === null ? {} : { ca: certificates(rootCertificate) };
  // With a certificate to trust, `require` means `verify-ca`, as it does for libpq.
  if (tls === 'require' && rootCertificate === null) return { rejectUnauthorized: false };
  return tls === 'verify-full' ? { host, ...trusted } : { ...trusted, checkServerIdentity: () => undefined };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StoreUnavailable({ kind: 'certificates-unreadable', path: file, why: systemProblem(error) });
  }
}

const INT8 = 20;

/** Counts and sequence numbers stay below 2^53, so they are numbers here as they are with SQLite. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format);
}

/** What a standby has is not ours to change, and what an unsafe server confirms can be lost in a power cut. */
async function requireDurable(client: Client, access: PostgresAccess): Promise<void> {
  const { rows } = await client.query(
    `select current_setting('synchronous_commit') as synchronous_commit, current_setting('fsync') as fsync,
      current_setting('transaction_read_only') as read_only`,
  );
  const server = postgresPlace(access);
  const settings: Record<string, unknown> = rows[0] ?? {};
  if (settings['read_only'] === 'on') throw new StoreUnavailable({ kind: 'server-read-only', server });
  for (const setting of ['synchronous_commit', 'fsync'] as const) {
    if (settings[setting] === 'off') throw new StoreUnavailable({ kind: 'commits-not-durable', server, setting });
  }
}

/** The lock is the session's: the server gives it back when the connection ends, for whatever reason. */
async function lockOut(role: 'bot' | 'alone', client: Client, access: PostgresAccess): Promise<void> {
  const lock = role === 'bot' ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock';
  const { rows } = await client.query(`select ${lock}($1, $2) as locked`, [...BOTS]);
  if (rows[0]?.locked !== true) throw new StoreUnavailable({ kind: 'bot-elsewhere', server: postgresPlace(access) });
}
