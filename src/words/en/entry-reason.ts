import type { z } from 'zod';
import { OutcomeReason, RecoveryDoubt, UnresolvedReason } from '../../model/plan/outcome-reason.ts';
import { SignatureProblem } from '../../model/plan/signature-problem.ts';
import type { Act, AuditEntry } from '../../model/record/audit.ts';
import { EndReason } from '../../model/record/end-reason.ts';
import { isErased } from '../../model/record/erasable.ts';
import { endReason } from './end-reason.ts';
import { outcomeReason, recoveryDoubt, unresolvedReason } from './outcome-reasons.ts';
import { signatureProblem } from './signatures.ts';

/** Why an act came out as it did, as its entry tells it: a clause or a few sentences, or the bare data of a reason that this version doesn't know; null: it tells none. */
export function entryReason({ act, outcome }: Pick<AuditEntry, 'act' | 'outcome'>): string | null {
  const why = outcome['why'] ?? outcome['refused'];
  if (why === undefined || isErased(why)) return null;
  return REASONS[act]?.(why) ?? (typeof why === 'string' ? why : JSON.stringify(why));
}

/** The acts that have a reason, each with what it is made of. */
const REASONS: Partial<Record<Act, (why: unknown) => string | null>> = {
  'plan-expired': told(EndReason, endReason),
  'plan-superseded': told(EndReason, endReason),
  'incident-closed': told(EndReason, endReason),
  'execution-unresolved': told(UnresolvedReason, unresolvedReason),
  'execution-finished': told(OutcomeReason, outcomeReason),
  'monitoring-lost': told(RecoveryDoubt, recoveryDoubt),
  'break-glass-refused': told(SignatureProblem, signatureProblem),
};

function told<Reason>(schema: z.ZodType<Reason>, say: (reason: Reason) => string) {
  return (why: unknown): string | null => {
    const read = schema.safeParse(why);
    return read.success ? say(read.data) : null;
  };
}
