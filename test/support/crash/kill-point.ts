import { Act } from '../../../src/model/record/audit.ts';

/**
 * The steps of the flow that leave something in the record: each act that has an entry, a checkpoint, and both marks of a delivery. What
 * happens on a host or in Slack lies between two of them.
 */
export const STEPS = [
  'incident-opened',
  'diagnosis-requested',
  'diagnosed',
  'plan-proposed',
  'plan-superseded',
  'plan-expired',
  'plan-approved',
  'execution-intended',
  'execution-sent-again',
  'execution-finished',
  'verified',
  'incident-resolved',
  'checkpoint-kept',
  'message-tried',
  'message-delivered',
] as const;
export type Step = (typeof STEPS)[number];

/** The bot dies the `nth` time that it comes to this step: right before the step is durable, or right after. */
export type KillPoint = { readonly step: Step; readonly when: 'before' | 'after'; readonly nth: number };

export const KILL_POINT_VARIABLE = 'RD_DIE_AT';

export function killPointText({ step, when, nth }: KillPoint): string {
  return `${step} ${when} ${nth}`;
}

/** Every step with both moments. */
export const MOMENTS: readonly Pick<KillPoint, 'step' | 'when'>[] = STEPS.flatMap((step) => [
  { step, when: 'before' },
  { step, when: 'after' },
]);

/** The steps that a statement of the store is part of. */
export function stepOf(sql: string, parameters: readonly unknown[]): string | null {
  if (sql.startsWith('insert into "audit_entries"')) return parameters.find(isAct) ?? null;
  if (sql.startsWith('insert into "checkpoints"')) return 'checkpoint-kept';
  if (sql.startsWith('update "messages" set "trying"')) return 'message-tried';
  return sql.startsWith('update "messages" set "ts"') ? 'message-delivered' : null;
}

function isAct(value: unknown): value is string {
  return Act.safeParse(value).success;
}
