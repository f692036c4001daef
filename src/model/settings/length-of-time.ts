const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;
const LENGTH = /^(?:(\d{1,3})d)?(?:(\d{1,3})h)?(?:(\d{1,4})m)?$/;

/** How long people can keep a host quiet at once. */
export const LONGEST_MS = 7 * UNITS.d;

/** Reads a length of time as people type it: `30m`, `2h`, `1d12h`. Null: it is no length of time, or not within {@link LONGEST_MS}. */
export function parseLength(text: string): number | null {
  const [, days = '0', hours = '0', minutes = '0'] = LENGTH.exec(text.toLowerCase()) ?? [];
  const ms = Number(days) * UNITS.d + Number(hours) * UNITS.h + Number(minutes) * UNITS.m;
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}
