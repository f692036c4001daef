import { userInfo } from 'node:os';
import { openRecordForErasing } from '../../compose/record/record-for-erasing.ts';
import type { StoreSettings } from '../../config/config.ts';
import { IncidentId } from '../../model/record/ids.ts';
import type { Details } from '../../workflow/ports/record.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

export type EraseOptions = { readonly incident?: number; readonly person?: string; readonly yes: boolean };

/** `audit erase`: what the record holds of an incident's people or of one person. Without `yes` only what that would be. */
export async function eraseDetails(
  { incident, person, yes }: EraseOptions,
  store: StoreSettings,
  { words, out, err }: Console,
): Promise<number> {
  const { erase } = words;
  const wanted = wantedOf(incident, person);
  if (wanted === null) {
    err(erase.NOT_ONE_OF_BOTH);
    return EXIT.usage;
  }
  const record = await openRecordForErasing(store);
  try {
    const erased = await record.erase(wanted, { isOnlyAsked: !yes, user: userInfo().username });
    switch (erased.kind) {
      case 'nothing-found':
        err(erase.NOTHING_FOUND);
        return EXIT.usage;
      case 'unfinished':
        err(erase.unfinished(erased.details));
        return EXIT.notGood;
      case 'would-erase':
        err(erase.wouldErase(counted(erased.details)));
        return EXIT.notGood;
      case 'erased':
        out(`${erase.erased(counted(erased.details), erased.sequence)}\n`);
        return EXIT.good;
    }
  } finally {
    await record.close();
  }
}

function wantedOf(incident: number | undefined, person: string | undefined) {
  if (incident !== undefined && person === undefined)
    return { kind: 'incident', id: IncidentId.parse(incident) } as const;
  return incident === undefined && person !== undefined ? ({ kind: 'person', person } as const) : null;
}

function counted({ removed: { values, diagnoses }, incidents, apart }: Details) {
  const all = Object.values(values).reduce((sum, sequences) => sum + sequences.length, 0);
  return { values: all, diagnoses: diagnoses.length, incidents: incidents.length, apart };
}
