import type { Fact } from '../../../model/fact.ts';
import type { StateLines } from './state-lines.ts';

/** STA_UNSYNC of adjtimex(2). */
const UNSYNCHRONISED = 0x40;

/** Whether the kernel's clock counts as synchronized. */
export function clockIn(lines: StateLines): Fact<boolean> {
  return lines.fact('clock', isSynchronised);
}

/**
 * Whether one source reports a synchronized clock, from `SOURCE` and its report. Undefined if the report can't be read.
 */
function isSynchronised(told: string): boolean | undefined {
  const [, source, said = ''] = /^(\S+) ?(.*)$/s.exec(told) ?? [];
  switch (source) {
    case 'timesync':
      return true;
    case 'adjtimex':
      return /^\d{1,9}$/.test(said) ? (Number(said) & UNSYNCHRONISED) === 0 : undefined;
    case 'chronyc':
      return said === '' ? undefined : said !== 'Not synchronised';
    case 'timedatectl':
      return said === 'yes' ? true : said === 'no' ? false : undefined;
    default:
      return undefined;
  }
}
