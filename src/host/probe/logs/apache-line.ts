import type { Dialect } from './log-line.ts';
import { requestIn } from './message-fields.ts';
import { fromApache } from './registry-timestamps.ts';

const COMBINED = /^\S+ \S+ \S+ \[([^\]]{1,40})\] "([A-Z]{1,16}) ([^ "]*) HTTP\/[0-9.]{1,3}" ([1-5]\d\d) /;

/**
 * The combined format of Apache's access log, in which distribution writes each request, also under the JSON formatter.
 */
export const apacheLine: Dialect = (line) => {
  const [, time = '', method, uri, status] = COMBINED.exec(line) ?? [];
  const access = requestIn(fromApache(time), method, uri, status);
  return access === null ? null : { kind: 'access', access };
};
