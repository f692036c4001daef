import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { askHealth } from '../../src/http/ask-health.ts';
import type { PartHealth } from '../../src/http/health-report.ts';
import { startHealthServer } from '../../src/http/health-server.ts';
import { healthSocketFile } from '../../src/http/health-socket.ts';
import type { HealthProbe } from '../../src/http/probe-parts.ts';
import { messageOf } from '../../src/model/message-of.ts';
import type { OperatorError } from '../../src/model/operator-error.ts';
import { operatorProblem as sentenceOf } from '../../src/words/en/operator-problem.ts';

const healthy = async (): Promise<PartHealth> => ({ state: 'healthy' });

let directory: string;
let socketFile: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-health-'));
  socketFile = join(directory, 'registry-doctor.sock');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function withServer(probes: Record<string, HealthProbe>, use: () => Promise<void>, timeoutMs = 10_000) {
  const server = await startHealthServer({ socketFile, probes, timeoutMs, said: messageOf, drain: () => {} });
  try {
    await use();
  } finally {
    await server.close();
  }
}

async function statusOf(method: string, path: string): Promise<number | undefined> {
  const asked = request({ socketPath: socketFile, method, path, agent: false }).end();
  const [response] = await once(asked, 'response');
  response.resume();
  return response.statusCode;
}

test('the health socket reports the bot healthy if each of its parts is healthy', async () => {
  await withServer({ record: healthy, Slack: healthy }, async () => {
    assert.deepEqual(await askHealth(socketFile, 10_000), {
      kind: 'report',
      report: { state: 'healthy', parts: { record: { state: 'healthy' }, Slack: { state: 'healthy' } } },
    });
    assert.equal(await statusOf('GET', '/healthz'), 200);
  });
});

test('the health socket reports the bot unhealthy if one part is unhealthy, with the reason', async () => {
  const away: HealthProbe = async () => ({ state: 'unhealthy', why: { code: 'not-connected', trouble: null } });
  await withServer({ record: healthy, Slack: away }, async () => {
    assert.deepEqual(await askHealth(socketFile, 10_000), {
      kind: 'report',
      report: {
        state: 'unhealthy',
        parts: {
          record: { state: 'healthy' },
          Slack: { state: 'unhealthy', why: { code: 'not-connected', trouble: null } },
        },
      },
    });
    assert.equal(await statusOf('GET', '/healthz'), 503);
  });
});

test('the health socket reports a part whose check throws as unhealthy', async () => {
  const broken: HealthProbe = () => Promise.reject(new Error('disk full'));
  await withServer({ record: broken }, async () => {
    const answer = await askHealth(socketFile, 10_000);
    assert.deepEqual(answer.kind === 'report' && answer.report.parts['record'], {
      state: 'unhealthy',
      why: { code: 'failed', said: 'disk full' },
    });
  });
});

test('the health socket reports a part whose check hangs as unhealthy after a timeout', async () => {
  const hanging: HealthProbe = () => new Promise(() => {});
  const use = async () => {
    const answer = await askHealth(socketFile, 10_000);
    assert.deepEqual(answer.kind === 'report' && answer.report.parts['Slack'], {
      state: 'unhealthy',
      why: { code: 'timed-out', timeoutMs: 50 },
    });
  };
  await withServer({ Slack: hanging }, use, 50);
});

test('the health socket checks the bot’s parts again for each request', async () => {
  const states: PartHealth[] = [{ state: 'healthy' }, { state: 'unhealthy', why: { code: 'failed', said: 'gone' } }];
  const changing: HealthProbe = async () => states.shift() ?? assert.fail();
  await withServer({ record: changing }, async () => {
    assert.equal(await statusOf('GET', '/healthz'), 200);
    assert.equal(await statusOf('GET', '/healthz'), 503);
  });
});

test('the health socket answers no request but the health check', async () => {
  await withServer({}, async () => {
    assert.equal(await statusOf('GET', '/'), 404);
    assert.equal(await statusOf('POST', '/healthz'), 404);
  });
});

test('only the user that the bot runs as can connect to the health socket', async () => {
  await withServer({}, async () => {
    assert.equal((await stat(socketFile)).mode & 0o777, 0o600);
  });
});

test('no health check succeeds before the bot has started or after it has ended', async () => {
  assert.deepEqual(await askHealth(socketFile, 10_000), { kind: 'nobody' });
  await withServer({}, async () => {});
  assert.deepEqual(await askHealth(socketFile, 10_000), { kind: 'nobody' });
});

test('a starting bot replaces the health socket that a killed bot left behind', async () => {
  const code = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  await once(spawn(process.execPath, ['-e', code, socketFile]), 'exit');
  assert.ok((await stat(socketFile)).isSocket());
  assert.deepEqual(await askHealth(socketFile, 10_000), { kind: 'nobody' });
  await withServer({}, async () => {
    assert.equal((await askHealth(socketFile, 10_000)).kind, 'report');
  });
});

test('a second bot does not replace the health socket of a running bot', async () => {
  await withServer({}, async () => {
    const second = startHealthServer({ socketFile, probes: {}, timeoutMs: 1000, said: messageOf, drain: () => {} });
    await assert.rejects(second, { operatorProblem: { code: 'health-socket-taken', socketFile } });
    assert.equal((await askHealth(socketFile, 10_000)).kind, 'report');
  });
});

test('a file that blocks the health socket’s path and can’t be replaced is reported to the operator', async () => {
  await mkdir(socketFile);
  const started = startHealthServer({ socketFile, probes: {}, timeoutMs: 1000, said: messageOf, drain: () => {} });
  await assert.rejects(started, ({ operatorProblem }: OperatorError) => {
    assert.partialDeepStrictEqual(operatorProblem, { code: 'health-socket', socketFile });
    assert.match(
      sentenceOf(operatorProblem),
      /^Can’t create the health socket \S+\.sock: it is a directory, not a file\./,
    );
    return true;
  });
});

test('a path that is too long for a socket is reported with that reason', async () => {
  const long = join(directory, 'x'.repeat(108));
  const started = startHealthServer({
    socketFile: long,
    probes: {},
    timeoutMs: 1000,
    said: messageOf,
    drain: () => {},
  });
  await assert.rejects(started, { operatorProblem: { code: 'health-socket-path', socketFile: long, maxBytes: 107 } });
});

test('the health command rejects a missing answer and one that does not come from the bot', async () => {
  const silent = createServer(() => {}).listen(socketFile);
  await once(silent, 'listening');
  assert.equal((await askHealth(socketFile, 50)).kind, 'no-answer');
  silent.removeAllListeners('request').on('request', (_, response) => response.end('{"state":"fine"}'));
  assert.deepEqual(await askHealth(socketFile, 10_000), { kind: 'no-answer', why: { code: 'no-report' } });
  silent.removeAllListeners('request').on('request', (_, response) => response.end(Buffer.alloc(1_000_000, 'x')));
  assert.deepEqual(await askHealth(socketFile, 10_000), {
    kind: 'no-answer',
    why: { code: 'too-long', maxBytes: 65_536 },
  });
  silent.close();
  silent.closeAllConnections();
});

test('the health socket is in the audit record’s directory and named after its file', () => {
  assert.equal(
    healthSocketFile({ url: 'sqlite:/var/lib/registry-doctor/r.db', socket: null }),
    '/var/lib/registry-doctor/r.db.sock',
  );
});

test('the health socket of an audit record on a server is where the config says', () => {
  const url = 'postgres://bot@db/record';
  assert.equal(
    healthSocketFile({ url, socket: '/run/registry-doctor/health.sock' }),
    '/run/registry-doctor/health.sock',
  );
});

test('an audit record that is opened through another name (symlink) has the same health socket', async () => {
  const record = join(directory, 'record.db');
  await writeFile(record, '');
  await symlink(record, join(directory, 'alias.db'));
  assert.equal(healthSocketFile({ url: `sqlite:${join(directory, 'alias.db')}`, socket: null }), `${record}.sock`);
});

test('a record file name that is too long for a socket name is replaced by its hash, which differs for each name', () => {
  const socketOf = (name: string) => healthSocketFile({ url: `sqlite:/var/lib/registry-doctor/${name}`, socket: null });
  const [one, other] = [socketOf(`${'a'.repeat(90)}.db`), socketOf(`${'b'.repeat(90)}.db`)];
  assert.match(one, /^\/var\/lib\/registry-doctor\/[0-9a-f]{8}\.sock$/);
  assert.notEqual(one, other);
});

test('two audit records in one directory have two health sockets', async () => {
  const sockets = ['one.db', 'other.db'].map((name) =>
    healthSocketFile({ url: `sqlite:${join(directory, name)}`, socket: null }),
  );
  const servers = await Promise.all(
    sockets.map((file) =>
      startHealthServer({ socketFile: file, probes: {}, timeoutMs: 1000, said: messageOf, drain: () => {} }),
    ),
  );
  await Promise.all(servers.map((server) => server.close()));
});
