import { z } from 'zod';
import { parsedJson } from '../model/json.ts';
import { messageOf } from '../model/message-of.ts';
import type { AuditEntry } from '../model/record/audit.ts';
import type { CollectorSettings } from '../model/settings/collector-settings.ts';
import type { EntryCollector, Taking } from '../workflow/ports/witnesses.ts';

/** As long as OpenTelemetry's own exporters wait. */
const TIMEOUT_MS = 10_000;
/** Room for what it says of each entry that it rejected. */
const MAX_ANSWER_CHARACTERS = 65_536;
const MAX_SAID_CHARACTERS = 200;

/**
 * What it says of the entries themselves: it can't read them, or there is too much of them
 * (https://opentelemetry.io/docs/specs/otlp/#failures-1). Other answers are about the request or the collector.
 */
const REFUSALS: readonly number[] = [400, 413, 422];

/** ExportLogsServiceResponse; a 64-bit number is a string in JSON (https://opentelemetry.io/docs/specs/otlp/#partial-success-1). */
const Answer = z.object({
  partialSuccess: z
    .object({
      rejectedLogRecords: z.coerce.number().int().nonnegative().default(0),
      errorMessage: z.string().default(''),
    })
    .nullish(),
});

/** Posts entries by OTLP/HTTP. Follows no redirect: the headers can hold a secret. `toBody` makes the JSON of a request. */
export function otlpCollector(
  { url, headers }: CollectorSettings,
  toBody: (entries: readonly AuditEntry[]) => string,
): EntryCollector {
  return {
    send: async (entries, stop) => {
      const request = {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'registry-doctor' },
        body: toBody(entries),
        redirect: 'error',
        signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
      } as const;
      try {
        const answer = await fetch(url, request);
        const text = await startOf(answer);
        if (answer.ok) return taken(text);
        if (REFUSALS.includes(answer.status)) return { kind: 'refused', why: `status ${answer.status}` };
        const afterMs = retryAfterMs(answer.headers.get('retry-after'));
        return { kind: 'failed', why: `status ${answer.status}`, afterMs };
      } catch (error) {
        return { kind: 'failed', why: reasonOf(error), afterMs: 0 };
      }
    },
  };
}

/** No answer is one without complaints. One that can't be read is that of something else, as a page to log in. */
function taken(text: string): Taking {
  const answer: z.infer<typeof Answer> | null =
    text.trim() === '' ? {} : (Answer.safeParse(parsedJson(text)).data ?? null);
  if (answer === null) return { kind: 'failed', why: 'unreadable-answer', afterMs: 0 };
  const said = answer.partialSuccess;
  return {
    kind: 'taken',
    rejected: said?.rejectedLogRecords ?? 0,
    says: (said?.errorMessage ?? '').slice(0, MAX_SAID_CHARACTERS),
  };
}

/** In seconds, or a date (RFC 9110, 10.2.3). 0: it says neither. */
function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

async function startOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= MAX_ANSWER_CHARACTERS) break;
  }
  return text;
}

/** `fetch` says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return messageOf(cause ?? error);
}
