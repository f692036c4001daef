import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { IN_MEMORY } from '../in-memory.ts';
import { postgresPrograms } from './postgres-programs.ts';

const run = promisify(execFile);

/** Postgres does not run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const ACCOUNT = process.getuid?.() === 0 ? NOBODY : null;

export type ServerOptions = {
  /** Lines of pg_hba.conf before the one that lets in whoever can enter the socket's directory. */
  readonly access?: readonly string[];
  /** It also listens on 127.0.0.1, at this port, with TLS if it has a certificate. */
  readonly tcp?: { readonly port: number; readonly certificate?: { readonly file: string; readonly key: string } };
};

/**
 * A Postgres server of a test's own: new and empty, in memory (it confirms nothing before fsync(2) all the same), on a socket in a directory of its own. It
 * has to be stopped.
 */
export class PostgresServer {
  /** The directory with everything that it has. */
  readonly directory: string;
  readonly #programs: string;
  readonly #options: ServerOptions;
  #process: ChildProcess | null = null;
  #databases = 0;

  private constructor(programs: string, options: ServerOptions) {
    this.#programs = programs;
    this.#options = options;
    this.directory = mkdtempSync(join(IN_MEMORY, 'rd-postgres-'));
  }

  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const server = new PostgresServer(installedPrograms(), options);
    await server.#create();
    await server.start();
    return server;
  }

  /**
   * A standby of another server, which has to let it replicate over its socket. From now on that one confirms only what this one has on disk, too
   * (postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION).
   */
  static async startStandby(primary: PostgresServer, options: ServerOptions): Promise<PostgresServer> {
    const server = new PostgresServer(installedPrograms(), options);
    server.#makeDirectories();
    const of = ['-h', primary.directory, '-p', String(primary.#port), '-U', 'postgres'];
    const how = ['--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast', '--no-sync'];
    await run(join(server.#programs, 'pg_basebackup'), ['-D', server.#data, ...of, ...how], { ...ACCOUNT });
    await server.start();
    await primary.query('postgres', `ALTER SYSTEM SET synchronous_standby_names = '*'`);
    await primary.query('postgres', 'SELECT pg_reload_conf()');
    const isSynchronous = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`;
    while ((await primary.query('postgres', isSynchronous)).length === 0) await sleep(20);
    return server;
  }

  /** The standby becomes a primary. Resolves when it can be written to. */
  async promote(): Promise<void> {
    await this.query('postgres', 'SELECT pg_promote(true, 60)');
  }

  /** The URL of a database for a user of it. */
  url(database: string, user = 'postgres'): string {
    return `postgres://${user}@localhost:${this.#port}/${database}?host=${this.directory}`;
  }

  /** Makes a database like another one, or an empty one. Returns its name. */
  async database(template = 'template0'): Promise<string> {
    this.#databases += 1;
    const name = `record_${this.#databases}`;
    await this.query('postgres', `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return name;
  }

  /** Runs SQL as the superuser. Returns the rows of its last statement. */
  async query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ host: this.directory, port: this.#port, user: 'postgres', database });
    client.on('error', () => {});
    await client.connect();
    try {
      const results = await client.query(text);
      return [results].flat().at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  }

  /** Resolves when it accepts connections. `overruling` are settings that count for more than its files. */
  async start(overruling: readonly string[] = []): Promise<void> {
    const settings = [
      ...[
        `unix_socket_directories=${this.directory}`,
        'listen_addresses=',
        'shared_buffers=16MB',
        'max_connections=40',
      ],
      ...['jit=off', 'autovacuum=off', 'max_wal_size=64MB', ...this.#listening()],
      ...overruling,
    ];
    const args = ['-D', this.#data, ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(join(this.#programs, 'postgres'), args, { ...ACCOUNT, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (line.includes('ready to accept connections') || line.includes('ready to accept read-only connections')) {
        child.stderr.resume();
        return;
      }
    }
    throw new Error(`Postgres did not start:\n${said.join('\n')}`);
  }

  /** Ends all sessions, and it (postgresql.org/docs/current/server-shutdown.html, "Fast Shutdown"). */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop('SIGQUIT');
    rmSync(this.directory, { recursive: true, force: true });
  }

  #listening(): readonly string[] {
    const { tcp } = this.#options;
    if (tcp === undefined) return ['listen_addresses='];
    const { certificate } = tcp;
    const tls = certificate ? ['ssl=on', `ssl_cert_file=${certificate.file}`, `ssl_key_file=${certificate.key}`] : [];
    return ['listen_addresses=127.0.0.1', `port=${tcp.port}`, ...tls];
  }

  /** It also names the socket. */
  get #port(): number {
    return this.#options.tcp?.port ?? 5432;
  }

  get #data(): string {
    return join(this.directory, 'data');
  }

  #makeDirectories(): void {
    mkdirSync(this.#data);
    for (const path of [this.directory, this.#data]) {
      if (ACCOUNT !== null) chownSync(path, ACCOUNT.uid, ACCOUNT.gid);
      chmodSync(path, 0o700);
    }
  }

  async #create(): Promise<void> {
    this.#makeDirectories();
    const options = ['--no-sync', '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
    await run(join(this.#programs, 'initdb'), ['-D', this.#data, ...options], { ...ACCOUNT });
    const access = [...(this.#options.access ?? []), 'local all all trust'];
    writeFileSync(join(this.#data, 'pg_hba.conf'), `${access.join('\n')}\n`);
  }
}

function installedPrograms(): string {
  const programs = postgresPrograms();
  if (programs === null) throw new Error('there is no Postgres on this machine');
  return programs;
}
