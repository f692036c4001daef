import type { IncomingMessage } from 'node:http';
import { parsedJson } from '../../../model/json.ts';
import { type Refusal, refuse } from '../api/answer.ts';
import type { RawArguments } from '../api/arguments.ts';

/** A Web API request, parsed as Slack does. */
export type ApiRequest = {
  readonly methodName: string;
  /** Where the bot reached this Slack. */
  readonly baseUrl: string;
  readonly token: string | null;
  readonly form: RawArguments;
  /** The arguments of a JSON body. Null: the body was not JSON. */
  readonly json: RawArguments | null;
  readonly warning: string | null;
};

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: ApiRequest }
  | { readonly kind: 'refused'; readonly answer: Refusal };

/**
 * The token comes as `Authorization: Bearer` or, in a form, as the field `token`. With JSON only the header counts. See
 * https://docs.slack.dev/apis/web-api/#post_bodies.
 */
export function readApiRequest(request: IncomingMessage, url: URL, body: string): ReadRequest {
  const [contentType = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/);
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
  const methodName = url.pathname.replace(/^\/api\//, '');
  const baseUrl = `http://${request.headers.host}`;
  const query = Object.fromEntries(url.searchParams);
  if (contentType !== 'application/json') {
    const { token = null, ...form } = { ...query, ...Object.fromEntries(new URLSearchParams(body)) };
    return {
      kind: 'request',
      request: { methodName, baseUrl, token: bearer ?? token, form, json: null, warning: null },
    };
  }
  const json = parsedJson(body);
  if (json === undefined) return { kind: 'refused', answer: refuse('invalid_json') };
  if (!isObject(json)) return { kind: 'refused', answer: refuse('json_not_object') };
  const warning = parameters.some((parameter) => parameter.startsWith('charset=')) ? null : 'missing_charset';
  const { token: queryToken = null, ...form } = query;
  // A token in a JSON body does not count and is not kept.
  const { token: _, ...fields } = json;
  return {
    kind: 'request',
    request: { methodName, baseUrl, token: bearer ?? queryToken, form, json: fields, warning },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
