import type { Kysely } from 'kysely';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { IncidentRecord, RecordCheck, RecordProblem } from '../../model/record/record.ts';
import type { KeptBody } from '../../record/bodies.ts';
import type { RawEntry } from '../../record/chain.ts';
import {
  type Beside,
  besideOf,
  checkpointWalk,
  NOTHING_ELSE,
  type RecordEnds,
  RecordWalk,
  type VerifiedBy,
} from '../../record/check/check-record.ts';
import type { ShownMessage } from '../../record/check/slack-reading.ts';
import type { AuditTrail, EntriesWanted, StoredEntry } from '../../workflow/ports/audit-trail.ts';
import { alertsOf } from '../tables/alerts.ts';
import {
  auditEntriesOf,
  entryNumbers,
  RAW_ENTRY,
  rawEntriesAfter,
  toAuditEntries,
  toStoredEntries,
} from '../tables/chain/audit-entries.ts';
import { entryHashes, newestCheckpoint, newestCosigned } from '../tables/chain/checkpoints.ts';
import { diagnosesOf, keptDiagnosesOf } from '../tables/diagnoses.ts';
import { incidentById } from '../tables/incidents.ts';
import { deliveryOf, shownMessages, toDesiredMessage } from '../tables/messages.ts';
import { decisionsOn } from '../tables/plan/decisions.ts';
import { executionOf } from '../tables/plan/executions.ts';
import { plansOf } from '../tables/plan/plans.ts';
import { keptVerificationsOf, verificationsOf } from '../tables/plan/verifications.ts';
import type { Tables } from '../tables/tables.ts';
import { handOverPlans, type TakePlans } from './check-beside.ts';
import { entryBatches, incidentBatches, recordEnds } from './read-record.ts';

/** What checks a part of the record beside this thread. */
export type Helper = {
  /** Whether it reads the snapshot that `db` does. */
  hasSnapshotOf(db: Kysely<Tables>): Promise<boolean>;
  /** After all entries and incidents. */
  result(takePlans: TakePlans): Promise<CheckedBeside>;
  end(): Promise<void>;
};

/** What was checked beside entries and incidents. */
type CheckedBeside = {
  readonly ofCheckpoints: readonly RecordProblem[];
  /** Throws if the database is damaged in a part that no answer was read from. */
  requireWhole(): Promise<void>;
};

/** Checks it, in this thread or with a helper. */
type CheckBeside = {
  addEntries(entries: readonly RawEntry[]): void;
  readonly result: Helper['result'];
};

/** Every answer comes from one snapshot, and no writer has to wait for it. */
export class KyselyAuditTrail implements AuditTrail {
  readonly #db: Kysely<Tables>;
  readonly #explained: (error: unknown) => unknown;
  readonly #requireWhole: (db: Kysely<Tables>) => Promise<void>;
  readonly #helperFor: (beside: Beside) => Promise<Helper | null>;

  /**
   * `explained` turns a database error into one that tells the operator what to do. `requireWhole` throws if the database
   * is damaged in a part that no answer was read from. `helperFor` gives null if the record is checked sooner without help.
   */
  constructor(
    db: Kysely<Tables>,
    around: {
      readonly explained?: (error: unknown) => unknown;
      readonly requireWhole?: (db: Kysely<Tables>) => Promise<void>;
      readonly helperFor?: ((beside: Beside) => Promise<Helper | null>) | undefined;
    } = {},
  ) {
    this.#db = db;
    this.#explained = around.explained ?? ((error) => error);
    this.#requireWhole = around.requireWhole ?? (async () => {});
    this.#helperFor = around.helperFor ?? (async () => null);
  }

  list({ incidentId, limit }: Parameters<AuditTrail['list']>[0]): Promise<readonly AuditEntry[]> {
    return this.#snapshot(async (db) => {
      const rows = await db
        .selectFrom('audit_entries')
        .select(RAW_ENTRY)
        .$if(incidentId !== undefined, (query) => query.where('incident_id', '=', incidentId ?? 0))
        .orderBy('sequence', 'desc')
        .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
        .execute();
      return toAuditEntries(db, rows.reverse());
    });
  }

  entriesAfter(sequence: number, limit: number): Promise<readonly AuditEntry[]> {
    return this.#snapshot(async (db) => toAuditEntries(db, await rawEntriesAfter(db, sequence, limit)));
  }

  storedAfter(sequence: number, limit: number): Promise<readonly StoredEntry[]> {
    return this.#snapshot(async (db) => toStoredEntries(db, await rawEntriesAfter(db, sequence, limit)));
  }

  async verify(by: VerifiedBy = NOTHING_ELSE): Promise<RecordCheck> {
    const beside = besideOf(by);
    const helped = await this.#verifyWithHelp(by, beside);
    if (helped !== null) return helped;
    return this.#snapshot((db) => checkRecord(db, by, (ends) => this.#checkBeside(db, beside, ends)));
  }

  #checkBeside(db: Kysely<Tables>, beside: Beside, ends: RecordEnds): CheckBeside {
    const checkpoints = checkpointWalk(ends.checkpoints, beside);
    return {
      addEntries: (entries) => {
        for (const entry of entries) checkpoints.add(entry);
      },
      result: async (takePlans) => {
        await handOverPlans(db, beside, takePlans);
        return { ofCheckpoints: checkpoints.problems(), requireWhole: () => this.#requireWhole(db) };
      },
    };
  }

  /** Null: there is no help, or the record was written to before both had their snapshots. */
  async #verifyWithHelp(by: VerifiedBy, beside: Beside): Promise<RecordCheck | null> {
    const helper = await this.#explaining(() => this.#helperFor(beside));
    if (helper === null) return null;
    try {
      return await this.#snapshot(async (db) =>
        (await helper.hasSnapshotOf(db))
          ? checkRecord(db, by, () => ({ addEntries: () => {}, result: helper.result }))
          : null,
      );
    } finally {
      await helper.end();
    }
  }

  newestCheckpoint(): Promise<SignedCheckpoint | null> {
    return this.#snapshot(newestCheckpoint);
  }

  newestCosigned(): Promise<SignedCheckpoint | null> {
    return newestCosigned(this.#db);
  }

  shownMessages(): Promise<readonly ShownMessage[]> {
    return shownMessages(this.#db);
  }

  entryHashes(sequence: number, limit: number): Promise<readonly string[]> {
    return this.#snapshot((db) => entryHashes(db, sequence, limit));
  }

  entryNumbers(wanted: EntriesWanted): ReturnType<AuditTrail['entryNumbers']> {
    return this.#snapshot((db) => entryNumbers(db, wanted));
  }

  keptBodies(id: IncidentId): Promise<readonly KeptBody[]> {
    return this.#snapshot(async (db) => [...(await keptDiagnosesOf(db, id)), ...(await keptVerificationsOf(db, id))]);
  }

  incidentRecord(id: IncidentId): Promise<IncidentRecord | null> {
    return this.#snapshot(async (db) => {
      const incident = await incidentById(db, id);
      if (incident === null) return null;
      return {
        incident,
        alerts: (await alertsOf(db, id)).first,
        diagnoses: await diagnosesOf(db, id),
        plans: await plansWithDecisions(db, id),
        verifications: await verificationsOf(db, id),
        entries: await auditEntriesOf(db, id),
        messages: await messagesOf(db, id),
      };
    });
  }

  #snapshot<T>(read: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    return this.#explaining(() => this.#db.transaction().setAccessMode('read only').execute(read));
  }

  async #explaining<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw this.#explained(error);
    }
  }
}

async function checkRecord(
  db: Kysely<Tables>,
  by: VerifiedBy,
  checkBeside: (ends: RecordEnds) => CheckBeside,
): Promise<RecordCheck> {
  const messages = by.slack ? await shownMessages(db) : [];
  const ends = { ...(await recordEnds(db)), messages };
  const walk = new RecordWalk(ends, by);
  const beside = checkBeside(ends);
  for await (const batch of entryBatches(db)) {
    walk.addEntries(batch);
    beside.addEntries(batch.entries);
  }
  for await (const batch of incidentBatches(db)) walk.addIncidents(batch);
  const { ofCheckpoints, requireWhole } = await beside.result((plans) => walk.addPlans(plans));
  const check = walk.result(ofCheckpoints);
  // What is broken is named first: it says more than that the file is damaged.
  if (check.kind === 'intact') await requireWhole();
  return check;
}

async function plansWithDecisions(db: Kysely<Tables>, id: IncidentId): Promise<IncidentRecord['plans']> {
  const plans: IncidentRecord['plans'][number][] = [];
  for (const { plan, state } of await plansOf(db, id)) {
    plans.push({ plan, state, decisions: await decisionsOn(db, plan.id), execution: await executionOf(db, plan.id) });
  }
  return plans;
}

async function messagesOf(db: Kysely<Tables>, id: IncidentId): Promise<IncidentRecord['messages']> {
  const all = await db.selectFrom('messages').selectAll().where('incident_id', '=', id).orderBy('id').execute();
  const rows = all.filter(({ body }) => body !== null);
  const inChannel = rows.find((row) => row.placement === 'channel') ?? null;
  return rows.map((row) => ({ body: toDesiredMessage(row).body, delivery: deliveryOf(row, inChannel) }));
}
