import type { LoggedAccess } from '../../../model/host/registry-logs.ts';

export type Level = 'info' | 'warning' | 'error' | 'fatal';

/** One line of a registry's log, whatever its format. */
export type LogLine =
  /** A line of the access log. */
  | { readonly kind: 'access'; readonly access: LoggedAccess }
  /** A message of the registry, with the request that it is about. */
  | {
      readonly kind: 'message';
      readonly at: number | null;
      readonly level: Level;
      readonly words: string;
      readonly access: LoggedAccess | null;
    };

/** A parser of one log format. Null if the line has another format. Never throws. */
export type Dialect = (line: string) => LogLine | null;
