import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import ssh2, { type ParsedKey, type Session } from 'ssh2';
import { acceptOnlyKey } from './only-key.ts';
import { type RunningCommand, runCommand } from './running-command.ts';

const ADDRESS = '127.0.0.1';
const USER = 'registry-doctor';
const MAX_COMMANDS = 20;

export type PracticeHost = {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  /** Ends every command and every connection. */
  readonly stop: () => Promise<void>;
};

/**
 * A real SSH server in this process, on loopback, for one key made for it. `/bin/sh` runs its commands on this machine,
 * as our own user, in `directory`. It supports exec only: no terminal, shell or forwarding. The key and the known_hosts
 * file go into `directory`.
 */
export async function startPracticeHost(directory: string): Promise<PracticeHost> {
  const hostKeys = makeKeys();
  const clientKeys = makeKeys();
  const commands = new Set<RunningCommand>();
  const server = sshServer(hostKeys.private, clientKeys.publicKey, (session) =>
    serveExec(session, directory, commands),
  );
  const sockets = new Set<Socket>();
  // A listener of our own: ssh2's would leave Nagle's algorithm on, and every answer would wait 40 ms (tcp(7)).
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    server.injectSocket(socket);
  }).listen(0, ADDRESS);
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has an address and a port');

  return {
    address: ADDRESS,
    port: address.port,
    user: USER,
    ...writeKeyFiles(directory, address.port, clientKeys.private, hostKeys.public),
    stop: async () => {
      for (const command of commands) command.end();
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, 'close');
    },
  };
}

function sshServer(hostKey: string, clientKey: ParsedKey, onSession: (session: Session) => void) {
  return new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    // For example a client that disconnects without a message. The socket's own end does the cleanup.
    connection.on('error', () => connection.end());
    acceptOnlyKey(connection, USER, clientKey);
    connection.on('session', (accept) => onSession(accept()));
  });
}

/** ssh2 itself refuses requests without a listener here (pty, shell, subsystem, …). */
function serveExec(session: Session, directory: string, commands: Set<RunningCommand>): void {
  session.on('exec', (accept, reject, { command }) => {
    if (commands.size >= MAX_COMMANDS) return reject();
    const running = runCommand(command, directory, accept(), () => commands.delete(running));
    commands.add(running);
  });
}

/**
 * Makes a key pair, again if ssh2 can't read it. About one in four hundred of the keys that ssh2 makes is such a key
 * (seen with ssh2 1.17).
 */
function makeKeys(): { readonly private: string; readonly public: string; readonly publicKey: ParsedKey } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519');
    const publicKey = ssh2.utils.parseKey(made.public);
    const isReadable = !(ssh2.utils.parseKey(made.private) instanceof Error);
    if (isReadable && !(publicKey instanceof Error)) return { ...made, publicKey };
  }
}

function writeKeyFiles(directory: string, port: number, clientKey: string, hostPublicKey: string) {
  const identityFile = `${directory}/id_ed25519`;
  const knownHostsFile = `${directory}/known_hosts`;
  writeFileSync(identityFile, clientKey, { mode: 0o600 });
  writeFileSync(knownHostsFile, `[${ADDRESS}]:${port} ${hostPublicKey}\n`, { mode: 0o644 });
  return { identityFile, knownHostsFile };
}
