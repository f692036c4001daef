import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import type { HostSettings, RegistrySettings, SshSettings } from '../../../src/model/settings/settings.ts';
import { policyWith } from '../bots/policy.ts';

const execute = promisify(execFile);

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export type SshdOptions = {
  /** One host key for each. Default: only ed25519. */
  readonly hostKeyTypes?: readonly HostKeyType[];
  /** Answers on every 127.x.y.z, each of which is then a "host" of its own. Default: only 127.0.0.1. */
  readonly everyLoopbackAddress?: boolean;
  /** Further lines of sshd_config(5). The first value of a keyword wins, and these come first. */
  readonly config?: readonly string[];
};

export type HostOverrides = {
  readonly ssh?: Partial<SshSettings>;
  readonly registry?: Partial<RegistrySettings>;
  readonly watch?: HostSettings['watch'];
};

/** A real OpenSSH server for one test. */
export type Sshd = {
  readonly pid: number;
  readonly port: number;
  /** Holds everything of this server. {@link Sshd.stop} removes it. */
  readonly directory: string;
  /** Private key (ed25519, no passphrase) that logs in as every account that can log in, including root. */
  readonly clientKeyFile: string;
  readonly knownHostsFile: string;
  /** `…/ssh_host_ed25519_key.pub` and so on, in the order of `hostKeyTypes`. */
  readonly hostPublicKeyFiles: readonly string[];
  /** Settings that reach this server as root, without sudo, on 127.0.0.1. */
  hostSettings(name: string, over?: HostOverrides): HostSettings;
  /** The processes that serve one connection each, as long as they live. */
  connectionPids(): Promise<readonly number[]>;
  /** What the server has logged so far. */
  log(): readonly string[];
  /** Resolves when the server has logged, or logs, a line that matches. */
  untilLogged(pattern: RegExp): Promise<void>;
  /** Ends the server and every connection to it, and removes its directory. */
  stop(): Promise<void>;
};

/** Starts OpenSSH's sshd on an ephemeral port. Needs root, as sshd does; see `skipUnless('root', 'sshd')`. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-sshd-'));
  // sshd reads authorized_keys as the account that logs in, which need not be root.
  await chmod(directory, 0o755);
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const hostKeyFiles = await makeHostKeys(directory, options.hostKeyTypes ?? ['ed25519']);
  const clientKeyFile = await makeKey(directory, 'client_key', 'ed25519');
  await copyFile(`${clientKeyFile}.pub`, join(directory, 'authorized_keys'));
  const server = await listen(directory, hostKeyFiles, options);

  const hostPublicKeyFiles = hostKeyFiles.map((file) => `${file}.pub`);
  const knownHostsFile = join(directory, 'known_hosts');
  const pattern = options.everyLoopbackAddress ? '127.*' : '127.0.0.1';
  const keys = await Promise.all(hostPublicKeyFiles.map((file) => readFile(file, 'utf8')));
  await writeFile(knownHostsFile, keys.map((key) => `[${pattern}]:${server.port} ${key}`).join(''));

  return {
    ...server,
    directory,
    clientKeyFile,
    knownHostsFile,
    hostPublicKeyFiles,
    hostSettings: (name, over = {}) => hostSettings(name, server.port, clientKeyFile, over),
    connectionPids: () => childrenOf(server.pid),
    stop: async () => {
      await server.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Makes a key pair without passphrase (or with one) as ssh-keygen(1) does, and returns the private key's file. */
export async function makeKey(directory: string, name: string, type: HostKeyType, passphrase = ''): Promise<string> {
  const file = join(directory, name);
  await execute('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', '', '-f', file]);
  return file;
}

async function makeHostKeys(directory: string, types: readonly HostKeyType[]): Promise<readonly string[]> {
  return Promise.all(types.map((type) => makeKey(directory, `ssh_host_${type}_key`, type)));
}

type RunningServer = Pick<Sshd, 'pid' | 'port' | 'log' | 'untilLogged'> & { end(): Promise<void> };

/** The port is found free before sshd takes it. Another process might be faster, so it is tried a few times. */
async function listen(
  directory: string,
  hostKeyFiles: readonly string[],
  options: SshdOptions,
): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const configFile = join(directory, 'sshd_config');
    const config = sshdConfig(directory, port, hostKeyFiles, options);
    await writeFile(configFile, config);
    const outcome = await spawnSshd(configFile, port, config.match(/^ListenAddress /gm)?.length ?? 0);
    if (!Array.isArray(outcome)) return outcome;
    const taken = outcome.some((line) => line.includes('Address already in use'));
    if (!taken || attempt === 5) throw new Error(`sshd did not start:\n${outcome.join('\n')}`);
  }
}

function sshdConfig(directory: string, port: number, hostKeyFiles: readonly string[], options: SshdOptions): string {
  return [
    ...(options.config ?? []),
    `Port ${port}`,
    // sshd takes at most 16 ListenAddress lines, so "every loopback address" is 0.0.0.0, open only to loopback.
    ...(options.everyLoopbackAddress ? ['ListenAddress 0.0.0.0', 'AllowUsers *@127.*'] : ['ListenAddress 127.0.0.1']),
    ...hostKeyFiles.map((file) => `HostKey ${file}`),
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    // Debian's bash reads ~/.bashrc when sshd starts it. This machine's own would slow every session and print text.
    `SetEnv HOME=${directory}`,
    'PidFile none',
    'UsePAM no',
    'UseDNS no',
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PrintMotd no',
    'MaxStartups 500:100:500',
    'MaxSessions 10',
    'LogLevel VERBOSE',
    '',
  ].join('\n');
}

/** A server that listens on `addresses` addresses, or what it had logged when one of them was taken or it ended. */
async function spawnSshd(configFile: string, port: number, addresses: number): Promise<RunningServer | string[]> {
  // sshd starts itself again for every connection, and requires an absolute path for that.
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  const ended = once(child, 'exit');
  const reader = createInterface({ input: child.stderr });
  const listening = new Promise<boolean>((resolve) => {
    reader.on('line', (line) => {
      lines.push(line);
      if (lines.filter((one) => one.startsWith('Server listening on')).length === addresses) resolve(true);
      // With another address left, sshd only logs that this one is taken.
      if (line.includes('Address already in use')) resolve(false);
    });
  });
  const started = await Promise.race([listening, ended.then(() => false)]);
  if (!started) {
    child.kill('SIGKILL');
    await ended;
    return lines;
  }
  const pid = child.pid;
  if (pid === undefined) throw new Error('sshd runs without a process id');
  // A test that dies without stop() must not leave a server behind.
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const end = async () => {
    process.off('exit', killAtExit);
    const connections = await childrenOf(pid);
    child.kill('SIGTERM');
    // A test might have frozen it. Then it ends only after it continues.
    child.kill('SIGCONT');
    await ended;
    for (const connection of connections) kill(connection);
  };
  const untilLogged = async (pattern: RegExp) => {
    while (!lines.some((line) => pattern.test(line))) await once(reader, 'line');
  };
  return { pid, port, log: () => lines, untilLogged, end };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** proc_pid_stat(5): the parent is the second field after the command's name, which is in parentheses. */
async function childrenOf(parent: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }),
  );
  return pids.filter((_, index) => parents[index] === parent);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function hostSettings(name: string, port: number, identityFile: string, over: HostOverrides): HostSettings {
  return {
    name: HostName.parse(name),
    ssh: {
      address: '127.0.0.1',
      port,
      user: 'root',
      identityFile,
      passphraseFile: null,
      jumps: [],
      sudo: false,
      ...over.ssh,
    },
    guard: null,
    enter: [],
    registry: {
      layout: 'distribution',
      config: HostPath.parse('/etc/docker/registry/config.yml'),
      url: null,
      debugUrl: null,
      serviceUser: 'docker-registry',
      ...over.registry,
    },
    watch: over.watch ?? null,
    alerts: null,
    policy: policyWith(),
  };
}

/** Resolves once that many connections are open. A server ends the process of a connection a moment after the client has gone. */
export async function untilConnections(sshd: Pick<Sshd, 'connectionPids'>, count: number): Promise<void> {
  while ((await sshd.connectionPids()).length !== count) await sleep(20);
}
