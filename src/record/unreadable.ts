import type { z } from 'zod';
import type { UnreadableRow } from '../model/record/unreadable-row.ts';

/** The first parse problem. The value is not quoted, because it can be anything. */
export function whyUnreadable(error: z.ZodError | SyntaxError): UnreadableRow {
  if (error instanceof SyntaxError) return { code: 'not-json' };
  const [issue] = error.issues;
  const surplus = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return { code: 'other-form', field: [...(issue?.path ?? []), ...surplus].join('.') };
}
