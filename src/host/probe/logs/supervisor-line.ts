import type { Dialect, Level } from './log-line.ts';
import { shortened } from './message-fields.ts';

/**
 * `svlogd: pausing: unable to open current: /var/log/x: access denied`, and the same from runsv (runit, svlogd.c and
 * runsv.c).
 */
const SUPERVISOR = /^(svlogd|runsv [^:]{1,255}): (fatal|warning|pausing): (.*)$/;
const LEVELS: Readonly<Record<string, Level>> = { fatal: 'fatal', warning: 'error', pausing: 'error' };
/** The last message of svlogd when it ends. The messages before it say which directory it could not use, and why. */
const CONCLUSION = 'no functional log directories.';
/** Errors after which svlogd can't use a directory. It ends if it has no other. */
const ENDS_IT = /^unable to (lock|change to|stat|open log) /;

/** Messages of runit's own programs, which run the registry and write its log. */
export const supervisorLine: Dialect = (line) => {
  const [whole, , kind = '', said = ''] = SUPERVISOR.exec(line) ?? [];
  if (whole === undefined) return null;
  const level = ENDS_IT.test(said) ? 'fatal' : (LEVELS[kind] ?? 'error');
  return {
    kind: 'message',
    at: null,
    level: said === CONCLUSION ? 'info' : level,
    words: shortened(whole),
    access: null,
  };
};
