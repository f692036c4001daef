import { METRICS } from '../model/metric.ts';
import type { Actor } from '../model/record/actor.ts';
import type { AuditEntry } from '../model/record/audit.ts';
import type { Metrics } from '../workflow/ports/bot.ts';
import type { RecordStore } from '../workflow/ports/record.ts';

/** The record store, counting every audit entry once it is durable. So the numbers always agree with the record. */
export function measuredStore(store: RecordStore, metrics: Metrics): RecordStore {
  return {
    transact: async (work) => {
      let entries: AuditEntry[] = [];
      const result = await store.transact((tx) => {
        entries = [];
        return work({
          ...tx,
          appendAudit: async (draft) => {
            const entry = await tx.appendAudit(draft);
            entries.push(entry);
            return entry;
          },
        });
      });
      for (const entry of entries) countEntry(entry, metrics);
      return result;
    },
  };
}

function countEntry({ act, actor, outcome }: AuditEntry, metrics: Metrics): void {
  if (act === 'incident-opened') metrics.count('incident', { by: openerOf(actor) });
  if (act === 'diagnosed') measureDiagnosis(outcome, metrics);
  if (act === 'plan-endorsed') metrics.count('decision', { decision: 'endorsed' });
  if (act === 'plan-approved') metrics.count('decision', { decision: 'approved' });
  if (act === 'plan-rejected') metrics.count('decision', { decision: 'rejected' });
  if (act === 'plan-withdrawn') metrics.count('decision', { decision: 'withdrawn' });
  if (act === 'execution-finished') countExecution(outcome['kind'], metrics);
  if (act === 'execution-unresolved') countExecution('unresolved', metrics);
  if (act === 'verified') countVerification(outcome['registry'], metrics);
}

/** A command, also one at a terminal, is a person's. */
function openerOf({ kind }: Actor): 'bot' | 'alert' | 'person' {
  return kind === 'bot' || kind === 'alert' ? kind : 'person';
}

function measureDiagnosis({ verdict, durationMs }: AuditEntry['outcome'], metrics: Metrics): void {
  if (!isOneOf(METRICS.diagnosis.labels.verdict, verdict) || typeof durationMs !== 'number') return;
  metrics.measure('diagnosis', { verdict }, durationMs / 1000);
}

function countExecution(outcome: unknown, metrics: Metrics): void {
  if (isOneOf(METRICS.execution.labels.outcome, outcome)) metrics.count('execution', { outcome });
}

function countVerification(answer: unknown, metrics: Metrics): void {
  if (isOneOf(METRICS.verification.labels.answer, answer)) metrics.count('verification', { answer });
}

function isOneOf<V extends string>(values: readonly V[], value: unknown): value is V {
  return values.some((one) => one === value);
}
