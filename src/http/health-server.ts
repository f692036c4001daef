import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { OperatorError } from '../model/operator-error.ts';
import { errnoCode, systemProblem } from '../model/system-problem.ts';
import { askHealth } from './ask-health.ts';
import { closeServer } from './close-server.ts';
import { MAX_SOCKET_PATH_BYTES } from './health-socket.ts';
import { healthReport, type Probing } from './probe-parts.ts';

export type HealthServerOptions = Probing & {
  readonly socketFile: string;
  /** Called when someone asks the bot to finish its work and end. */
  readonly drain: () => void;
};

export type HealthServer = { close(): Promise<void> };

/**
 * Answers `GET /healthz`, and takes `POST /drain`, on a unix socket that only this user can open. The caller must hold the lock of the record: a
 * dead bot's socket is replaced. Rejects if the socket can't be created, or if another process still answers on it.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(answer(options));
  await listenOn(server, options.socketFile);
  await chmod(options.socketFile, 0o600);
  return { close: () => closeServer(server) };
}

async function listenOn(server: Server, socketFile: string): Promise<void> {
  if (Buffer.byteLength(socketFile) > MAX_SOCKET_PATH_BYTES) {
    throw new OperatorError({ code: 'health-socket-path', socketFile, maxBytes: MAX_SOCKET_PATH_BYTES });
  }
  const inUse = await listenUnlessInUse(server, socketFile);
  if (inUse === null) return;
  const other = await askHealth(socketFile, 1000);
  if (other.kind !== 'nobody') throw taken(socketFile, inUse);
  await unlink(socketFile).catch((error: unknown) => {
    throw impossible(socketFile, error);
  });
  const stillInUse = await listenUnlessInUse(server, socketFile);
  if (stillInUse !== null) throw taken(socketFile, stillInUse);
}

/** Listens on the socket. Returns null on success, or the error if the file exists already. */
async function listenUnlessInUse(server: Server, socketFile: string): Promise<unknown> {
  try {
    server.listen(socketFile);
    await once(server, 'listening');
    return null;
  } catch (error) {
    if (errnoCode(error) === 'EADDRINUSE') return error;
    throw impossible(socketFile, error);
  }
}

function taken(socketFile: string, cause: unknown): OperatorError {
  return new OperatorError({ code: 'health-socket-taken', socketFile }, { cause });
}

function impossible(socketFile: string, cause: unknown): OperatorError {
  return new OperatorError({ code: 'health-socket', socketFile, error: systemProblem(cause) }, { cause });
}

function answer(options: HealthServerOptions): RequestListener {
  return async (request, response) => {
    if (request.method === 'POST' && request.url === '/drain') {
      options.drain();
      response.writeHead(202).end();
      return;
    }
    if (request.method !== 'GET' || request.url !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    const report = await healthReport(options);
    response.writeHead(report.state === 'healthy' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(report));
  };
}
