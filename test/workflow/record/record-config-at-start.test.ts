import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AuditEntry } from '../../../src/model/record/audit.ts';
import { Sha256 } from '../../../src/model/record/ids.ts';
import type { ConfigChange } from '../../../src/model/settings/config-change.ts';
import type { Log } from '../../../src/workflow/ports/bot.ts';
import { recordConfigAtStart } from '../../../src/workflow/record/record-config-at-start.ts';
import { recordConfigChange } from '../../../src/workflow/record/record-config-change.ts';
import { openPostgresAt, RecordServer } from '../../store/open-postgres.ts';
import { openSqlite } from '../../store/open-store.ts';
import { at, auditDraft, openIncident } from '../../store/samples.ts';
import { skipUnless } from '../../support/requirements.ts';

/** Which config is in use from a start on, as the record tells it. */

const digest = (digit: string) => Sha256.parse(`sha256:${digit.repeat(64)}`);
const [ONE, TWO, THREE] = [digest('1'), digest('2'), digest('3')];
const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => log };
const AT_START = { kind: 'bot', part: 'workflow' };

async function record(t: TestContext) {
  const { store, clock, auditTrail } = await openSqlite(t);
  const signal = (change: Partial<ConfigChange> & Pick<ConfigChange, 'digests'>) =>
    store.transact((tx) =>
      recordConfigChange(tx, { ...{ added: [], removed: [], changed: [], keys: [], atRestart: [] }, ...change }, at(1)),
    );
  return {
    store,
    auditTrail,
    signal,
    start: (config: Sha256) => recordConfigAtStart({ store, clock, log }, config),
    /** Who noticed what about the config, in order. */
    told: async () =>
      (await auditTrail.list({})).flatMap(({ act, actor, outcome }: AuditEntry) =>
        act === 'config-changed' ? [{ actor, outcome }] : [],
      ),
  };
}

test('the first start puts on record the digest of its config, and names none before it', async (t) => {
  const { start, told } = await record(t);
  await start(ONE);
  assert.deepEqual(await told(), [{ actor: AT_START, outcome: { foundAt: 'start', digests: { after: ONE } } }]);
});

test('a start puts its config on record if a record with entries names none', async (t) => {
  const { store, start, told } = await record(t);
  const incident = await openIncident(store);
  await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
  await start(ONE);
  assert.deepEqual(await told(), [{ actor: AT_START, outcome: { foundAt: 'start', digests: { after: ONE } } }]);
});

test('a start with the config that the record names last puts nothing on record', async (t) => {
  const { store, start, auditTrail } = await record(t);
  await start(ONE);
  const incident = await openIncident(store);
  await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
  await start(ONE);
  assert.equal((await auditTrail.list({})).length, 2);
});

test('a start with another config than the record names last puts both digests on record, each time', async (t) => {
  const { start, told } = await record(t);
  for (const config of [ONE, TWO, ONE, ONE]) await start(config);
  assert.deepEqual(
    (await told()).map(({ outcome }) => outcome['digests']),
    [{ after: ONE }, { before: ONE, after: TWO }, { before: TWO, after: ONE }],
  );
});

test('a start with the config that a signal has put on record puts nothing on record', async (t) => {
  const { start, signal, told } = await record(t);
  await start(ONE);
  await signal({ digests: { before: ONE, after: TWO }, keys: ['policy'] });
  await start(TWO);
  assert.equal((await told()).length, 2);
});

test('keys that waited for a restart are on record at that start, once', async (t) => {
  const { start, signal, told } = await record(t);
  await start(ONE);
  await signal({ digests: { before: ONE, after: TWO }, keys: ['policy'], atRestart: ['http', 'language'] });
  await start(TWO);
  await start(TWO);
  assert.deepEqual((await told()).slice(2), [
    {
      actor: AT_START,
      outcome: { foundAt: 'start', digests: { before: TWO, after: TWO }, keys: ['http', 'language'] },
    },
  ]);
});

test('a start does not list the keys that waited for it if the file was edited once more', async (t) => {
  const { start, signal, told } = await record(t);
  await start(ONE);
  await signal({ digests: { before: ONE, after: TWO }, atRestart: ['http'] });
  await start(THREE);
  assert.deepEqual((await told()).at(-1)?.outcome, { foundAt: 'start', digests: { before: TWO, after: THREE } });
});

test('a start after an entry about the config in a form that is not known puts its config on record', async (t) => {
  const { store, start, told } = await record(t);
  const actor = { kind: 'signal', signal: 'SIGHUP' } as const;
  const outcome = { digests: 'of another version' };
  await store.transact((tx) => tx.appendOwnAct({ at: at(1).toISOString(), actor, act: 'config-changed', outcome }));
  await start(ONE);
  assert.deepEqual((await told()).at(-1)?.outcome, { foundAt: 'start', digests: { after: ONE } });
});

const postgres = new RecordServer();

test('of three bots that start at once on Postgres with the same config, one puts it on record', {
  skip: skipUnless('postgres'),
}, async (t) => {
  const place = await postgres.place();
  const bots = [await openPostgresAt(t, place), await openPostgresAt(t, place), await openPostgresAt(t, place)];
  const configs = ['1', '2', '3', '4', '5', '6', '7', '8'].map(digest);
  for (const config of configs) {
    await Promise.all(bots.map(({ store, clock }) => recordConfigAtStart({ store, clock, log }, config)));
  }
  const [{ auditTrail } = assert.fail()] = bots;
  assert.deepEqual(
    (await auditTrail.list({})).map(({ outcome }) => outcome['digests']),
    configs.map((after, index) => ({ ...(index > 0 && { before: configs[index - 1] }), after })),
  );
});
