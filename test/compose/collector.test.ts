import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../src/compose/bot.ts';
import { startSlackStandIn } from '../../src/playground/slack/start-slack-stand-in.ts';
import { databasePath, openSqliteAt } from '../store/open-store.ts';
import { auditDraft, openIncident } from '../store/samples.ts';
import { collectorFor } from '../support/services/collector.ts';
import { servingOn } from './serving.ts';

test('a bot with a collector in its environment sends it the record that it finds', async (t) => {
  const slack = await startSlackStandIn();
  t.after(() => slack.close());
  const collector = await collectorFor(t);
  const path = await databasePath(t);
  const before = await openSqliteAt(t, path);
  const incident = await openIncident(before.store);
  for (const _ of [1, 2]) await before.store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
  await before.close();
  const serving = servingOn(`sqlite:${path}`, slack.apiUrl);
  const bot = await serve({ ...serving, collector: { url: collector.url, headers: {} } });
  await collector.first;
  await bot.stop();
  assert.deepEqual(collector.sequences()[0]?.slice(0, 2), [1, 2]);
});
