import type { Config } from '../../config/config.ts';
import { cosignedAt } from '../../hash/cosignature.ts';
import { COSIGNATURE, parseVerifierKey } from '../../hash/signed-note.ts';
import type { AuditTrail } from '../../workflow/ports.ts';
import type { Console } from '../terminal/console.ts';
import { NOTHING_ASKED, type Testimony } from './testimony.ts';

/** How far the witness of the config has cosigned the record, by the cosignatures that are kept in it. */
export async function askCosignature(trail: AuditTrail, { store }: Config, { words }: Console): Promise<Testimony> {
  const key = store?.witness ? parseVerifierKey(store.witness.key, COSIGNATURE) : null;
  if (key === null) return NOTHING_ASKED;
  const newest = await trail.newestCosigned();
  const seconds = newest && cosignedAt(newest.note, key);
  if (newest === null || seconds === null)
    return { ...NOTHING_ASKED, agrees: [words.auditVerify.notCosigned(key.name)] };
  return {
    ...NOTHING_ASKED,
    kept: [{ note: newest.note, source: { kind: 'record' } }],
    agrees: [words.auditVerify.cosigned({ witness: key.name, entries: newest.size, at: new Date(seconds * 1000) })],
  };
}
