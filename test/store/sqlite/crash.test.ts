import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { IncidentId } from '../../../src/model/record/ids.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { skipUnless } from '../../support/requirements.ts';
import { databasePath, openSqliteAt, type StoreUnderTest } from '../open-store.ts';
import { StoreProcess } from '../processes/store-process.ts';
import { at, statusMessage } from '../samples.ts';

const KILLS = 12;

test('the record of a bot killed at random moments has every confirmed entry and no half transaction', async (t) => {
  const seed = seedOfRun();
  t.diagnostic(`RD_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const path = await databasePath(t);
  let confirmed = 0;
  for (let kills = 0; kills < KILLS; kills += 1) {
    // The first kill comes while the file is created, the others somewhere in the transactions.
    const lines = kills === 0 ? 1 : 1 + random.int(40);
    confirmed = Math.max(
      confirmed,
      await workAndKill(new StoreProcess(t, 'work-until-killed', [`sqlite:${path}`]), lines, random.int(8)),
    );
    const opened = await openSqliteAt(t, path);
    await assertWhole(opened, confirmed);
    await opened.close();
  }
  assert.ok(confirmed > KILLS, `only ${confirmed} transactions were confirmed in all`);
});

test('on a full disk every confirmed entry stays intact and no unconfirmed entry is there', {
  skip: skipUnless('bash'),
}, async (t) => {
  const path = await databasePath(t);
  // A limit on the size of a file stands in for a full disk: both make write(2) fail.
  const limit = "trap '' XFSZ; ulimit -f 512";
  const writer = new StoreProcess(t, 'append-until-refused', [`sqlite:${path}`], limit);
  const [confirmed] = await writer.finished();
  const check = await (await openSqliteAt(t, path)).auditTrail.verify();
  assert.equal(check.kind, 'intact');
  assert.equal(String(check.entries), confirmed);
  assert.ok(check.entries > 0);
});

/** The last entry that the process said was durable; 0 when it said none. */
async function workAndKill(worker: StoreProcess, lines: number, thenMs: number): Promise<number> {
  await worker.said(lines);
  await delay(thenMs);
  worker.kill();
  assert.equal((await worker.exited).signal, 'SIGKILL');
  return Number(worker.lines.slice(1).at(-1) ?? 0);
}

async function assertWhole({ auditTrail, outbox }: StoreUnderTest, confirmed: number): Promise<void> {
  const check = await auditTrail.verify();
  assert.equal(check.kind, 'intact');
  assert.ok(check.entries >= confirmed, `${confirmed} entries were confirmed, ${check.entries} are there`);
  const record = await auditTrail.incidentRecord(IncidentId.parse(1));
  if (record === null) return assert.equal(check.entries, 0);
  const { incident, entries, messages } = record;
  assert.equal(incident.state, entries.at(-1)?.outcome['state'] ?? 'diagnosing');
  assert.deepEqual(
    messages.map(({ body }) => body),
    [statusMessage(incident, entries.length).body],
  );
  if (entries.length === 0) return;
  const [pending] = await outbox.pending(1, at(0));
  assert.equal(pending?.maybePosted, true, 'the try that was under way when it was killed is forgotten');
}
