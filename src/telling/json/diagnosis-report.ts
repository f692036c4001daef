import { z } from 'zod';
import type { WalkStep } from '../../model/diagnosis/access.ts';
import { type Diagnosis, JudgedService, Verdict } from '../../model/diagnosis/diagnosis.ts';
import { type Finding, Proof, Severity } from '../../model/diagnosis/finding.ts';
import { AclText } from '../../model/host/acl.ts';
import { HostPath } from '../../model/host/host-path.ts';
import { type PlanAlternative, type PlanDraft, type PlanStep, Risk } from '../../model/plan/plan.ts';
import { HostName, type Sha256 } from '../../model/record/ids.ts';
import type { Words } from '../../words/index.ts';
import { plainText } from '../../words/phrase.ts';
import { stepCommand } from '../../words/step-command.ts';
import { DurabilityReport, durabilityReport } from './durability-report.ts';
import { WhyNowReport, whyNowReport } from './why-now-report.ts';

/**
 * The permissions before or after a step: a mode of four octal digits, owners as `uid:gid`, or a complete ACL with
 * numeric ids for setfacl.
 */
const StepState = z.union([z.string().regex(/^([0-7]{4}|\d+:\d+)$/), AclText]);

const Step = z.strictObject({
  action: z.enum(['chmod', 'chown', 'setfacl']),
  path: HostPath,
  from: StepState,
  to: StepState,
  command: z.string(),
});

const WalkEntry = z.strictObject({
  path: HostPath,
  kind: z.enum(['directory', 'symlink', 'file', 'missing']),
  target: z.string().nullable(),
  /**
   * Only if the registry's process sees another tree than the host. Null: the host has no such path, as far as known.
   */
  hostPath: HostPath.nullable().optional(),
  mode: z.string().nullable(),
  owner: z.string().nullable(),
  group: z.string().nullable(),
  access: z.enum(['allowed', 'denied', 'unknown']),
  because: z.string(),
});

/**
 * The output of `diagnose --json`. People write scripts against it: fields here stay, and a breaking change raises
 * `version`. A byte of a path that is not UTF-8 is written `\xHH`.
 */
export const DiagnosisReport = z.strictObject({
  version: z.literal(1),
  host: HostName,
  verdict: Verdict,
  durationMs: z.number().min(0),
  /** Null if nothing was learned about the host. */
  service: JudgedService.nullable(),
  storageRoot: HostPath.nullable(),
  walk: z.array(WalkEntry),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      severity: Severity,
      path: HostPath.nullable(),
      title: z.string(),
      because: z.string(),
      proof: Proof,
      remedy: z.string(),
      /** The steps to the finding's own path, if that is not the storage root. */
      walk: z.array(WalkEntry).optional(),
    }),
  ),
  plan: z
    .strictObject({
      id: z.string(),
      hash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      risk: Risk,
      steps: z.array(Step).min(1),
      alternatives: z.array(z.strictObject({ title: z.string(), steps: z.array(Step).min(1) })),
    })
    .nullable(),
  /** Repositories on the disk, and how many the registry lists. Null: not counted. */
  images: z
    .strictObject({
      onDisk: z.number().int().min(0),
      /** The count stopped at its limit. */
      atLeast: z.boolean(),
      listed: z.number().int().min(0).nullable(),
    })
    .nullable(),
  whyNow: WhyNowReport.nullable(),
  durability: DurabilityReport.nullable(),
});
export type DiagnosisReport = z.infer<typeof DiagnosisReport>;

/** A diagnosis as the stable JSON. `planHash` is the hash over the plan's draft, null without a plan. */
export function diagnosisReport(diagnosis: Diagnosis, planHash: Sha256 | null, words: Words): DiagnosisReport {
  const { host, verdict, durationMs, service, storageRoot, walk, findings, plan, images, whyNow, durability } =
    diagnosis;
  return {
    version: 1,
    host,
    verdict,
    durationMs,
    service,
    storageRoot,
    walk: walk.map((one) => walkEntry(one, words)),
    findings: findings.map((finding) => findingEntry(finding, diagnosis, words)),
    plan: plan === null || planHash === null ? null : planEntry(plan, planHash, words),
    images,
    whyNow: whyNow === null ? null : whyNowReport(whyNow, words),
    durability: durability === null ? null : durabilityReport(durability, words),
  };
}

function walkEntry(step: WalkStep, words: Words): DiagnosisReport['walk'][number] {
  const { path, kind, target, hostPath, mode, owner, group, access } = step;
  const onHost = hostPath === undefined ? {} : { hostPath };
  return { path, kind, target, ...onHost, mode, owner, group, access, because: words.access.accessClause(step) };
}

function findingEntry(finding: Finding, diagnosis: Diagnosis, words: Words): DiagnosisReport['findings'][number] {
  const { id, severity, path, proof } = finding;
  const { title, because, remedy } = words.findings.findingWords(finding, diagnosis);
  return {
    id,
    severity,
    path,
    title: plainText(title),
    because: plainText(because),
    proof,
    remedy: plainText(remedy),
    ...('walk' in finding && finding.walk ? { walk: finding.walk.map((one) => walkEntry(one, words)) } : {}),
  };
}

/**
 * Outside an incident a plan has no number, and no one can approve it. Its id says so, and is the same for the same
 * plan.
 */
function planEntry(plan: PlanDraft, hash: Sha256, words: Words): NonNullable<DiagnosisReport['plan']> {
  const { alternatives = [] } = plan;
  const id = `draft-${hash.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  return {
    id,
    hash,
    risk: plan.risk,
    steps: plan.steps.map(stepEntry),
    alternatives: alternatives.map((one) => alternativeEntry(one, words)),
  };
}

function alternativeEntry(alternative: PlanAlternative, words: Words) {
  return { title: plainText(words.plan.alternativeTitle(alternative)), steps: alternative.steps.map(stepEntry) };
}

function stepEntry(step: PlanStep): z.infer<typeof Step> {
  const { action, path, from, to } = step;
  return { action, path, from, to, command: stepCommand(step) };
}
