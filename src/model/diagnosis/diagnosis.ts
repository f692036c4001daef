import { z } from 'zod';
import { HttpAnswer } from '../host/facts.ts';
import { HostPath } from '../host/host-path.ts';
import { PlanDraft } from '../plan/plan.ts';
import { HostName } from '../record/ids.ts';
import { WalkStep } from './access.ts';
import { Durability } from './durability.ts';
import { Finding } from './finding.ts';
import { WhyNow } from './why-now.ts';

export const Verdict = z.enum(['healthy', 'faulty', 'inconclusive']);
export type Verdict = z.infer<typeof Verdict>;

/** The identity for which access was judged, and how it is known. */
export const JudgedService = z.strictObject({
  user: z.string(),
  uid: z.number().int().nullable(),
  gid: z.number().int().nullable(),
  groups: z.array(z.number().int()),
  pid: z.number().int().nullable(),
  source: z.enum(['process', 'account', 'config']),
});
export type JudgedService = z.infer<typeof JudgedService>;

/** One complete diagnosis, as data without sentences. */
export const Diagnosis = z.strictObject({
  host: HostName,
  verdict: Verdict,
  /** The time from the request to the verdict, in milliseconds. */
  durationMs: z.number().min(0),
  service: JudgedService.nullable(),
  storageRoot: HostPath.nullable(),
  walk: z.array(WalkStep),
  /** The first one is the one to act on. */
  findings: z.array(Finding),
  /** The registry's own answer, if it gave one. */
  v2: HttpAnswer.nullable(),
  health: HttpAnswer.nullable(),
  plan: PlanDraft.nullable(),
  /** How many repositories are on the disk and in the registry's list. Null: not counted. */
  images: z
    .strictObject({ onDisk: z.number().int().min(0), atLeast: z.boolean(), listed: z.number().int().min(0).nullable() })
    .nullable()
    .default(null),
  /** Why the fault shows only now. Null: there is no fault, or too little is known. */
  whyNow: WhyNow.nullable().default(null),
  /** Whether access survives a reboot, with the plan applied if there is one. Null: not judged. */
  durability: Durability.nullable().default(null),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** What is expected after a plan's changes. */
export const PlanOutlook = z.strictObject({
  /**
   * True if the registry's unhealthy report only follows from what the plan fixes, so it recovers without a restart.
   */
  recoversAlone: z.boolean(),
  /** With the plan applied, and without the threats that a finding reports. Null: not judged. */
  durability: Durability.nullable(),
});
export type PlanOutlook = z.infer<typeof PlanOutlook>;

export function planOutlook({ findings, durability }: Pick<Diagnosis, 'findings' | 'durability'>): PlanOutlook {
  const isFound = findings.some(({ id }) => id === 'breaks-at-next-reboot' || id === 'breaks-at-next-reconfigure');
  return {
    recoversAlone: findings.some(({ id, severity }) => id === 'registry-unwell' && severity === 'info'),
    durability: durability !== null && isFound ? { ...durability, threats: [] } : durability,
  };
}

/**
 * The path to show: that of the first finding if it is about another path than the storage root, otherwise the storage
 * root's.
 */
export function walkToShow({ findings, walk }: Pick<Diagnosis, 'findings' | 'walk'>): readonly WalkStep[] {
  const [lead] = findings;
  return lead && 'walk' in lead && lead.walk !== undefined ? lead.walk : walk;
}
