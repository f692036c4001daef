import type { z } from 'zod';
import type { RowDoubt } from '../model/record/row-doubt.ts';

/** The first thing that is wrong with what was read, without quoting it. */
export function whyUnreadable(error: z.ZodError | SyntaxError): RowDoubt {
  if (error instanceof SyntaxError) return { code: 'not-json' };
  const [issue] = error.issues;
  return { code: 'field', field: issue?.path.join('.') || null, said: issue?.message ?? error.message };
}
