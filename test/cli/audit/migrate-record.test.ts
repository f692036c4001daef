import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { migrateRecord } from '../../../src/cli/audit/migrate-record.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { lockRecord } from '../../../src/store/lock-record.ts';
import { fixedIncident } from '../../store/fixed-incident.ts';
import { openPostgresAt, RecordServer } from '../../store/open-postgres.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { storeAt } from '../../support/bots/store-settings.ts';
import { skipUnless } from '../../support/requirements.ts';
import { english } from '../../support/words/english.ts';

const postgres = new RecordServer();

async function migrate(from: string, to: string) {
  let said = '';
  const stream = { write: (text: string) => (said += text) };
  const console = createConsole({ stdout: stream, stderr: stream, environment: {}, words: english });
  return { status: await migrateRecord(from, storeAt(to), console), said };
}

test('audit migrate copies from a file to Postgres only, and anything else is wrong usage', async () => {
  for (const [from, to] of [
    ['sqlite:/a.db', 'sqlite:/b.db'],
    ['postgres://a@localhost/record', 'postgres://b@localhost/record'],
  ] as const) {
    const { status, said } = await migrate(from, to);
    assert.equal(status, 2);
    assert.match(said, /Nothing was copied\. Set store\.url to postgres:/);
  }
});

suite('audit migrate with a server', { skip: skipUnless('postgres') }, () => {
  test('says what both records have in common, and refuses a second time', async (t) => {
    const server = await postgres.server;
    const url = server.url(await server.database());
    const path = await databasePath(t);
    const file = await openSqliteAt(t, path);
    await fixedIncident(file.store);
    await file.close();
    const { status, said } = await migrate(`sqlite:${path}`, url);
    assert.equal(status, 0, said);
    const copy = await openPostgresAt(t, { url, passwordFile: null });
    const check = await copy.auditTrail.verify();
    assert.equal(check.kind, 'intact');
    assert.match(said, new RegExp(`^Copied .*: ${check.entries} entries, last .*, tree root \\S+\\. Both are intact`));
    const again = await migrate(`sqlite:${path}`, url);
    assert.equal(again.status, 1);
    assert.match(again.said, /There is a record at .* already\. Nothing was copied\./);
  });

  test('copies no record on which a bot works, and none that is not intact, with status 1', async (t) => {
    const server = await postgres.server;
    const url = server.url(await server.database());
    const path = await databasePath(t);
    const { store, close } = await openSqliteAt(t, path);
    await fixedIncident(store);
    await close();
    const lock = (await lockRecord(`sqlite:${path}`)) ?? assert.fail();
    const busy = await migrate(`sqlite:${path}`, url);
    lock.release();
    assert.equal(busy.status, 1);
    assert.match(busy.said, /^A bot works on .*\. Nothing was copied\. Stop it/);
    const shell = new DatabaseSync(path);
    shell.exec('DROP TRIGGER audit_entries_are_final');
    shell.exec(`UPDATE audit_entries SET act = 'verified' WHERE sequence = 2`);
    shell.close();
    const broken = await migrate(`sqlite:${path}`, url);
    assert.equal(broken.status, 1);
    assert.match(broken.said, /is NOT intact: \d+ problems?\. Nothing was copied\./);
  });
});
