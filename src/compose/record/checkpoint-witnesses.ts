import type { StoreSettings } from '../../config/config.ts';
import { COSIGNATURE, parseVerifierKey } from '../../hash/signed-note.ts';
import { httpWitness } from '../../http/checkpoint-witness.ts';
import { checkpointFile } from '../../store/checkpoint-file.ts';
import { syslogTaker } from '../../store/syslog-taker.ts';
import type { CheckpointTaker, CheckpointWitness } from '../../workflow/ports/witnesses.ts';

/** The places outside the record to which its checkpoints go. */
export function checkpointTakers({ checkpoints, syslog }: StoreSettings): readonly CheckpointTaker[] {
  return [
    ...(checkpoints === null ? [] : [checkpointFile(checkpoints)]),
    ...(syslog === null ? [] : [syslogTaker(syslog)]),
  ];
}

/** The party that cosigns them. Null: none, or its key is not one. */
export function checkpointWitness({ witness }: Pick<StoreSettings, 'witness'>): CheckpointWitness | null {
  const key = witness && parseVerifierKey(witness.key, COSIGNATURE);
  return witness === null || key === null ? null : httpWitness(witness.url, key);
}
