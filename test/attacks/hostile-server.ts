import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { HostSettings } from '../../src/model/settings/settings.ts';
import { Ssh2RemoteHost } from '../../src/ssh/run/remote-host.ts';
import type { RemoteHost } from '../../src/workflow/ports/host.ts';
import { hostSettings } from '../host/sample-settings.ts';
import { KeptLog } from '../ssh/remote-host-fixture.ts';

/** A script that the server was sent: it may answer, or not, as it likes. */
export type Taken = {
  readonly channel: ServerChannel;
  readonly connection: Connection;
  /** The whole script, when it has arrived. */
  readonly script: string;
  /** The word that marks this run's answer; the server reads it from the script, as the shell does. */
  readonly nonce: string;
};

/** What the server does at each stage; what is not given goes well. */
export type Behaviour = {
  /** Sent to each client instead of speaking SSH. */
  readonly instead?: (socket: Socket) => void;
  readonly hostKey?: 'known' | 'other';
  /** Shown before the login. */
  readonly banner?: string;
  readonly login?: (request: AuthContext, connection: Connection) => void;
  readonly command?: 'taken' | 'left waiting';
  readonly script?: (taken: Taken) => void;
  /** What the server makes our side wait for in vain, so that its limit there is short. */
  readonly waitedFor?: 'connection' | 'answer';
};

export type HostileServer = {
  /** Settings that lead to the server, with a key of its own known for it. */
  readonly host: HostSettings;
  /** The product's own way to a host, with shorter waits. */
  readonly remote: RemoteHost;
  /** Bytes that the server got rid of. */
  readonly sent: () => number;
};

/** What may take so long where it is waited for in vain. The host does not heed its own limit, so our side waits for that and its grace. */
export const LIMIT_MS = 1_000;
/** No busy machine takes longer. */
const PATIENT_MS = 60_000;

const KNOWN = keyPair();
const OTHER = keyPair();
const CLIENT = keyPair();

/** ssh2 itself can't read about one in 270 of the keys that it makes ("Malformed OpenSSH private key"). */
function keyPair() {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** An SSH server of the attacker's, which ends with the test. */
export async function startHostileServer(t: TestContext, behaviour: Behaviour): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const ssh = new ssh2.Server({
    hostKeys: [(behaviour.hostKey === 'other' ? OTHER : KNOWN).private],
    ...banner(behaviour),
  });
  ssh.on('connection', (connection: Connection) => serve(connection, behaviour));
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    if (behaviour.instead) behaviour.instead(socket);
    else ssh.injectSocket(socket);
  });
  const port = await listen(server);
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const files = await writeFiles(t, port);
  const connectMs = behaviour.waitedFor === 'connection' ? LIMIT_MS : PATIENT_MS;
  const timeoutMs = behaviour.waitedFor === 'answer' ? LIMIT_MS : PATIENT_MS;
  const remote = new Ssh2RemoteHost({
    knownHostsFile: files.knownHosts,
    agentSocket: null,
    keyPassphrase: null,
    log: new KeptLog(),
    limits: { connectTimeoutMs: connectMs, handshakeTimeoutMs: connectMs, acceptTimeoutMs: connectMs },
  });
  t.after(() => remote.close());
  const host = hostSettings({});
  return {
    host: { ...host, ssh: { ...host.ssh, port, identityFile: files.key, sudo: false } },
    remote: { run: (to, script, options) => remote.run(to, script, { ...options, timeoutMs }) },
    sent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
  };
}

function banner({ banner: text }: Behaviour) {
  return text === undefined ? {} : { banner: text };
}

function serve(connection: Connection, behaviour: Behaviour): void {
  connection.on('error', () => {});
  connection.on('authentication', (request) => {
    if (behaviour.login) behaviour.login(request, connection);
    else request.accept();
  });
  connection.on('session', (accept) => {
    if (behaviour.command === 'left waiting') return;
    accept().on('exec', (acceptExec) => {
      const channel = acceptExec();
      channel.on('error', () => {});
      let script = '';
      channel.setEncoding('latin1').on('data', (part: string) => {
        script += part;
      });
      channel.on('end', () => behaviour.script?.({ channel, connection, script, nonce: nonceIn(script) }));
    });
  });
}

function nonceIn(script: string): string {
  return /^nonce[ =]'?([0-9a-f]{32})'?$/m.exec(script)?.[1] ?? '';
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the hostile server listens on no port');
  return address.port;
}

async function writeFiles(t: TestContext, port: number): Promise<{ key: string; knownHosts: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'rd-hostile-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const files = { key: join(directory, 'key'), knownHosts: join(directory, 'known_hosts') };
  await writeFile(files.key, CLIENT.private, { mode: 0o600 });
  await writeFile(files.knownHosts, `[127.0.0.1]:${port} ${KNOWN.public}\n`);
  return files;
}

/** Prints this and ends as a script that went well does. */
export function endWith(channel: ServerChannel, printed: Buffer): void {
  channel.write(printed);
  channel.exit(0);
  channel.end();
}

/** Writes for as long as anyone takes it. */
export function pour(into: NodeJS.WritableStream & { readonly destroyed?: boolean }, chunk: Buffer): void {
  let isOpen = true;
  const more = () => {
    while (isOpen && into.write(chunk));
  };
  into.on('drain', more).on('close', () => {
    isOpen = false;
  });
  more();
}

/** A little at a time, for as long as anyone listens. */
export function drip(into: NodeJS.WritableStream, chunk: Buffer): void {
  const dripping = setInterval(() => into.write(chunk), 25);
  into.on('close', () => clearInterval(dripping));
}
