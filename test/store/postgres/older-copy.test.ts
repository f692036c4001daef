import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { openRecordAsBot } from '../../../src/store/open-record.ts';
import type { OpenedStore } from '../../../src/store/opened-store.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { storeUnavailable } from '../../../src/words/en/store.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { skipUnless } from '../../support/requirements.ts';
import { openPostgresAt, RecordServer } from '../open-postgres.ts';
import { GIT01, openIncident, openingOf, standingClock } from '../samples.ts';

/** The database of a running bot is replaced by another one, as by a failover to a server that is behind. */

const clock = standingClock();
const skip = skipUnless('postgres');
const postgres = new RecordServer();

type Bot = OpenedStore & { readonly several: NonNullable<OpenedStore['several']>; readonly logged: readonly string[] };

async function openBot(t: TestContext, url: string): Promise<Bot> {
  const logged: string[] = [];
  const log = createLog('info', { destination: { write: (line) => void logged.push(line) } });
  const { several = assert.fail(), ...opened } =
    (await openRecordAsBot({ url, passwordFile: null }, { clock, log })) ?? assert.fail();
  t.after(opened.close);
  return { ...opened, several, logged };
}

async function append(store: RecordStore): Promise<number> {
  const incident = await openIncident(store);
  const { sequence } = await store.transact((tx) => tx.appendAudit(openingOf(incident)));
  return sequence;
}

/** A record with one entry at a URL, which can lead to another database. */
async function around() {
  const server = await postgres.server;
  const { url, database } = await postgres.place();
  const endSessions = () =>
    server.query(
      'postgres',
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname LIKE '${database}%'`,
    );
  return {
    server,
    database,
    url,
    /** A copy of the database as it is now. Returns its name. */
    copy: async (name: string) => {
      await endSessions();
      await server.query('postgres', `CREATE DATABASE ${database}_${name} TEMPLATE ${database}`);
    },
    /** The URL leads to the copy, and what it led to has another name. */
    exchange: async (name: string, other: string) => {
      await endSessions();
      await server.query('postgres', `ALTER DATABASE ${database} RENAME TO ${database}_${other}`);
      await server.query('postgres', `ALTER DATABASE ${database}_${name} RENAME TO ${database}`);
    },
  };
}

async function refused(work: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await work.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoreUnavailable, String(error));
  return [error.problem.kind, storeUnavailable(error.problem)];
}

/** All that a bot does with the database. */
function worksOf({ store, outbox, ping, several }: Bot): readonly (() => Promise<unknown>)[] {
  const { leases, sights, sessions } = several;
  return [
    () => append(store),
    () => outbox.markTrying('status:1'),
    ping,
    () => leases.renew(),
    () => leases.join(),
    () => leases.take(['git01'], { isAsked: true }),
    () => sights.read(),
    () => sessions.take(GIT01, { most: 4, lastsMs: 1000 }),
  ];
}

const REFUSED =
  /^The record at postgres:\S+ is an older copy, or another record: it does not have entry 2, which this bot has seen\. Nothing is diagnosed/;

suite('a bot whose Postgres database is replaced', { skip }, () => {
  test('does nothing on an older copy of the record, says so once, and goes on when the address leads back', async (t) => {
    const { server, database, url, copy, exchange } = await around();
    const bot = await openBot(t, url);
    await append(bot.store);
    await copy('older');
    assert.equal(await append(bot.store), 2);
    await exchange('older', 'newer');

    const rows = () =>
      server.query(
        database,
        'SELECT (SELECT count(*)::int FROM audit_entries) AS entries, (SELECT count(*)::int FROM incidents) AS incidents, (SELECT max(seen_at) FROM bots) AS seen',
      );
    const before = await rows();
    for (const work of worksOf(bot)) {
      const [kind, said] = await refused(work());
      assert.equal(kind, 'older-copy');
      assert.match(said, REFUSED);
    }
    assert.deepEqual(await rows(), before);
    const told = () => bot.logged.filter((line) => /does not have an entry that this bot has seen/.test(line));
    assert.equal(told().length, 1);

    await exchange('newer', 'older');
    await bot.several.leases.join();
    assert.equal(await append(bot.store), 3);
    assert.equal(told().length, 1);
    assert.match(bot.logged.at(-1) ?? '', /has every entry again that this bot has seen/);
  });

  test('does nothing on one without an entry that only another bot recorded', async (t) => {
    const { url, copy, exchange } = await around();
    const bot = await openBot(t, url);
    await append(bot.store);
    await copy('older');
    const other = await openPostgresAt(t, { url, passwordFile: null });
    assert.equal(await append(other.store), 2);
    await bot.ping();
    await exchange('older', 'newer');
    assert.equal((await refused(append(bot.store)))[0], 'older-copy');
  });

  test('does nothing on one in which the entry of that number is another one', async (t) => {
    const { url, copy, exchange } = await around();
    const bot = await openBot(t, url);
    await append(bot.store);
    await copy('older');
    assert.equal(await append(bot.store), 2);
    const elsewhere = await openPostgresAt(t, {
      url: `${url}`.replace(/(record_\d+)/, '$1_older'),
      passwordFile: null,
    });
    for (const expected of [2, 3]) assert.equal(await append(elsewhere.store), expected);
    await exchange('older', 'newer');
    for (const work of worksOf(bot)) assert.equal((await refused(work()))[0], 'older-copy');
  });

  test('goes on with a database that has every entry that it has seen, and more', async (t) => {
    const { url, copy, exchange } = await around();
    const bot = await openBot(t, url);
    assert.equal(await append(bot.store), 1);
    await copy('taken_over');
    const other = await openPostgresAt(t, {
      url: `${url}`.replace(/(record_\d+)/, '$1_taken_over'),
      passwordFile: null,
    });
    assert.equal(await append(other.store), 2);
    await exchange('taken_over', 'former');
    await bot.several.leases.join();
    assert.equal(await append(bot.store), 3);
  });

  test('works on an older copy once it was started again', async (t) => {
    const { url, copy, exchange } = await around();
    const bot = await openBot(t, url);
    await append(bot.store);
    await copy('older');
    await append(bot.store);
    await exchange('older', 'newer');
    await refused(bot.ping());
    const restarted = await openBot(t, url);
    assert.equal(await append(restarted.store), 2);
    await refused(append(bot.store));
  });
});
