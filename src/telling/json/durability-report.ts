import { z } from 'zod';
import type { Durability, Threat } from '../../model/diagnosis/durability.ts';
import { HostPath } from '../../model/host/host-path.ts';
import type { Reason } from '../../model/reason.ts';
import { lastingChange, threatSentence } from '../../words/en/durability.ts';
import { reasonClause } from '../../words/en/reasons.ts';
import { plainText } from '../../words/phrase.ts';

/** Whether the state lasts, as `diagnose --json` tells it: with the plan carried out where there is one, else as it is. */
export const DurabilityReport = z.strictObject({
  reboot: z.enum(['holds', 'breaks', 'unknown']),
  reconfigure: z.enum(['holds', 'breaks', 'unknown', 'not-applicable']),
  threats: z.array(z.strictObject({ id: z.string(), path: HostPath, because: z.string(), remedy: z.string() })),
  /** What could not be seen, and leaves an answer unknown. */
  unknowns: z.array(z.string()),
});
export type DurabilityReport = z.infer<typeof DurabilityReport>;

export function durabilityReport({ reboot, reconfigure, threats, unknowns }: Durability): DurabilityReport {
  return { reboot, reconfigure, threats: threats.map(threatEntry), unknowns: unknowns.map(reasonText) };
}

function reasonText(reason: Reason): string {
  return plainText(reasonClause(reason));
}

function threatEntry(threat: Threat): DurabilityReport['threats'][number] {
  const { id, path } = threat;
  return { id, path, because: plainText(threatSentence(threat)), remedy: plainText(lastingChange(threat)) };
}
