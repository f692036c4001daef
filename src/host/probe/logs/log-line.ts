import type { LoggedAccess } from '../../../model/host/registry-logs.ts';

export type Level = 'info' | 'warning' | 'error' | 'fatal';

/** One line of a registry's log, whatever its dialect. */
export type LogLine =
  /** A line of the access log. */
  | { readonly kind: 'access'; readonly access: LoggedAccess }
  /** What the registry says; of a request that it answered, with that request. */
  | {
      readonly kind: 'message';
      readonly at: number | null;
      readonly level: Level;
      readonly words: string;
      readonly access: LoggedAccess | null;
    };

/** A parser of one dialect: null when the line is not of it. Never throws. */
export type Dialect = (line: string) => LogLine | null;
