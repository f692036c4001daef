import type { z } from 'zod';

/** The first parse problem, on one line, without quoting the content. */
export function whyUnreadable(error: z.ZodError | SyntaxError): string {
  if (error instanceof SyntaxError) return 'it holds text that is not JSON';
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'the row'}: ${issue.message}` : error.message;
}
