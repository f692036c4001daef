import type { DetailsWanted } from '../../model/record/erasable.ts';
import { openExistingRecord } from '../../store/open-record.ts';
import type { RecordPlace } from '../../store/opened-store.ts';
import { type Erased, erase } from '../../workflow/record/erase.ts';
import { systemClock } from '../system-clock.ts';

/** Opens an existing record, to erase something from it while the bot runs. Rejects with OperatorError if it can't be used. */
export async function openRecordForErasing(place: RecordPlace): Promise<{
  erase(
    wanted: Exclude<DetailsWanted, { kind: 'ended-before' }>,
    how: { readonly isOnlyAsked: boolean; readonly user: string },
  ): Promise<Erased>;
  close(): Promise<void>;
}> {
  const { store, close } = await openExistingRecord(place, { clock: systemClock });
  return {
    erase: (wanted, { isOnlyAsked, user }) =>
      erase({ store, clock: systemClock }, wanted, { isOnlyAsked, by: { kind: 'terminal', user } }),
    close,
  };
}
