import { type ApiAnswer, refuse, refuseBecause } from '../api/answer.ts';
import { type RawArguments, Structure } from '../api/arguments.ts';
import type { ApiMethod } from '../api/method.ts';
import { METHODS } from '../api/methods.ts';
import { refusedType } from '../blocks/refused-type.ts';
import type { Faults } from '../faults.ts';
import type { StandInState } from '../state.ts';
import type { ApiRequest } from './api-request.ts';

/** The HTTP response. */
export type ApiResponse = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly answer: ApiAnswer;
};

/** Handles one call as Slack does: checks method, token, rate limit and scope in this order, then runs the method. */
export function callApi(request: ApiRequest, state: StandInState, faults: Faults): ApiResponse {
  const method = METHODS.get(request.methodName);
  if (method === undefined || state.lackingMethods.has(method.name))
    return plain(refuse('unknown_method', { req_method: request.methodName }));
  const refusal = checkToken(request.token, method, state);
  if (refusal !== null) return plain(refusal);
  const args: RawArguments = { ...request.form, ...(method.takesJson ? request.json : {}) };
  const headers = scopeHeaders(method, state);
  const retryAfter = faults.takeRateLimit(method.name, args['channel']);
  if (retryAfter !== null) {
    return { status: 429, headers: { ...headers, 'retry-after': String(retryAfter) }, answer: refuse('ratelimited') };
  }
  const scopeRefusal = checkScope(method, state);
  if (scopeRefusal !== null) return { status: 200, headers, answer: scopeRefusal };
  const failure = faults.takeError(method.name);
  if (failure !== undefined) return { status: 200, headers, answer: refuse(failure) };
  const blockRefusal = checkBlocks(args, faults);
  if (blockRefusal !== null) return { status: 200, headers, answer: blockRefusal };
  return { status: 200, headers, answer: withWarning(method.call(args, state, request.baseUrl), request.warning) };
}

function plain(answer: ApiAnswer): ApiResponse {
  return { status: 200, headers: {}, answer };
}

function checkToken(token: string | null, method: ApiMethod, { credentials }: StandInState): ApiAnswer | null {
  if (token === null) return refuse('not_authed');
  const kind = tokenKind(token, credentials);
  if (kind === null) return refuse('invalid_auth');
  return kind === method.token ? null : refuse('not_allowed_token_type');
}

function tokenKind(token: string, credentials: StandInState['credentials']): ApiMethod['token'] | null {
  if (token === credentials.botToken) return 'bot';
  return token === credentials.appToken ? 'app' : null;
}

/** Checks that the bot token has a scope for the method. The app token always has the one scope that it can have. */
function checkScope(method: ApiMethod, { scopes }: StandInState): ApiAnswer | null {
  if (method.token === 'app' || method.scopes.length === 0) return null;
  if (method.scopes.some((scope) => scopes.has(scope))) return null;
  return refuse('missing_scope', { needed: method.scopes.join(','), provided: [...scopes].join(',') });
}

function checkBlocks(args: RawArguments, { refusedBlock }: Faults): ApiAnswer | null {
  if (refusedBlock === null) return null;
  const messages = refusedType(Structure.parse(args['blocks']), refusedBlock);
  return messages.length === 0 ? null : refuseBecause('invalid_blocks', messages);
}

function scopeHeaders(method: ApiMethod, { scopes }: StandInState): Record<string, string> {
  const granted = method.token === 'app' ? ['connections:write'] : [...scopes];
  return {
    'x-oauth-scopes': granted.join(','),
    ...(method.scopes.length > 0 ? { 'x-accepted-oauth-scopes': method.scopes.join(',') } : {}),
  };
}

function withWarning(answer: ApiAnswer, warning: string | null): ApiAnswer {
  if (warning === null) return answer;
  return { ...answer, warning, response_metadata: { ...metadataOf(answer), warnings: [warning] } };
}

function metadataOf(answer: ApiAnswer): object {
  const metadata = answer['response_metadata'];
  return typeof metadata === 'object' && metadata !== null ? metadata : {};
}
