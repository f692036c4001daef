/** The answer of a Web API method. A refusal is HTTP 200 with `ok: false` and a code. */
export type ApiAnswer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | ({ readonly ok: false; readonly error: string } & Readonly<Record<string, unknown>>);

export type Refusal = Extract<ApiAnswer, { ok: false }>;

export function answer(fields: Readonly<Record<string, unknown>>): ApiAnswer {
  return { ok: true, ...fields };
}

/** Refuses a call. `error` is one of Slack's documented codes. */
export function refuse(error: string, fields: Readonly<Record<string, unknown>> = {}): Refusal {
  return { ok: false, error, ...fields };
}

/** Refuses a call and says which part of the request is wrong, in both of Slack's formats. */
export function refuseBecause(error: string, messages: readonly string[]): Refusal {
  if (messages.length === 0) return refuse(error);
  return refuse(error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}
