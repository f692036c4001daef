import { openTrail } from '../../store/open-record.ts';
import type { OpenedTrail, RecordPlace } from '../../store/opened-store.ts';

/** Opens an existing record and changes nothing. Rejects with OperatorError if it can't be read. */
export function openRecordForReading(place: RecordPlace): Promise<OpenedTrail> {
  return openTrail(place);
}
