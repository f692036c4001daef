import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { type ChannelId, IncidentId } from '../../model/record/ids.ts';
import { type EntryMark, ThreadMessage } from '../../model/record/thread-message.ts';
import type { DesiredMessage, Notice } from '../../workflow/ports.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const KeptMessageRow = z.strictObject({
  key: z.string(),
  incidentId: IncidentId.nullable(),
  placement: z.enum(['channel', 'thread', 'summary']),
  body: ThreadMessage,
});
const DesiredMessageRow = KeptMessageRow.extend({ incidentId: IncidentId });

/** The channel or thread of a message: the thread of its incident, or a channel without a thread. */
type Place =
  | Pick<DesiredMessage, 'incidentId' | 'placement'>
  | { readonly incidentId: null; readonly placement: 'channel'; readonly channel: ChannelId };

type MessageRow = Selectable<Tables['messages']>;

/** Adds a message, or replaces the body of the one with this key. An identical body changes nothing. */
export function putMessage(db: Kysely<Tables>, message: DesiredMessage, now: Date): Promise<void> {
  return put(db, message, message, now);
}

/** Adds a message that belongs to no incident, or replaces the body of the one with this key. */
export function putNotice(db: Kysely<Tables>, notice: Notice, now: Date): Promise<void> {
  return put(db, notice, { incidentId: null, placement: 'channel', channel: notice.channel }, now);
}

type Content = Pick<DesiredMessage, 'key' | 'body'>;

async function put(db: Kysely<Tables>, message: Content, place: Place, now: Date): Promise<void> {
  const body = toJson(message.body);
  const current = await db.selectFrom('messages').selectAll().where('key', '=', message.key).executeTakeFirst();
  if (current === undefined) return insertMessage(db, message, place, body, now);
  if (current.incident_id !== place.incidentId || current.placement !== place.placement) {
    throw new Error(`message ${message.key} has its place already, in the ${current.placement} of another message`);
  }
  if (current.body !== body) await replaceBody(db, current, message.body, body, now);
}

export async function messageByKey(db: Kysely<Tables>, key: string): Promise<DesiredMessage | null> {
  const row = await db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row ? toDesiredMessage(row) : null;
}

export function toDesiredMessage(row: StoredMessage): DesiredMessage {
  return readRow({ table: 'messages', key: row.key }, DesiredMessageRow, () => fieldsOf(row));
}

/** The message of a row, with or without an incident. */
export function toKeptMessage(row: StoredMessage): z.output<typeof KeptMessageRow> {
  return readRow({ table: 'messages', key: row.key }, KeptMessageRow, () => fieldsOf(row));
}

type StoredMessage = Pick<MessageRow, 'key' | 'incident_id' | 'placement' | 'body'>;

function fieldsOf(row: StoredMessage) {
  return { key: row.key, incidentId: row.incident_id, placement: row.placement, body: JSON.parse(row.body) };
}

async function insertMessage(
  db: Kysely<Tables>,
  message: Content,
  place: Place,
  body: string,
  now: Date,
): Promise<void> {
  await db
    .insertInto('messages')
    .values({
      key: message.key,
      incident_id: place.incidentId,
      channel: place.incidentId === null ? place.channel : null,
      placement: place.placement,
      kind: message.body.kind,
      body,
      version: 1,
      waiting_since: now.toISOString(),
      ...recordColumns(message.body),
    })
    .execute();
}

/** Replaces the body of a message. A message that already waits keeps its place in the queue. */
async function replaceBody(
  db: Kysely<Tables>,
  current: MessageRow,
  message: ThreadMessage,
  body: string,
  now: Date,
): Promise<void> {
  const isWaiting = current.version > Math.max(current.delivered_version, current.gave_up_version);
  const mark = entryMarkOf(message);
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
  const mark = entryMarkOf(body);
  return { record_sequence: mark?.sequence ?? null, record_hash: mark?.hash ?? null };
}

/** The audit entry that a message shows. It is stored in columns of its own, as evidence that the entry existed. */
function entryMarkOf(body: ThreadMessage): EntryMark | null {
  if (body.kind === 'record') return body.entry;
  return 'record' in body ? body.record : null;
}
