import { z } from 'zod';

/** The host's output is not what the script prints: cut, doubled, out of range. Thrown and caught only inside host/. */
export class MalformedOutput extends Error {}

/**
 * Runs a parser of host output. What it throws for bad input becomes a value with a short reason. A bug stays an
 * exception.
 */
export function orMalformed<T>(parse: () => T): T | { readonly kind: 'malformed'; readonly why: string } {
  try {
    return parse();
  } catch (error) {
    if (error instanceof MalformedOutput) return { kind: 'malformed', why: error.message };
    if (error instanceof z.ZodError) return { kind: 'malformed', why: firstIssue(error) };
    throw error;
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'a value is not as it should be';
  return `${issue.path.map(String).join('.')}: ${issue.message}`.slice(0, 200);
}
