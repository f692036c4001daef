import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { messageOf } from '../model/message-of.ts';
import { OperatorError } from '../model/operator-error.ts';
import { healthSocketPathTooLong, healthSocketTaken, healthSocketUnusable, partTimedOut } from '../words/en/health.ts';
import { askHealth } from './ask-health.ts';
import type { HealthReport, PartHealth } from './health-report.ts';
import { MAX_SOCKET_PATH_BYTES } from './health-socket.ts';

/** Asks one part for its health by really using it. */
export type HealthProbe = () => Promise<PartHealth>;

export type HealthServerOptions = {
  readonly socketFile: string;
  readonly probes: Readonly<Record<string, HealthProbe>>;
  /** How long one part may take before it counts as unwell. */
  readonly timeoutMs: number;
};

export type HealthServer = { close(): Promise<void> };

/**
 * Answers `GET /healthz` on a unix socket that only this user may open. Rejects when the socket cannot be made, or when
 * another process answers on it; one that a dead process left behind is replaced.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer(answer(options));
  await listenOn(server, options.socketFile);
  await chmod(options.socketFile, 0o600);
  return {
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listenOn(server: Server, socketFile: string): Promise<void> {
  if (Buffer.byteLength(socketFile) > MAX_SOCKET_PATH_BYTES) {
    throw new OperatorError(healthSocketPathTooLong(socketFile, MAX_SOCKET_PATH_BYTES));
  }
  try {
    await listenOnce(server, socketFile);
  } catch (error) {
    if (!isAddressInUse(error))
      throw new OperatorError(healthSocketUnusable(socketFile, messageOf(error)), { cause: error });
    const other = await askHealth(socketFile, 1000);
    if (other.kind !== 'nobody') throw new OperatorError(healthSocketTaken(socketFile), { cause: error });
    await unlink(socketFile);
    await listenOnce(server, socketFile);
  }
}

async function listenOnce(server: Server, socketFile: string): Promise<void> {
  server.listen(socketFile);
  await once(server, 'listening');
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function answer({ probes, timeoutMs }: HealthServerOptions): RequestListener {
  return async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/healthz') {
      response.writeHead(404).end();
      return;
    }
    const report = await healthReport(probes, timeoutMs);
    response.writeHead(report.state === 'well' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(report));
  };
}

async function healthReport(probes: HealthServerOptions['probes'], timeoutMs: number): Promise<HealthReport> {
  const parts = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await probed(probe, timeoutMs)] as const),
  );
  const state = parts.every(([, part]) => part.state === 'well') ? 'well' : 'unwell';
  return { state, parts: Object.fromEntries(parts) };
}

/** A part that fails or hangs is unwell; the answer never waits for it. */
async function probed(probe: HealthProbe, timeoutMs: number): Promise<PartHealth> {
  const timeout = Promise.withResolvers<PartHealth>();
  const timer = setTimeout(() => timeout.resolve({ state: 'unwell', why: partTimedOut(timeoutMs) }), timeoutMs);
  try {
    return await Promise.race([probe(), timeout.promise]);
  } catch (error) {
    return { state: 'unwell', why: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}
