import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { IncidentId } from '../../model/record/ids.ts';
import { type RecordMark, ThreadMessage } from '../../model/record/thread-message.ts';
import type { DesiredMessage } from '../../workflow/ports.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const DesiredMessageRow = z.strictObject({
  key: z.string(),
  incidentId: IncidentId,
  placement: z.enum(['channel', 'thread', 'summary']),
  body: ThreadMessage,
});

/** Adds a message, or replaces the body of the one with this key. An identical body changes nothing. */
export async function putMessage(db: Kysely<Tables>, message: DesiredMessage, now: Date): Promise<void> {
  const body = toJson(message.body);
  const current = await db.selectFrom('messages').selectAll().where('key', '=', message.key).executeTakeFirst();
  if (current === undefined) return insertMessage(db, message, body, now);
  if (current.incident_id !== message.incidentId || current.placement !== message.placement) {
    throw new Error(`message ${message.key} has its place already, in the ${current.placement} of another message`);
  }
  if (current.body !== body) await replaceBody(db, current, message.body, body, now);
}

export async function messageByKey(db: Kysely<Tables>, key: string): Promise<DesiredMessage | null> {
  const row = await db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row ? toDesiredMessage(row) : null;
}

export function toDesiredMessage(
  row: Pick<Selectable<Tables['messages']>, 'key' | 'incident_id' | 'placement' | 'body'>,
): DesiredMessage {
  return readRow({ table: 'messages', key: row.key }, DesiredMessageRow, () => ({
    key: row.key,
    incidentId: row.incident_id,
    placement: row.placement,
    body: JSON.parse(row.body),
  }));
}

async function insertMessage(db: Kysely<Tables>, message: DesiredMessage, body: string, now: Date): Promise<void> {
  await db
    .insertInto('messages')
    .values({
      key: message.key,
      incident_id: message.incidentId,
      placement: message.placement,
      kind: message.body.kind,
      body,
      version: 1,
      waiting_since: now.toISOString(),
      ...recordColumns(message.body),
    })
    .execute();
}

/** A waiting message keeps its place in the queue, however often it is edited meanwhile. */
async function replaceBody(
  db: Kysely<Tables>,
  current: Selectable<Tables['messages']>,
  message: ThreadMessage,
  body: string,
  now: Date,
): Promise<void> {
  const isWaiting = current.version > Math.max(current.delivered_version, current.gave_up_version);
  const mark = recordMarkOf(message);
  await db
    .updateTable('messages')
    .set({
      kind: message.kind,
      body,
      version: current.version + 1,
      waiting_since: isWaiting ? current.waiting_since : now.toISOString(),
      ...((mark?.sequence ?? 0) > (current.record_sequence ?? 0) ? recordColumns(message) : {}),
    })
    .where('key', '=', current.key)
    .execute();
}

function recordColumns(body: ThreadMessage) {
  const mark = recordMarkOf(body);
  return { record_sequence: mark?.sequence ?? null, record_hash: mark?.hash ?? null };
}

/** The audit entry whose mark a message shows. It has columns of its own, as a witness that the entry existed. */
function recordMarkOf(body: ThreadMessage): RecordMark | null {
  if (body.kind === 'status' || body.kind === 'summary') return null;
  return body.kind === 'record' ? body.entry : body.record;
}
