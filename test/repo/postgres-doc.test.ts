import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { HostName, IncidentId, PlanId } from '../../src/model/record/ids.ts';
import { openRecord, openRecordAsBot, openTrail } from '../../src/store/open-record.ts';
import { erase } from '../../src/workflow/record/erase.ts';
import { decide } from '../store/decide.ts';
import { openIncident, openingOf, proposePlan, standingClock, statusMessage } from '../store/samples.ts';
import { skipUnless } from '../support/requirements.ts';
import { postgresPrograms } from '../support/services/postgres-programs.ts';
import { PostgresServer } from '../support/services/postgres-server.ts';
import { codeBlocks } from '../support/words/markdown.ts';

/** What docs/operations.md tells people to type for a record on Postgres, done as it says. */

const DOC = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const clock = standingClock();
const OWNER = 'registry_doctor';
const BOT = 'registry_doctor_bot';

function theBlock(language: string, has: string): string {
  const found = codeBlocks(DOC, language).filter((block) => block.includes(has));
  assert.equal(found.length, 1, has);
  return found[0] ?? '';
}

suite('docs/operations.md', { skip: skipUnless('postgres') }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await PostgresServer.start();
    for (const statement of theBlock('sql', 'CREATE DATABASE').split(';').slice(0, -1)) {
      await server.query('postgres', statement);
    }
    await server.query('postgres', `CREATE ROLE ${BOT} LOGIN`);
    const { close } = await openRecord({ url: server.url(OWNER, OWNER), passwordFile: null }, { clock });
    await close();
    await server.query(OWNER, `SET ROLE ${OWNER}; ${theBlock('sql', 'GRANT USAGE')}`);
  });
  after(() => server.remove());

  const incidentNumber = IncidentId.parse(1);

  test('with the rights that are listed a bot can record, deliver and erase, and change nothing that is kept', async () => {
    const opened = await openRecordAsBot({ url: server.url(OWNER, BOT), passwordFile: null }, { clock });
    const { store, outbox, auditTrail, several = assert.fail(), close } = opened ?? assert.fail();
    const { leases, sights, sessions } = several;
    assert.deepEqual(await leases.take(['host git01'], { isAsked: true }), ['host git01']);
    assert.equal((await leases.renew())?.held, 1);
    await leases.release(['host git01']);
    const seen = new Map([
      [HostName.parse('git01'), { kind: 'healthy', way: 'guard', at: clock.now().toISOString() }],
    ] as const);
    await sights.tell(seen);
    assert.deepEqual(await sights.read(), seen);
    const take = () => sessions.take(HostName.parse('git01'), { most: 1, lastsMs: 60_000 });
    await (await take())?.giveBack();
    assert.notEqual(await take(), null);
    const incident = await openIncident(store);
    await store.transact(async (tx) => {
      await tx.appendAudit(openingOf(incident));
      await proposePlan(tx, incident);
      await tx.putMessage(statusMessage(incident));
    });
    assert.ok(await decide(store, PlanId.parse('1-1')));
    await outbox.markDelivered('status:1', 1, '1.1');
    await store.transact((tx) => tx.moveIncident(incidentNumber, ['diagnosing'], { state: 'closed' }));
    const how = { by: { kind: 'terminal', user: 'ona' }, isOnlyAsked: false } as const;
    assert.equal((await erase({ store, clock }, { kind: 'incident', id: incidentNumber }, how)).kind, 'erased');
    assert.equal((await auditTrail.verify()).entries, 4);
    await leases.leave();
    assert.equal((await sights.read()).size, 0, 'they go with the bot');
    await close();
    for (const statement of [
      `UPDATE audit_entries SET outcome = '{}'`,
      'DELETE FROM plans',
      'TRUNCATE audit_entries CASCADE',
      'DROP TRIGGER audit_entries_are_final ON audit_entries',
      'DELETE FROM kysely_migration',
    ]) {
      await assert.rejects(server.query(OWNER, `SET ROLE ${BOT}; ${statement}`), /permission denied|must be owner/);
    }
  });

  test('a dump that was restored is the same intact record', async () => {
    await server.query('postgres', `CREATE DATABASE restored OWNER ${OWNER} TEMPLATE template0`);
    const file = join(server.directory, 'record.dump');
    for (const block of [theBlock('sh', 'pg_dump'), theBlock('sh', 'pg_restore')]) {
      const command = block
        .replace(/postgres:\/\/registry_doctor@db\.example\.com\/(\w+)/, (_, database) => server.url(database, OWNER))
        .replace(/\/var\/backups\/\S+\.dump/, file);
      const path = `${postgresPrograms()}:${process.env['PATH']}`;
      const { status, stderr } = spawnSync('sh', ['-c', command], { env: { PATH: path }, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    }
    const [original, restored] = await Promise.all(
      [OWNER, 'restored'].map((name) => verified(server.url(name, OWNER))),
    );
    assert.equal(original?.kind, 'intact');
    assert.deepEqual(restored, original);
  });
});

async function verified(url: string) {
  const { auditTrail, close } = await openTrail({ url, passwordFile: null });
  return auditTrail.verify().finally(close);
}
