import type { Run } from './phrase.ts';

/** The time of day of a moment, for what happens in one night. */
export function timeOfDay(at: string): Run {
  return { kind: 'time', at, precision: 'time' };
}

/** Date and time of a moment, for what is read a year later. */
export function dateAndTime(at: string): Run {
  return { kind: 'time', at, precision: 'date-and-time' };
}

/** A moment where the reader's time zone is not known. */
export function clock({ at, precision }: Extract<Run, { kind: 'time' }>): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return precision === 'time' ? `${time.slice(0, 5)} UTC` : `${date} ${time.slice(0, 5)} UTC`;
}

/** Digits in groups of three: 3900 → `3,900`. */
export function grouped(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}
