import type { z } from 'zod';
import type { UnreadableRow } from '../model/record/unreadable-row.ts';

/** Why a row cannot be read: the first parse problem. It does not quote the value, which can be anything. */
export function whyUnreadable(error: z.ZodError | SyntaxError): UnreadableRow {
  if (error instanceof SyntaxError) return { code: 'not-json' };
  const [issue] = error.issues;
  const surplus = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return { code: 'other-form', field: [...(issue?.path ?? []), ...surplus].join('.') };
}
