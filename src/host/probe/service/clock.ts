import { type Fact, known, unknown } from '../../../model/fact.ts';
import { shortWhy } from '../../frame/record-fields.ts';
import type { StateLines } from './state-lines.ts';

/** STA_UNSYNC of adjtimex(2). */
const UNSYNCHRONISED = 0x40;
const UNREAD = unknown('what the host says of its clock cannot be read');

/** Whether the kernel's clock counts as synchronised. */
export function clockIn(lines: StateLines): Fact<boolean> {
  const [, source, said = ''] = /^(\S+) ?(.*)$/s.exec(lines.first('clock') ?? '') ?? [];
  switch (source) {
    case 'timesync':
      return known(true);
    case 'adjtimex':
      return /^\d{1,9}$/.test(said) ? known((Number(said) & UNSYNCHRONISED) === 0) : UNREAD;
    case 'chronyc':
      return said === '' ? UNREAD : known(said !== 'Not synchronised');
    case 'timedatectl':
      return said === 'yes' || said === 'no' ? known(said === 'yes') : UNREAD;
    case '-':
      return unknown(shortWhy(said));
    default:
      return UNREAD;
  }
}
