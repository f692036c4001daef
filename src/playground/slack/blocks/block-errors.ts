import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * A schema's errors in Slack's wording (`response_metadata.messages`): `must be less than 3001 characters
 * [json-pointer:/blocks/0/text/text]`.
 */
export function slackMessages(error: z.ZodError, root: string): string[] {
  return error.issues.flatMap((issue) => messagesOf(issue, root));
}

/** `root` is the checked value's place in the request: `/blocks` or `/view`. */
export function pointer(root: string, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return `[json-pointer:${root}${steps.join('')}]`;
}

function messagesOf(issue: Issue, root: string): string[] {
  const at = pointer(root, issue.path);
  switch (issue.code) {
    case 'too_big':
      return [tooBig(issue, at)];
    case 'too_small':
      return [tooSmall(issue, at)];
    case 'unrecognized_keys':
      return issue.keys.map((key) => `invalid additional property: ${key} ${at}`);
    case 'invalid_type':
      return [wrongType(issue, root)];
    case 'invalid_union':
      return [wrongKind(issue, root)];
    case 'invalid_value':
      return [`must be one of ${issue.values.map(String).join(', ')} ${at}`];
    default:
      return [`${issue.message} ${at}`];
  }
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>, at: string): string {
  const limit = Number(issue.maximum);
  if (issue.origin === 'array') return `no more than ${limit} items allowed ${at}`;
  return issue.origin === 'string'
    ? `must be less than ${limit + 1} characters ${at}`
    : `must be at most ${limit} ${at}`;
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, at: string): string {
  const limit = Number(issue.minimum);
  if (issue.origin === 'array') return `no fewer than ${limit} items allowed ${at}`;
  return issue.origin === 'string'
    ? `must be more than ${limit - 1} characters ${at}`
    : `must be at least ${limit} ${at}`;
}

function wrongType(issue: Extract<Issue, { code: 'invalid_type' }>, root: string): string {
  const isMissing = issue.input === undefined;
  if (isMissing && issue.path.length > 0) {
    return `missing required field: ${String(issue.path.at(-1))} ${pointer(root, issue.path.slice(0, -1))}`;
  }
  const article = /^[aeiou]/.test(issue.expected) ? 'an' : 'a';
  return `must provide ${article} ${issue.expected} ${pointer(root, issue.path)}`;
}

function wrongKind(issue: Extract<Issue, { code: 'invalid_union' }>, root: string): string {
  const at = pointer(root, issue.path);
  if (issue.discriminator === undefined) return `failed to match all allowed schemas ${at}`;
  const type = typeOf(issue.input);
  if (type !== undefined) return `unsupported type: ${JSON.stringify(type)} ${at}`;
  return `missing required field: ${issue.discriminator} ${pointer(root, issue.path.slice(0, -1))}`;
}

function typeOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined;
}
