import { z } from 'zod';
import type { AlertDelivery } from '../../model/record/alert.ts';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';
import { alertOf } from './alert-of.ts';

const text = z.string().optional().catch(undefined);

/** The envelope of Standard Webhooks (standardwebhooks.com), with one alert as its data. */
const SignedAlert = z.object({
  timestamp: text,
  data: z.object({
    status: z.enum(['firing', 'resolved']),
    summary: z.string().min(1),
    fingerprint: text,
    labels: z.record(z.string(), z.unknown()).catch({}),
    startsAt: text,
    link: text,
  }),
});

/**
 * Parses an alert in a Standard Webhooks envelope. Without `startsAt` it starts with the event. Null: the body is
 * something else.
 */
export function parseStandard(body: unknown, source: AlertSourceSettings): AlertDelivery | null {
  const parsed = SignedAlert.safeParse(body);
  if (!parsed.success) return null;
  const { timestamp, data } = parsed.data;
  const { summary, startsAt = timestamp, ...rest } = data;
  return { alerts: [alertOf({ ...rest, startsAt, texts: [summary] }, source)], leftOut: null };
}
