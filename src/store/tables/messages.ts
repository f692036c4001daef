import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { ChannelId, IncidentId } from '../../model/record/ids.ts';
import { GiveUpReason } from '../../model/record/messages/slack-failure.ts';
import { type EntryMark, entryMarksIn, ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import type { ShownMessage } from '../../record/check/slack-reading.ts';
import type { DesiredMessage, MessagePlace, Notice } from '../../workflow/ports/messages.ts';
import { readRow, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const Placement = z.enum(['channel', 'thread', 'summary']);
const KeptMessageRow = z.strictObject({
  key: z.string(),
  incidentId: IncidentId.nullable(),
  placement: Placement,
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
  const placement = readRow({ table: 'messages', key: message.key }, Placement, () => current.placement);
  if (current.incident_id !== place.incidentId || placement !== place.placement) {
    throw new Error(`message ${message.key} has its place already, in the ${placement} of another message`);
  }
  if (current.body !== body) await replaceBody(db, current, message.body, body, now);
}

export async function messageByKey(db: Kysely<Tables>, key: string): Promise<DesiredMessage | null> {
  const row = await db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row && row.body !== null ? toDesiredMessage(row) : null;
}

/** What the notice with this key says. Null: no notice has this key, or it was dropped. */
export async function noticeByKey(db: Kysely<Tables>, key: string): Promise<ThreadMessage | null> {
  const row = await db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row && row.body !== null ? toKeptMessage(row).body : null;
}

/** How many messages wait for the channel, also those in threads that were not begun. */
export async function waitingFor(db: Kysely<Tables>, channel: ChannelId): Promise<number> {
  const { waiting } = await undelivered(db)
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .where(({ eb, fn }) => eb(fn.coalesce('incidents.channel', 'message.channel'), '=', channel))
    .executeTakeFirstOrThrow();
  return Number(waiting);
}

/** The delivery of the message with this key. Null: there is no such message. */
export async function deliveryByKey(db: Kysely<Tables>, key: string): Promise<MessageDelivery | null> {
  const row = await db.selectFrom('messages').selectAll().where('key', '=', key).executeTakeFirst();
  return row ? deliveryOf(row, null) : null;
}

/** The delivery of a message. `inChannel`: the channel message of its thread. If that was given up, so is its thread, for the same reason. */
export function deliveryOf(row: MessageRow, inChannel: MessageRow | null): MessageDelivery {
  if (row.ts !== null && row.delivered_at !== null && row.delivered_version >= row.version) {
    return { kind: 'delivered', ts: row.ts, at: row.delivered_at };
  }
  const why = reasonGivenUp(row) ?? (inChannel?.ts === null ? reasonGivenUp(inChannel) : null);
  return why === null ? { kind: 'waiting', since: row.waiting_since } : { kind: 'given-up', why };
}

function reasonGivenUp({ key, version, gave_up_version, gave_up_reason }: MessageRow): GiveUpReason | null {
  if (gave_up_version < version || gave_up_reason === null) return null;
  return readRow({ table: 'messages', key }, GiveUpReason, () => JSON.parse(gave_up_reason));
}

/**
 * Each message, joined with its incident, with the channel message of its thread and, if the incident is part of a summary, with
 * the summary. A notice has none of them.
 */
export function messagesInThreads(db: Kysely<Tables>) {
  return db
    .selectFrom('messages as message')
    .leftJoin('incidents', 'incidents.id', 'message.incident_id')
    .leftJoin('messages as head', (join) =>
      join.onRef('head.incident_id', '=', 'message.incident_id').on('head.placement', '=', 'channel'),
    )
    .leftJoin('messages as summary', (join) =>
      join.onRef('summary.incident_id', '=', 'incidents.summarized_in').on('summary.placement', '=', 'summary'),
    );
}

/** Each message whose newest version is not in Slack. */
export function undelivered(db: Kysely<Tables>) {
  return messagesInThreads(db)
    .whereRef('message.version', '>', 'message.delivered_version')
    .whereRef('message.version', '>', 'message.gave_up_version');
}

/** Where Slack shows the message. An incident that is part of a summary has all its messages in the thread of that one. */
export async function placeOfMessage(db: Kysely<Tables>, key: string): Promise<MessagePlace | null> {
  const row = await messagesInThreads(db)
    .select(({ fn }) => ['incidents.channel', 'message.ts', fn.coalesce('summary.ts', 'head.ts').as('threadTs')])
    .where('message.key', '=', key)
    .where('message.incident_id', 'is not', null)
    .executeTakeFirst();
  if (row === undefined || row.ts === null) return null;
  const threadTs = row.threadTs === row.ts ? null : row.threadTs;
  return readRow({ table: 'messages', key }, Placed, () => ({ ...row, threadTs }));
}

const Placed = z.strictObject({ channel: ChannelId, ts: z.string(), threadTs: z.string().nullable() });

export function toDesiredMessage(row: StoredMessage): DesiredMessage {
  return readRow({ table: 'messages', key: row.key }, DesiredMessageRow, () => fieldsOf(row));
}

/** The message of a row, with or without an incident. */
export function toKeptMessage(row: StoredMessage): z.output<typeof KeptMessageRow> {
  return readRow({ table: 'messages', key: row.key }, KeptMessageRow, () => fieldsOf(row));
}

type StoredMessage = Pick<MessageRow, 'key' | 'incident_id' | 'placement' | 'body'>;

function fieldsOf(row: StoredMessage) {
  return { key: row.key, incidentId: row.incident_id, placement: row.placement, body: JSON.parse(row.body ?? 'null') };
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

/** The audit entry that a message is about. It is stored in columns of its own, as evidence that the entry existed. */
function entryMarkOf(body: ThreadMessage): EntryMark | null {
  return entryMarksIn(body).at(-1) ?? null;
}

/** The messages as Slack should show them, in the order in which they were first put. */
export async function shownMessages(db: Kysely<Tables>): Promise<readonly ShownMessage[]> {
  const rows = await messagesInThreads(db)
    .select([
      'message.key',
      'message.kind',
      'message.ts',
      'message.version',
      'message.delivered_version',
      'message.shown',
    ])
    .select(['message.record_sequence', 'message.placement'])
    .select(({ fn }) => fn.coalesce('incidents.channel', 'message.channel').$notNull().as('channel'))
    .select(({ fn }) => fn.coalesce('summary.ts', 'head.ts').as('root'))
    .orderBy('message.id')
    .execute();
  return rows.map((row) => ({
    ...{ key: row.key, kind: row.kind, channel: row.channel, ts: row.ts, shown: row.shown },
    thread: row.root === row.ts || row.placement === 'summary' ? null : row.root,
    sequence: row.record_sequence,
    isCurrent: row.delivered_version >= row.version,
  }));
}

/** How many entries the newest checkpoint covers that was put into a channel. 0: there is none, or it was dropped by age. */
export async function checkpointTold(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('messages')
    .selectAll()
    .where('kind', '=', 'checkpoint')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.body === null) return 0;
  const { body } = toKeptMessage(row);
  return body.kind === 'checkpoint' ? body.entries : 0;
}
