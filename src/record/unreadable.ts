import type { z } from 'zod';

/** The first thing that is wrong with what was read, on one line, without quoting it. */
export function whyUnreadable(error: z.ZodError | SyntaxError): string {
  if (error instanceof SyntaxError) return 'it holds text that is not JSON';
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'the row'}: ${issue.message}` : error.message;
}
