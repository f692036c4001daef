import { z } from 'zod';
import type { Durability, Threat } from '../../model/diagnosis/durability.ts';
import { HostPath } from '../../model/host/host-path.ts';
import type { Words } from '../../words/index.ts';
import { plainText } from '../../words/phrase.ts';

/**
 * Whether the registry survives a reboot, in `diagnose --json`: after the plan if there is one, otherwise as it is now.
 */
export const DurabilityReport = z.strictObject({
  reboot: z.enum(['holds', 'breaks', 'unknown']),
  reconfigure: z.enum(['holds', 'breaks', 'unknown', 'not-applicable']),
  threats: z.array(z.strictObject({ id: z.string(), path: HostPath, because: z.string(), remedy: z.string() })),
  /** What could not be read, so that an answer is unknown. */
  unknowns: z.array(z.string()),
});
export type DurabilityReport = z.infer<typeof DurabilityReport>;

export function durabilityReport(
  { reboot, reconfigure, threats, unknowns }: Durability,
  words: Words,
): DurabilityReport {
  return {
    reboot,
    reconfigure,
    threats: threats.map((one) => threatEntry(one, words)),
    unknowns: unknowns.map((reason) => plainText(words.reasons.reasonClause(reason))),
  };
}

function threatEntry(threat: Threat, words: Words): DurabilityReport['threats'][number] {
  const { id, path } = threat;
  return {
    id,
    path,
    because: plainText(words.durability.threatSentence(threat)),
    remedy: plainText(words.durability.lastingChange(threat)),
  };
}
