import { z } from 'zod';
import type { OutputFault } from '../../model/connection/output-fault.ts';
import { textFromBytes } from '../../model/host/host-path.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HeldPlan, HeldPlans } from '../../model/record/held-plans.ts';
import { Sha256 } from '../../model/record/ids.ts';
import { FieldValues } from '../frame/field-values.ts';
import { MalformedOutput, orMalformed } from '../frame/malformed-output.ts';
import { parseGuardReason } from '../frame/parse-guard-reason.ts';
import { readFields } from '../frame/read-fields.ts';

export type ParsedHeldPlans =
  | ({ readonly kind: 'plans' } & Omit<HeldPlans, 'host'>)
  /** The guard does not trust its own record. */
  | { readonly kind: 'refused'; readonly why: GuardReason }
  | { readonly kind: 'malformed'; readonly why: OutputFault };

const Held = z.strictObject({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .transform((hex) => Sha256.parse(`sha256:${hex}`)),
  outcome: z.preprocess(
    (text) => (text === '' ? null : text),
    z.enum(['applied', 'stale', 'undone', 'refused', 'undo-failed']).nullable(),
  ),
  checkpoint: z.string().max(300),
});

/** Parses the guard's answer to `heldPlansRequest`. Never throws for what a host printed. */
export function parseHeldPlans(raw: Uint8Array, nonce: string): ParsedHeldPlans {
  return orMalformed(() => {
    const fields = new FieldValues(readFields(raw, { script: 'plans', nonce }));
    const refused = fields.text('record-refused');
    if (refused !== '') return { kind: 'refused' as const, why: parseGuardReason(refused) };
    const plans = heldPlans(fields);
    const held = fields.all('held').length === 0 ? 0 : fields.number('held');
    if (held < plans.length) throw new MalformedOutput('unreadable', 'held');
    return { kind: 'plans' as const, plans, held };
  });
}

function heldPlans(fields: FieldValues): readonly HeldPlan[] {
  const [hashes, kinds, checkpoints] = [fields.all('plan'), fields.all('kind'), fields.all('checkpoint')];
  if (kinds.length !== hashes.length || checkpoints.length !== hashes.length)
    throw new MalformedOutput('unreadable', 'plans');
  return hashes.map((hash, index) => {
    const text = (values: readonly Uint8Array[]) => textFromBytes(values[index] ?? new Uint8Array());
    const parsed = Held.safeParse({ hash: textFromBytes(hash), outcome: text(kinds), checkpoint: text(checkpoints) });
    if (!parsed.success) throw new MalformedOutput('unreadable', 'plans');
    return { ...parsed.data, checkpoint: parsed.data.checkpoint || null };
  });
}
