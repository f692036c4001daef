import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { textHash } from '../../../src/hash/canonical-hash.ts';
import { checkpointKey, checkpointLine, checkpointText, RecordTree } from '../../../src/hash/checkpoint.ts';
import { type NoteKey, signedNote } from '../../../src/hash/signed-note.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { AlertSourceName } from '../../../src/model/record/alert.ts';
import type { HeldPlans } from '../../../src/model/record/held-plans.ts';
import type { RecordProblem } from '../../../src/model/record/record.ts';
import type { KeptCheckpoint } from '../../../src/record/check/check-checkpoints.ts';
import type { VerifiedBy } from '../../../src/record/check/check-record.ts';
import type { ShownMessage, SlackPost } from '../../../src/record/check/slack-reading.ts';
import { type FinalOutcome, outcomeInEntry } from '../../../src/record/outcome.ts';
import { openSqliteAuditTrail, openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { Outbox } from '../../../src/workflow/ports/messages.ts';
import type { RecordStore, RecordTransaction } from '../../../src/workflow/ports/record.ts';
import { IN_MEMORY } from '../../support/in-memory.ts';
import { verifiedBothWays } from '../both-ways.ts';
import { decide } from '../decide.ts';
import {
  ALICE,
  at,
  auditDraft,
  CHANNEL,
  DIAGNOSIS,
  GIT01,
  planCard,
  proposePlan,
  putDiagnosis,
  putVerification,
  recordLine,
  standingClock,
  WELL,
} from '../samples.ts';

/** A record in a file, with all that a fixed incident leaves in it, and checkpoints that someone else keeps. */
export type SealedRecord = {
  readonly file: string;
  /** What `audit verify --checkpoint FILE` has beside the record: checkpoints as they were signed, out of the reach of the bot. */
  readonly outside: VerifiedBy;
  /** What the host of the plan holds of it, with the first checkpoint. */
  readonly held: HeldPlans;
  /** The posts of its messages, as Slack shows them. */
  readonly posts: readonly SlackPost[];
  /** A copy of the record as it was before its last entries. */
  readonly olderFile: string;
  /** Another copy, to be tampered with. */
  readonly copy: (of?: string) => string;
  readonly remove: () => void;
};

/** What `audit verify` says of a file. Unusable: it does not even open, or breaks off. */
export type Judged = { readonly problems: readonly RecordProblem[] } | { readonly unusable: OperatorError };

export async function judge(file: string, outside?: VerifiedBy, posts?: readonly SlackPost[]): Promise<Judged> {
  const slack = posts === undefined ? null : { before: await shownIn(file), posts, unread: [] };
  const check = await verifiedBothWays(file, slack === null ? outside : { keys: [], kept: [], held: [], slack });
  if (check instanceof OperatorError) return { unusable: check };
  return { problems: check.kind === 'broken' ? check.problems : [] };
}

async function shownIn(file: string): Promise<readonly ShownMessage[]> {
  const { auditTrail, close } = await openSqliteAuditTrail(`sqlite:${file}`);
  return auditTrail.shownMessages().finally(close);
}

export function isNamed(judged: Judged): boolean {
  return 'unusable' in judged || judged.problems.length > 0;
}

export async function sealedRecord(): Promise<SealedRecord> {
  const directory = mkdtempSync(join(IN_MEMORY, 'rd-tampered-'));
  const file = join(directory, 'record.db');
  const olderFile = join(directory, 'older.db');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = checkpointKey(Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url'));
  const kept: KeptCheckpoint[] = [];
  const telling = async (story: (tx: RecordTransaction) => Promise<unknown>) => {
    const { store, outbox, close } = await openSqliteStore(`sqlite:${file}`, { clock: standingClock() });
    await store.transact(story);
    await showAll(outbox);
    kept.push({ note: await putCheckpoint(store, key, privateKey), source: { kind: 'file', file: 'kept' } });
    await close();
  };
  const { store, close } = await openSqliteStore(`sqlite:${file}`, { clock: standingClock() });
  const plan = await tellFixedIncident(store);
  await close();
  await telling(openOne);
  copyFileSync(file, olderFile);
  await telling(openOne);
  let copies = 0;
  return {
    ...{ file, olderFile, outside: { keys: [key], kept, held: [], slack: null }, posts: postsOf(file) },
    held: {
      host: GIT01,
      plans: [{ hash: plan.hash, outcome: 'stale', checkpoint: checkpointLine(kept[0]?.note ?? '') }],
      held: 1,
    },
    copy: (of = file) => {
      copies += 1;
      const copied = join(directory, `copy-${copies}.db`);
      copyFileSync(of, copied);
      return copied;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Each message is in Slack, where it shows its key in place of its words. */
async function showAll(outbox: Outbox): Promise<void> {
  for (let all = await outbox.pending(50, at(60)); all.length > 0; all = await outbox.pending(50, at(60))) {
    for (const { key, version } of all) {
      shown += 1;
      await outbox.markDelivered(key, version, `${shown}.0`, textHash(key));
    }
  }
}
let shown = 0;

function postsOf(file: string): readonly SlackPost[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT key, ts, record_sequence, record_hash FROM messages').all();
  database.close();
  return rows.map(({ key, ts, record_sequence: sequence, record_hash: hash }) => ({
    ...{ channel: CHANNEL, ts: String(ts), keys: [String(key)], shown: textHash(String(key)) },
    marks: sequence === null ? [] : [{ sequence: Number(sequence), hash: String(hash) }],
    ...{ isEdited: false, hasAttachment: false, checkpoints: [] },
  }));
}

function openOne(tx: RecordTransaction) {
  return openIncident(tx, {
    host: GIT01,
    channel: CHANNEL,
    openedBy: ALICE,
    requestKey: `request-${requests++}`,
    now: at(requests),
  });
}
/** Also the time of each, so that no two incidents are alike. */
let requests = 1;

const NOTICE = {
  key: 'notice-1',
  channel: CHANNEL,
  body: { kind: 'alert-notice', about: 'left-out', source: AlertSourceName.parse('prometheus'), count: 1 },
} as const;

/** One incident from its request to the fixed registry. */
async function tellFixedIncident(store: RecordStore): Promise<Plan> {
  const { incident } = await store.transact(openOne);
  const plan = await store.transact(async (tx) => {
    await putDiagnosis(tx, incident, DIAGNOSIS);
    const proposed = await proposePlan(tx, incident);
    await tx.putMessage(planCard(proposed, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', proposed))));
    await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', verdict: 'faulty', currentPlan: proposed.id });
    return proposed;
  });
  await decide(store, plan.id);
  await store.transact(async (tx) => {
    await finish(tx, plan);
    await putVerification(tx, plan, WELL);
    await recordLine(tx, auditDraft(incident.id, 'incident-resolved', plan));
    await tx.moveIncident(incident.id, ['open'], { state: 'resolved', closedAt: at(5).toISOString() });
    await tx.putNotice(NOTICE);
  });
  return plan;
}

async function finish(tx: RecordTransaction, plan: Plan): Promise<void> {
  const outcome: FinalOutcome = {
    kind: 'stale',
    path: HostPath.parse('/data/vol1/ops'),
    expected: '0750',
    found: '0755',
  };
  await tx.movePlan(plan.id, 'approved', 'executing');
  await tx.movePlan(plan.id, 'executing', 'stale');
  const intendedAt = at(20).toISOString();
  const finishedAt = at(25).toISOString();
  await tx.finishExecution({ planId: plan.id, intendedAt, finishedAt, outcome });
  const draft = auditDraft(plan.incidentId, 'execution-finished', plan);
  await tx.appendAudit({ ...draft, at: finishedAt, outcome: outcomeInEntry(outcome) });
}

async function putCheckpoint(store: RecordStore, key: NoteKey, privateKey: KeyObject): Promise<string> {
  return store.transact(async (tx) => {
    const tree = new RecordTree();
    for (const hash of await tx.entryHashes(0, 1_000)) tree.append(hash);
    const text = checkpointText({ origin: key.name, size: tree.size, root: tree.root() });
    const note = signedNote(text, key, sign(null, Buffer.from(text), privateKey));
    await tx.keepCheckpoint({ size: tree.size, note });
    return note;
  });
}
