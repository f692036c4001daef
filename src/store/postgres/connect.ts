import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Client, type ClientConfig, Pool, types } from 'pg';
import { type PostgresPlace, postgresPlace } from '../../model/settings/postgres-url.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import { BOTS } from './advisory-locks.ts';
import {
  ANSWER_TIMEOUT_MS,
  CONNECT_TIMEOUT_MS,
  IDLE_IN_TRANSACTION_MS,
  LOCK_TIMEOUT_MS,
  READERS,
  RENEWAL_LIMIT_MS,
  STATEMENT_TIMEOUT_MS,
  TURN_LIMIT_MS,
} from './limits.ts';
import { OneConnection } from './one-connection.ts';

/** Where the record is, and the file with the password. Null: PGPASSWORD, or the server wants none. */
export type PostgresAccess = PostgresPlace & { readonly passwordFile: string | null };

/** Whether this process is a bot of the record, works on it beside them, or must be alone with it. */
export type WriterRole = 'bot' | 'beside-the-bots' | 'alone';

/** The connection that writes. Nothing is connected yet. */
export function writer(access: PostgresAccess, role: WriterRole, limitMs = TURN_LIMIT_MS): OneConnection {
  return new OneConnection(limitMs, async () => {
    const client = new Client(clientConfig(access));
    // Without a listener an error on an idle connection would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      await requireDurable(client, access);
      if (role !== 'beside-the-bots') await lockOut(role, client, access);
      return client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  });
}

/** The connection over which a bot renews its leases. It has no other work, so an answer that takes long is none. */
export function leaseConnection(access: PostgresAccess): OneConnection {
  return new OneConnection(RENEWAL_LIMIT_MS, async () => {
    const client = new Client(clientConfig(access));
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
  });
}

/** Connections that only read. Nothing is connected yet. */
export function readers(access: PostgresAccess): Pool {
  const pool = new Pool({
    ...clientConfig(access),
    options: `${SESSION} -c default_transaction_read_only=on`,
    query_timeout: ANSWER_TIMEOUT_MS,
    max: READERS,
  });
  pool.on('error', () => {});
  return pool;
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
