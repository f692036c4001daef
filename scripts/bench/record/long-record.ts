import { DatabaseSync } from 'node:sqlite';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { canonicalJson, textHash } from '../../../src/hash/canonical-hash.ts';
import { checkpointText, RecordTree } from '../../../src/hash/checkpoint.ts';
import { signedNote } from '../../../src/hash/signed-note.ts';
import type { Actor } from '../../../src/model/record/actor.ts';
import type { Act, AuditEntry } from '../../../src/model/record/audit.ts';
import { HostName, IncidentId, PlanId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import { digestOf } from '../../../src/record/bodies.ts';
import { chainEntry, type EntryContent } from '../../../src/record/chain.ts';
import { chainedForm, keptValues, saltsFor } from '../../../src/record/erasable.ts';
import { sealPlan } from '../../../src/record/plan-seal.ts';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { incidentFacts } from '../../../test/support/facts/incident-facts.ts';

const TEAM = TeamId.parse('T1');
const ALICE: Actor = { kind: 'slack-user', team: TEAM, user: UserId.parse('UALICE') };
const BOB: Actor = { kind: 'slack-user', team: TEAM, user: UserId.parse('UBOB') };
const BOT: Actor = { kind: 'bot', part: 'workflow' };
const AT = '2026-11-23T14:02:10.000Z';
const HOST = HostName.parse('git01');
const DIAGNOSIS = { ...judgeFacts(incidentFacts()), durationMs: 312 };
const DIAGNOSED = { verdict: 'faulty', findings: ['untraversable-ancestor'], durationMs: 312, ...digestOf(DIAGNOSIS) };
const SIGNER = { name: 'registry-doctor/bench', publicKey: new Uint8Array(32) };

/** Only the newest incidents have their diagnoses: those of the others were dropped by age. */
const WITH_DIAGNOSIS = 1_000;
const ENTRIES_EACH = 10;

/**
 * Writes a record with so many entries to a new file: incidents of ten entries, each with a plan that a person approved and a host
 * refused. All that is of its own in a real record is here, too: salts, nonces, digests, durations. One checkpoint covers it all; its
 * signature is none, since it is not checked without a key.
 */
export async function writeLongRecord(file: string, entries: number): Promise<void> {
  const clock = { now: () => new Date(AT), sleep: async () => {} };
  await (await openSqliteStore(`sqlite:${file}`, { clock })).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  const writer = recordWriter(database);
  const incidents = entries / ENTRIES_EACH;
  for (let id = 1; id <= incidents; id += 1) {
    writer.writeIncident(IncidentId.parse(id), id <= incidents - WITH_DIAGNOSIS);
  }
  writer.writeEnd();
  database.exec('COMMIT');
  database.close();
}

function recordWriter(database: DatabaseSync) {
  const insert = (table: string, columns: number) =>
    database.prepare(`INSERT INTO ${table} VALUES (${Array.from({ length: columns }, () => '?').join()})`);
  const intoEntries = insert('audit_entries', 11);
  const intoValues = insert('entry_values', 4);
  const intoPlans = insert('plans', 7);
  const intoDecisions = insert('decisions', 8);
  const intoExecutions = insert('executions', 4);
  const intoDiagnoses = insert('diagnoses', 3);
  const intoIncidents = database.prepare(
    'INSERT INTO incidents (id, host, channel, opened_by, opened_at, request_key, state) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const tree = new RecordTree();
  let last: AuditEntry | null = null;
  let random = 0;
  /** The same in each run: 32 hexadecimal digits. */
  const newSalt = () => {
    random += 1;
    return textHash(`${random}`).slice(-32);
  };

  const append = (content: EntryContent, inIncident: number): AuditEntry => {
    const entry = chainEntry({ ...content, salts: saltsFor(content, newSalt) }, last, inIncident);
    const { actor, outcome } = chainedForm(entry);
    const { sequence, at, incidentId, incidentEntry, act, planId, planHash, previousHash, hash } = entry;
    intoEntries.run(
      ...[sequence, at, incidentId, incidentEntry, canonicalJson(actor), act, planId, planHash],
      ...[canonicalJson(outcome), previousHash, hash],
    );
    for (const { field, salt, value } of keptValues(entry)) intoValues.run(sequence, field, salt, value);
    tree.append(hash);
    last = entry;
    return entry;
  };

  return {
    writeIncident(id: IncidentId, isDropped: boolean): void {
      const { plan: draft } = DIAGNOSIS;
      if (draft === null) throw new Error('the incident has a plan');
      intoIncidents.run(id, HOST, 'C0123456', canonicalJson(ALICE), AT, `request-${id}`, 'resolved');
      const seal = { incidentId: id, requestedBy: ALICE, now: new Date(AT), ttlMinutes: 15 };
      const salted = { nonce: newSalt(), requesterSalt: newSalt() };
      const plan = sealPlan(draft, { ...seal, ...salted, id: PlanId.parse(`${id}-1`) });
      intoPlans.run(plan.id, id, 1, HOST, canonicalJson(plan), plan.hash, 'failed');
      const outcome: AuditEntry['outcome'] = { kind: 'refused', why: { code: 'time-is-up' } };
      let count = 0;
      const add = (act: Act, actor: Actor, told: AuditEntry['outcome'] = {}, isOfPlan = false) => {
        const about = isOfPlan ? { planId: plan.id, planHash: plan.hash } : { planId: null, planHash: null };
        const entry = append({ at: AT, incidentId: id, actor, act, outcome: told, ...about }, count);
        count += 1;
        return entry;
      };
      add('incident-opened', ALICE, { host: HOST });
      const diagnosed = isDropped
        ? { ...DIAGNOSED, durationMs: 300 + (id % 100), digest: textHash(`${id}`) }
        : DIAGNOSED;
      const { sequence } = add('diagnosed', BOT, diagnosed);
      add('plan-proposed', BOT, { steps: 2, risk: 'low' }, true);
      add('approvers-reminded', BOT, { called: ['UBOB', 'UCAROL'] }, true);
      add('plan-approved', BOB, { approval: 1, needed: 1 }, true);
      add('execution-intended', BOT, {}, true);
      add('execution-finished', BOT, outcome, true);
      add('incident-acknowledged', ALICE);
      if (isDropped) add('details-dropped', BOT, { values: {}, diagnoses: [sequence] });
      else {
        intoDiagnoses.run(sequence, id, canonicalJson(DIAGNOSIS));
        add('incident-acknowledged', BOB);
      }
      add('incident-resolved', BOT, { afterMs: 120_000 + id });
      intoDecisions.run(plan.id, 'UBOB', 'approved', plan.hash, canonicalJson(BOB), null, AT, null);
      intoExecutions.run(plan.id, AT, AT, canonicalJson(outcome));
    },
    writeEnd(): void {
      if (last === null) return;
      insert('audit_head', 3).run(1, last.sequence, last.hash);
      const text = checkpointText({ origin: SIGNER.name, size: tree.size, root: tree.root() });
      insert('checkpoints', 2).run(tree.size, signedNote(text, SIGNER, new Uint8Array(64)));
    },
  };
}
