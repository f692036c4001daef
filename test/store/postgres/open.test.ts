import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, type PostgresPool, sql } from 'kysely';
import type { StoreProblem } from '../../../src/model/record/store-problem.ts';
import { parsePostgresUrl } from '../../../src/model/settings/postgres-url.ts';
import { copyingDialect } from '../../../src/store/open-postgres-store.ts';
import { openRecord, openRecordAsBot, openTrail } from '../../../src/store/open-record.ts';
import { readers, writer } from '../../../src/store/postgres/connect.ts';
import { recordDialect } from '../../../src/store/postgres/record-driver.ts';
import { recordAccessProblem } from '../../../src/store/record-access.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { storeUnavailable } from '../../../src/words/en/store.ts';
import type { RecordTransaction } from '../../../src/workflow/ports/record.ts';
import { skipUnless } from '../../support/requirements.ts';
import { freePort } from '../../support/services/free-port.ts';
import { makeLocalhostCertificate } from '../../support/services/localhost-certificate.ts';
import { openPostgresAt, RecordServer } from '../open-postgres.ts';
import { openIncident, openingOf, standingClock, statusMessage } from '../samples.ts';

const clock = standingClock();
const NOBODY = 65_534;
const skip = skipUnless('postgres', 'openssl');

const directory = mkdtempSync(join(tmpdir(), 'rd-postgres-open-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const certificate = { file: join(directory, 'server.crt'), key: join(directory, 'server.key') };
if (skip === false) makeCertificate();
const port = await freePort();
const postgres = new RecordServer({
  access: ['local all locked scram-sha-256', 'hostssl all tls 127.0.0.1/32 trust'],
  tcp: { port, certificate },
});

function makeCertificate(): void {
  makeLocalhostCertificate(certificate);
  chmodSync(directory, 0o755);
  chmodSync(certificate.key, 0o600);
  if (process.getuid?.() === 0) chownSync(certificate.key, NOBODY, NOBODY);
}

async function problemOf(opening: Promise<unknown>): Promise<StoreProblem> {
  const error = await opening.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoreUnavailable, String(error));
  return error.problem;
}

const at = (url: string, passwordFile: string | null = null) => openRecord({ url, passwordFile }, { clock });

/** What went wrong, and what people read of it. */
async function refused(opening: Promise<unknown>): Promise<readonly [StoreProblem['kind'], string]> {
  const problem = await problemOf(opening);
  return [problem.kind, storeUnavailable(problem)];
}

suite('opening a record on Postgres', { skip }, () => {
  test('a server that is not there is reported as unreachable', async () => {
    const [kind, said] = await refused(at(`postgres://bot@127.0.0.1:${await freePort()}/record`));
    assert.equal(kind, 'server-unreachable');
    assert.match(
      said,
      /^The record at postgres:\/\/bot@127\.0\.0\.1:\d+\/record cannot be reached: connection refused\./,
    );
    assert.match(said, /Nothing is diagnosed, approved or changed without a record\. Check that Postgres runs/);
  });

  test('a missing database is reported as missing, and is not created', async () => {
    const { server } = postgres;
    assert.equal((await problemOf(at((await server).url('none')))).kind, 'database-missing');
    assert.equal((await problemOf(at((await server).url('none')))).kind, 'database-missing');
  });

  test('the password comes from its file, or from PGPASSWORD, and a wrong one is reported without it', async () => {
    const server = await postgres.server;
    const { database } = await postgres.place();
    await server.query(database, `CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'right'`);
    const url = server.url(database, 'locked');
    const file = join(directory, 'password');
    writeFileSync(file, 'right\n');
    await (await at(url, file)).close();
    writeFileSync(file, 'wr0ng');
    const [kind, said] = await refused(at(url, file));
    assert.equal(kind, 'login-refused');
    assert.ok(!said.includes('wr0ng'));
    assert.equal((await problemOf(at(url))).kind, 'login-refused');
    process.env['PGPASSWORD'] = 'right';
    await (await at(url)).close().finally(() => delete process.env['PGPASSWORD']);
    assert.equal((await problemOf(at(url, join(directory, 'none')))).kind, 'password-unreadable');
  });

  test('sslmode says how TLS is verified, and a server that can’t prove itself is refused', async () => {
    const server = await postgres.server;
    const { database } = await postgres.place();
    await server.query(database, 'CREATE ROLE tls LOGIN SUPERUSER');
    const url = (host: string, options: string) => `postgres://tls@${host}:${port}/${database}?${options}`;
    const trusted = `sslrootcert=${certificate.file}`;
    for (const good of [
      url('localhost', `sslmode=verify-full&${trusted}`),
      url('127.0.0.1', `sslmode=verify-ca&${trusted}`),
      url('127.0.0.1', 'sslmode=require'),
    ]) {
      await (await at(good)).close();
    }
    for (const bad of [
      url('127.0.0.1', `sslmode=verify-full&${trusted}`),
      url('localhost', 'sslmode=verify-full'),
      url('localhost', 'sslmode=verify-ca'),
    ]) {
      assert.equal((await problemOf(at(bad))).kind, 'tls-failed', bad);
    }
    assert.equal((await problemOf(at(url('127.0.0.1', 'sslmode=disable')))).kind, 'login-refused');
    const none = url('localhost', 'sslmode=verify-full&sslrootcert=/none.crt');
    assert.equal((await problemOf(at(none))).kind, 'certificates-unreadable');
  });

  for (const [setting, kind, said] of [
    [
      'synchronous_commit = off',
      'commits-not-durable',
      /synchronous_commit is off there, so what the server confirms can be/,
    ],
    ['default_transaction_read_only = on', 'server-read-only', /Let store\.url name the primary\.$/],
  ] as const) {
    test(`a database with ${setting} is refused`, async () => {
      const server = await postgres.server;
      const { url, database } = await postgres.place();
      await server.query('postgres', `ALTER DATABASE ${database} SET ${setting}`);
      const [found, words] = await refused(at(url));
      assert.equal(found, kind);
      assert.match(words, said);
    });
  }

  test('the database of another program is refused, and left as it is', async () => {
    const server = await postgres.server;
    const database = await server.database();
    await server.query(database, 'CREATE TABLE notes (text TEXT)');
    assert.equal((await problemOf(at(server.url(database)))).kind, 'foreign-database');
    const [{ count } = {}] = await server.query(
      database,
      `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`,
    );
    assert.equal(count, 1);
  });

  test('a record of a newer version is neither opened nor read, and an empty database is not created by reading', async () => {
    const server = await postgres.server;
    const { url, database } = await postgres.place();
    await server.query(database, `INSERT INTO kysely_migration VALUES ('0099-later', '2027-01-01T00:00:00.000Z')`);
    assert.equal((await problemOf(at(url))).kind, 'schema-unknown');
    assert.equal((await problemOf(openTrail({ url, passwordFile: null }))).kind, 'schema-unknown');
    const empty = { url: server.url(await server.database()), passwordFile: null };
    assert.equal((await problemOf(openTrail(empty))).kind, 'schema-older');
  });

  test('check finds an account that can’t record, or can’t create the tables, and changes nothing', async () => {
    const server = await postgres.server;
    const { url, database } = await postgres.place();
    await server.query(database, 'CREATE ROLE guest LOGIN');
    const place = (name: string) => ({ url: server.url(name, 'guest'), passwordFile: null });
    assert.equal((await recordAccessProblem(place(database)))?.kind, 'not-granted');
    const empty = await server.database();
    assert.equal((await recordAccessProblem(place(empty)))?.kind, 'not-granted');
    assert.equal(await recordAccessProblem({ url, passwordFile: null }), null);
    assert.equal(await recordAccessProblem({ url: server.url(empty), passwordFile: null }), null);
    assert.deepEqual(await server.query(empty, `SELECT 1 FROM pg_tables WHERE schemaname = 'public'`), []);
  });

  test('check names each right that docs/operations.md grants and the account does not have', async () => {
    const server = await postgres.server;
    const { database } = await postgres.place();
    await server.query(
      database,
      `CREATE ROLE nearly LOGIN; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO nearly;
       GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nearly; GRANT DELETE ON bots, leases TO nearly;
       REVOKE UPDATE ON audit_entries, messages FROM nearly; REVOKE INSERT ON mutes FROM nearly;
       REVOKE USAGE ON SEQUENCE incidents_id_seq FROM nearly`,
    );
    const place = { url: server.url(database, 'nearly'), passwordFile: null };
    const problem = (await recordAccessProblem(place)) ?? assert.fail();
    assert.match(
      storeUnavailable(problem),
      /too few rights .*: INSERT on mutes, UPDATE on messages, USAGE on incidents_id_seq\./,
    );
    await server.query(
      database,
      'GRANT INSERT ON mutes TO nearly; GRANT UPDATE ON messages TO nearly; GRANT USAGE ON SEQUENCE incidents_id_seq TO nearly',
    );
    assert.equal(await recordAccessProblem(place), null);
  });

  test('a reader can write nothing', async () => {
    const place = await postgres.place();
    const { auditTrail, close } = await openTrail(place);
    assert.equal((await auditTrail.verify()).kind, 'intact');
    const server = await postgres.server;
    const sessions = await server.query(
      place.database,
      `SELECT count(*)::int AS others FROM pg_stat_activity WHERE datname = '${place.database}' AND pid <> pg_backend_pid()`,
    );
    assert.deepEqual(sessions, [{ others: 1 }]);
    await close();
  });
});

suite('the bots of a record on Postgres', { skip }, () => {
  test('several can work on it, also beside a command, and none while it is copied there', async () => {
    const place = await postgres.place();
    const bots = [await openRecordAsBot(place, { clock }), await openRecordAsBot(place, { clock })];
    const beside = await openRecord(place, { clock });
    for (const opened of [...bots, beside]) await openIncident(opened?.store ?? assert.fail());
    const copying = new Kysely({ dialect: copyingDialect(place) });
    const alone = () => sql`select 1`.execute(copying);
    assert.equal((await problemOf(alone())).kind, 'bot-elsewhere');
    for (const opened of [...bots, beside]) await opened?.close();
    await alone();
    assert.equal((await problemOf(openRecordAsBot(place, { clock }))).kind, 'bot-elsewhere');
    await copying.destroy();
  });

  test('a bot that lost its connection goes on with another one', async () => {
    const server = await postgres.server;
    const place = await postgres.place();
    const opened = (await openRecordAsBot(place, { clock })) ?? assert.fail();
    await openIncident(opened.store);
    await server.query(
      'postgres',
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${place.database}'`,
    );
    await openIncident(opened.store);
    assert.notEqual(await opened.several?.leases.renew(), null);
    await opened.close();
  });

  test('a bot goes on while a newer version has added to the schema, and one that starts then is refused', async () => {
    const server = await postgres.server;
    const place = await postgres.place();
    const older = (await openRecordAsBot(place, { clock })) ?? assert.fail();
    const incident = await openIncident(older.store);
    await older.store.transact((tx) => tx.appendAudit(openingOf(incident)));
    await server.query(
      place.database,
      `ALTER TABLE incidents ADD COLUMN weight BIGINT; ALTER TABLE audit_entries ADD COLUMN tone TEXT; ALTER TABLE messages ADD COLUMN tone TEXT NOT NULL DEFAULT 'calm';
       CREATE TABLE later (id BIGINT PRIMARY KEY); INSERT INTO kysely_migration VALUES ('0099-later', '2027-01-01T00:00:00.000Z')`,
    );
    await older.store.transact(async (tx) => {
      await tx.putMessage(statusMessage(incident));
      await tx.appendAudit(openingOf(incident));
    });
    await openIncident(older.store);
    await older.outbox.markDelivered(`status:${incident.id}`, 1, '1.1');
    assert.notEqual(await older.several?.leases.renew(), null);
    assert.equal((await problemOf(openRecordAsBot(place, { clock }))).kind, 'schema-unknown');
    await older.close();
  });

  test('a bot that the others take for dead writes nothing, neither the record nor what was delivered, until it joins again', async () => {
    const server = await postgres.server;
    const place = await postgres.place();
    const opened = (await openRecordAsBot(place, { clock })) ?? assert.fail();
    const { store, outbox, several: { leases } = assert.fail() } = opened;
    const incident = await openIncident(store);
    await store.transact((tx) => tx.putMessage(statusMessage(incident)));
    await server.query(place.database, 'DELETE FROM bots');
    for (const work of [
      () => openIncident(store),
      () => outbox.markTrying(`status:${incident.id}`),
      () => opened.ping(),
    ]) {
      const [kind, said] = await refused(work());
      assert.equal(kind, 'out-of-touch');
      assert.match(said, /so other bots do its work\..*Try again in a few seconds/);
    }
    assert.equal(await leases.renew(), null);
    await leases.join();
    await openIncident(store);
    await opened.close();
  });

  test('a bot that the others take for dead while it waits to write is refused, and one that waits follows on what was written meanwhile', async (t) => {
    const server = await postgres.server;
    const place = await postgres.place();
    const { store: other, auditTrail } = await openPostgresAt(t, place);
    const { store, close } = (await openRecordAsBot(place, { clock })) ?? assert.fail();
    t.after(close);
    const incident = await openIncident(store);
    const isWaiting = async () => {
      const [row] = await server.query(
        place.database,
        'SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted',
      );
      return row?.['waiting'] === 1;
    };
    const whileItWaits = async (work: (tx: RecordTransaction) => Promise<unknown>) => {
      let waited: Promise<unknown> = Promise.resolve();
      await other.transact(async (tx) => {
        waited = store.transact((own) => own.appendAudit(openingOf(incident)));
        waited.catch(() => {});
        while (!(await isWaiting())) await sleep(10);
        await work(tx);
      });
      return waited;
    };
    await whileItWaits((tx) => tx.appendAudit(openingOf(incident)));
    const deleting = whileItWaits(() => server.query(place.database, 'DELETE FROM bots'));
    assert.equal((await problemOf(deleting)).kind, 'out-of-touch');
    const entries = await auditTrail.list({});
    assert.deepEqual(
      entries.map(({ sequence, incidentEntry }) => [sequence, incidentEntry]),
      [
        [1, 1],
        [2, 2],
      ],
    );
  });

  test('a bot ends in seconds although its server has gone silent', async () => {
    const server = await postgres.server;
    const place = await postgres.place();
    const opened = (await openRecordAsBot(place, { clock })) ?? assert.fail();
    await openIncident(opened.store);
    await opened.auditTrail.list({});
    const sessions = await server.query(
      'postgres',
      `SELECT pid FROM pg_stat_activity WHERE datname = '${place.database}'`,
    );
    assert.ok(sessions.length >= 3);
    const toEach = (signal: 'SIGSTOP' | 'SIGCONT') => {
      for (const { pid } of sessions) process.kill(Number(pid), signal);
    };
    toEach('SIGSTOP');
    try {
      const begin = performance.now();
      await opened.close();
      assert.ok(performance.now() - begin < 8_000);
    } finally {
      toEach('SIGCONT');
    }
  });

  test('while the server is away each request is refused at once, and all goes on when it is back', async (t) => {
    const own = new RecordServer();
    const server = await own.server;
    const { store, outbox, auditTrail } = await openPostgresAt(t, await own.place());
    const incident = await openIncident(store);
    await server.stop();
    const begin = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => problemOf(openIncident(store))));
    assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['server-unreachable']));
    assert.equal((await problemOf(outbox.backlog())).kind, 'server-unreachable');
    assert.equal((await problemOf(auditTrail.verify())).kind, 'server-unreachable');
    assert.ok(performance.now() - begin < 3_000);
    await server.start();
    await store.transact((tx) => tx.appendAudit(openingOf(incident)));
    assert.equal((await auditTrail.verify()).entries, 1);
  });
});

/** Lets everyone in, and says nothing more. */
async function silentServer(t: TestContext) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    // AuthenticationOk and ReadyForQuery (postgresql.org/docs/current/protocol-message-formats.html).
    socket.once('data', () => socket.write(Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')));
    socket.on('error', () => {});
    t.after(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  const silentPort = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `postgres://bot@127.0.0.1:${silentPort}/record?sslmode=disable`;
  return { url, connections: () => connections };
}

suite('a Postgres server that says nothing more after the login', () => {
  const accessTo = (url: string) => ({ ...(parsePostgresUrl(url) ?? assert.fail()), passwordFile: null });
  const asking = (pool: PostgresPool) => sql`select 1`.execute(new Kysely({ dialect: recordDialect(pool, 'it') }));

  test('is reported as unreachable to who wants to write, and keeps no one waiting', async (t) => {
    const { url } = await silentServer(t);
    const pool = writer(accessTo(url), 'bot', { openingMs: 200 });
    for (const asked of [asking(pool), asking(pool)]) assert.equal((await problemOf(asked)).kind, 'server-unreachable');
  });

  test('costs a reader one connection: the next question goes over a new one', async (t) => {
    const { url, connections } = await silentServer(t);
    const pool = readers(accessTo(url), 200);
    for (const expected of [1, 2]) {
      assert.equal((await problemOf(asking(pool))).kind, 'server-unreachable');
      assert.equal(connections(), expected);
    }
    await pool.end?.();
  });
});

/** What a trigger does when an incident is opened, and before the transaction ends. */
async function atEachIncident(database: string, does: string): Promise<void> {
  const server = await postgres.server;
  await server.query(
    database,
    `CREATE SEQUENCE attempts;
    CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does}; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER trouble AFTER INSERT ON incidents DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION trouble()`,
  );
}

suite('a transaction on Postgres', { skip }, () => {
  const FAILS = (times: number, code: string) =>
    `IF nextval('attempts') <= ${times} THEN RAISE EXCEPTION USING MESSAGE = 'trouble', ERRCODE = '${code}'; END IF`;

  test('that was undone because of others is tried again, three times in all', async (t) => {
    const server = await postgres.server;
    for (const [times, isDone] of [
      [2, true],
      [9, false],
    ] as const) {
      const place = await postgres.place();
      const { store } = await openPostgresAt(t, place);
      await atEachIncident(place.database, FAILS(times, '40001'));
      const opening = openIncident(store);
      if (isDone) await opening;
      else assert.equal((await problemOf(opening)).kind, 'failed');
      assert.deepEqual(await server.query(place.database, 'SELECT last_value::int FROM attempts'), [{ last_value: 3 }]);
    }
  });

  for (const [code, kind] of [
    ['53100', 'server-disk-full'],
    ['53300', 'server-full'],
    ['57014', 'server-slow'],
    ['42501', 'not-granted'],
    ['25006', 'server-read-only'],
    ['XX001', 'failed'],
  ] as const) {
    test(`is undone and reported as ${kind} after the error ${code}, and the next one works`, async (t) => {
      const place = await postgres.place();
      const { store } = await openPostgresAt(t, place);
      await atEachIncident(place.database, FAILS(1, code));
      assert.equal((await problemOf(openIncident(store))).kind, kind);
      assert.equal((await openIncident(store)).id, 1);
    });
  }

  test('whose connection is lost while it is committed may have been recorded, and that is what is said', async (t) => {
    const place = await postgres.place();
    const { store } = await openPostgresAt(t, place);
    await atEachIncident(
      place.database,
      `IF nextval('attempts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF`,
    );
    const [kind, said] = await refused(openIncident(store));
    assert.equal(kind, 'commit-unknown');
    assert.match(said, /Unknown: whether it was\..*Try again: nothing happens twice\.$/);
    await openIncident(store);
  });

  test('waits five seconds for that of another process, and is then reported, with all that wait behind it', async (t) => {
    const place = await postgres.place();
    const [waiting, blocking] = [await openPostgresAt(t, place), await openPostgresAt(t, place)];
    await openIncident(waiting.store);
    await blocking.store.transact(async () => {
      const begin = performance.now();
      const answers = await Promise.all(Array.from({ length: 20 }, () => problemOf(openIncident(waiting.store))));
      assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['server-slow']));
      assert.ok(performance.now() - begin < 2 * 5_000);
    });
    await openIncident(waiting.store);
  });
});
