import type { Config } from '../../config/config.ts';
import { isOfItsSize } from '../../hash/checkpoint.ts';
import { cosignedAt } from '../../hash/cosignature.ts';
import { COSIGNATURE, parseVerifierKey } from '../../hash/signed-note.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { NOTHING_ASKED, type Testimony } from './testimony.ts';

/** How far the witness of the config has cosigned the record, by the cosignatures that are kept in it. */
export async function askCosignature(trail: AuditTrail, { store }: Config, { words }: Console): Promise<Testimony> {
  const key = store?.witness ? parseVerifierKey(store.witness.key, COSIGNATURE) : null;
  if (key === null) return NOTHING_ASKED;
  const newest = await trail.newestCosigned();
  if (newest === null) return { ...NOTHING_ASKED, agrees: [words.auditVerify.notCosigned(key.name)] };
  const seconds = cosignedAt(newest.note, key);
  // A row that says another size than its note, or has no cosignature of this witness, is not what the bot kept.
  if (seconds === null || !isOfItsSize(newest))
    return { ...NOTHING_ASKED, notCompared: [words.auditVerify.notCosigned(key.name)] };
  return {
    ...NOTHING_ASKED,
    kept: [{ note: newest.note, source: { kind: 'record' } }],
    agrees: [words.auditVerify.cosigned({ witness: key.name, entries: newest.size, at: new Date(seconds * 1000) })],
  };
}
