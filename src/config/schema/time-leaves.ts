import { z } from 'zod';
import { leaf } from './leaf.ts';

/** `03:00`, without a zone. */
export const timeOfDay = leaf(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/), { kind: 'time-of-day' });

/** A zone of the IANA database, which follows daylight saving time. Offsets such as `+01:00` are accepted too. */
export const timeZone = leaf(z.string().max(64).refine(isTimeZone), { kind: 'time-zone' });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
