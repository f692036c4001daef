import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { deliverMessagesUntil } from '../../../src/workflow/delivery/deliver-messages.ts';
import { Wake } from '../../../src/workflow/delivery/wake.ts';
import type { Messenger } from '../../../src/workflow/ports/messages.ts';
import { postRecordFile } from '../../../src/workflow/record/messages.ts';
import { openSqlite } from '../../store/open-store.ts';
import { auditDraft, openIncident, recordLine, statusMessage } from '../../store/samples.ts';
import { onlyTurn } from '../../support/bots/only-turn.ts';
import { FREE_PACE } from '../../support/slack/free-pace.ts';

test('a file that Slack is slow to take holds up no message of its own thread', async (t) => {
  const { store, outbox, clock } = await openSqlite(t);
  const incident = await openIncident(store);
  const uploaded = Promise.withResolvers<void>();
  const uploading = Promise.withResolvers<void>();
  const lineIsThere = Promise.withResolvers<void>();
  const delivered: string[] = [];
  const messenger: Messenger = {
    pace: FREE_PACE,
    deliver: async ({ body, key }) => {
      if (body.kind === 'file') {
        uploading.resolve();
        await uploaded.promise;
      }
      delivered.push(body.kind);
      if (body.kind === 'record') lineIsThere.resolve();
      return { kind: 'delivered', ts: `ts of ${key}` };
    },
  };
  const wake = new Wake();
  const stop = new AbortController();
  await store.transact(async (tx) => {
    await tx.putMessage(statusMessage(incident));
    await tx.appendAudit(auditDraft(incident.id));
    await postRecordFile(tx, incident, clock.now());
  });
  const running = deliverMessagesUntil(onlyTurn(stop.signal), {
    outbox,
    messenger,
    clock,
    log: createLog('silent'),
    wake,
  });
  await uploading.promise;
  await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
  wake.ring();
  await lineIsThere.promise;
  uploaded.resolve();
  stop.abort();
  await running;
  assert.deepEqual(delivered, ['status', 'record', 'file']);
  assert.equal((await outbox.backlog()).messages, 0);
});

test('a limit of Slack on files delays no message of the channel', { timeout: 20_000 }, async (t) => {
  const { store, outbox, clock } = await openSqlite(t);
  const incident = await openIncident(store);
  const isLimited = Promise.withResolvers<void>();
  const lineIsThere = Promise.withResolvers<void>();
  const messenger: Messenger = {
    pace: FREE_PACE,
    deliver: async ({ body, key }) => {
      if (body.kind === 'file') {
        isLimited.resolve();
        const why = { kind: 'rate-limited', afterMs: 3_600_000 } as const;
        return { kind: 'retry', afterMs: why.afterMs, why, doubt: 'not-posted' };
      }
      if (body.kind === 'record') lineIsThere.resolve();
      return { kind: 'delivered', ts: `ts of ${key}` };
    },
  };
  const wake = new Wake();
  const stop = new AbortController();
  t.after(() => stop.abort());
  await store.transact(async (tx) => {
    await tx.putMessage(statusMessage(incident));
    await tx.appendAudit(auditDraft(incident.id));
    await postRecordFile(tx, incident, clock.now());
  });
  const running = deliverMessagesUntil(onlyTurn(stop.signal), {
    outbox,
    messenger,
    clock,
    log: createLog('silent'),
    wake,
  });
  await isLimited.promise;
  await store.transact((tx) => recordLine(tx, auditDraft(incident.id)));
  wake.ring();
  await lineIsThere.promise;
  stop.abort();
  await running;
  assert.equal((await outbox.backlog()).messages, 1);
});
