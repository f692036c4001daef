import { z } from 'zod';
import { messageOf } from '../../model/message-of.ts';
import { Matcher, type Silence } from '../../model/quiet/silence.ts';
import type { SilenceReader } from '../../workflow/ports/alerts.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import { answerText } from '../answer-text.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** What is read of Alertmanager's `GET /api/v2/silences` (its api/v2/openapi.yaml). */
const Silences = z.array(
  z.object({
    id: z
      .string()
      .max(100)
      // The record takes no half of a character.
      .transform((id) => id.toWellFormed()),
    endsAt: z.iso.datetime({ offset: true }),
    matchers: z.array(Matcher),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  }),
);

/** Reads silences by Alertmanager's API v2. */
export function alertmanagerSilences(log: Log): SilenceReader {
  return {
    activeSilences: async ({ name, silencesUrl }) => {
      if (silencesUrl === null) return [];
      try {
        return activeOf(await read(`${silencesUrl}/api/v2/silences`));
      } catch (error) {
        log.warn({ source: name, url: silencesUrl, problem: messageOf(error) }, 'silences could not be read');
        return null;
      }
    },
  };
}

function activeOf(body: string): readonly Silence[] {
  return Silences.parse(JSON.parse(body))
    .filter(({ status }) => status.state === 'active')
    .map(({ id, endsAt, matchers }) => ({ id, endsAt: new Date(endsAt).toISOString(), matchers }));
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answerText(answer, MAX_BYTES);
}
