import type { HostName } from '../record/ids.ts';

/** In the order of `Date.prototype.getUTCDay`. */
export const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A time that comes again: hosts are muted in it. */
export type MaintenanceWindow = {
  readonly hosts: readonly HostName[];
  /** As the config file spells it: `Sun 02:00`. */
  readonly every: string;
  readonly days: readonly Weekday[];
  readonly hour: number;
  readonly minute: number;
  readonly forMs: number;
  /** An IANA time zone, in which `every` is read. */
  readonly zone: string;
};

/** What keeps the channel quiet. */
export type QuietSettings = {
  /** A fault that returns within this time after its incident was resolved reopens that incident. 0: never. */
  readonly reopenMinutes: number;
  readonly maintenance: readonly MaintenanceWindow[];
};
