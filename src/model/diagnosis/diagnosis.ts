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

/** The account whose access was judged, and where we know it from. */
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
   * The registry calls itself unhealthy only because of what this plan fixes, so it recovers without a restart.
   */
  recoversAlone: z.boolean(),
  /** With the plan applied. Its threats are left out if a finding already lists them. Null: not judged. */
  durability: Durability.nullable(),
});
export type PlanOutlook = z.infer<typeof PlanOutlook>;

export function planOutlook({ findings, durability }: Pick<Diagnosis, 'findings' | 'durability'>): PlanOutlook {
  const threatsHaveFinding = findings.some(
    ({ id }) => id === 'breaks-at-next-reboot' || id === 'breaks-at-next-reconfigure',
  );
  return {
    recoversAlone: findings.some(({ id, severity }) => id === 'registry-unwell' && severity === 'info'),
    durability: durability !== null && threatsHaveFinding ? { ...durability, threats: [] } : durability,
  };
}

/**
 * The path walk to show: the first finding's own if it has one, otherwise that of the storage root.
 */
export function walkToShow({ findings, walk }: Pick<Diagnosis, 'findings' | 'walk'>): readonly WalkStep[] {
  const [lead] = findings;
  return lead && 'walk' in lead && lead.walk !== undefined ? lead.walk : walk;
}
