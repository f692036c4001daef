import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type EraseOptions, eraseDetails } from '../../../src/cli/audit/erase-details.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { fixedIncident } from '../../store/fixed-incident.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { at, BOB, CHANNEL, GIT01, openIncident, openingOf } from '../../store/samples.ts';
import { storeAt } from '../../support/bots/store-settings.ts';
import { english } from '../../support/words/english.ts';

const PERSON = BOB.kind === 'slack-user' ? BOB.user : assert.fail();

/** A record with an incident that Bob approved a plan of, and that has ended. */
async function scene(t: TestContext) {
  const path = await databasePath(t);
  const { store, auditTrail, outbox } = await openSqliteAt(t, path);
  const id = await fixedIncident(store);
  const erase = async (options: Omit<EraseOptions, 'yes'>, yes = true) => {
    let said = '';
    const stream = { write: (text: string) => (said += text) };
    const console = createConsole({ stdout: stream, stderr: stream, environment: {}, words: english });
    return { status: await eraseDetails({ ...options, yes }, storeAt(`sqlite:${path}`), console), said };
  };
  const newest = async () => (await auditTrail.list({ limit: 1 }))[0] ?? assert.fail();
  return { store, auditTrail, outbox, id, erase, newest };
}

test('audit erase without --yes says what would be erased, erases nothing, and ends with status 1', async (t) => {
  const { erase, newest } = await scene(t);
  const { status, said } = await erase({ person: PERSON }, false);
  assert.equal(status, 1);
  assert.match(said, /would be erased for good\. Nothing was erased\. Run it again with --yes\./);
  assert.equal((await newest()).act, 'incident-resolved');
});

test('audit erase --person --yes erases the person on record, and the record stays intact', async (t) => {
  const { erase, newest, auditTrail } = await scene(t);
  const { status, said } = await erase({ person: PERSON });
  assert.equal(status, 0, said);
  const entry = await newest();
  assert.equal(entry.act, 'erased');
  assert.match(said, new RegExp(`^Erased: .* Entry ${entry.sequence} says so\\.`));
  assert.ok(!JSON.stringify(await auditTrail.list({})).includes(PERSON));
  assert.equal((await auditTrail.verify()).kind, 'intact');
  assert.equal((await erase({ person: PERSON })).said, 'The record holds nothing of that. Nothing was erased.\n');
});

test('audit erase --incident --yes leaves no one who acted on the incident', async (t) => {
  const { erase, id, auditTrail } = await scene(t);
  assert.equal((await erase({ incident: id })).status, 0);
  const people = (await auditTrail.list({ incidentId: id })).filter(({ actor }) => actor.kind === 'slack-user');
  assert.deepEqual(people, []);
});

test('audit erase waits until a post that names the person is shown, and then counts it', async (t) => {
  const { erase, store, outbox } = await scene(t);
  const source = { kind: 'person', by: { kind: 'terminal', user: 'ona' }, reason: null } as const;
  const body = { kind: 'mute-notice', host: GIT01, source, until: at(99).toISOString() } as const;
  await store.transact((tx) => tx.putNotice({ key: 'muted:1', channel: CHANNEL, body }));
  const waiting = await erase({ person: 'ona' });
  assert.equal(waiting.status, 1);
  assert.match(waiting.said, /^Nothing was erased: 1 post that names them waits for Slack\./);
  await outbox.markDelivered('muted:1', 1, '1.0');
  const { status, said } = await erase({ person: 'ona' });
  assert.equal(status, 0, said);
  assert.match(said, /kept with 0 incidents and 1 message of no incident\. Entry/);
});

test('audit erase refuses an incident that is open with status 1, and wrong usage with status 2', async (t) => {
  const { erase, store, id } = await scene(t);
  const open = await openIncident(store);
  await store.transact((tx) => tx.appendAudit(openingOf(open)));
  const { status, said } = await erase({ incident: open.id });
  assert.equal(status, 1);
  assert.match(
    said,
    /^Nothing was erased: incident 2 can still change or wait for Slack\. Run it again after that has/,
  );
  assert.equal((await erase({})).status, 2);
  assert.equal((await erase({ incident: id, person: PERSON })).status, 2);
  assert.equal((await erase({ person: 'U0NOBODY' })).status, 2);
});
