import type { Diagnosis, Verdict } from '../../src/model/diagnosis/diagnosis.ts';
import type { Finding, FindingId } from '../../src/model/diagnosis/finding.ts';
import type { HostPath } from '../../src/model/host/host-path.ts';
import type { FileTruth } from './kernel/files.ts';
import { isUsable, type KernelTruth } from './kernel/truth.ts';
import type { Scenario, Scene, SettledTruth } from './scenario.ts';
import { isServing, refusalsIn, type Serving } from './served.ts';

/** Whether a diagnosis was right. */
export type Score = {
  /** Null without a fault. */
  readonly found: boolean | null;
  /** A fault reported for a sound host, or a sound path. */
  readonly falseAlarm: boolean;
  /** It was called healthy, and a push or pull fails. */
  readonly greenOverFailure: boolean;
  /** It was called faulty, and a push and every pull succeed, without a fault that is latent by construction. */
  readonly alarmOverSuccess: boolean;
  /** Why it misses the aim. Empty if it does not. */
  readonly problems: readonly string[];
};

/** Where the fault is, by path. The first is the one to act on. Empty: nowhere on the storage path. */
export function placesOf(truth: SettledTruth, scene: Scene, kernel: KernelTruth): readonly HostPath[] {
  if (truth.kind === 'healthy') return [];
  if (truth.kind !== 'denied') return scene.at ? [scene.at] : [];
  if (kernel.impassable.length > 0) {
    // What is behind it is closed to the kernel's question as well. The scene names what it built there.
    const passed = scene.at ? [...kernel.impassable, scene.at] : kernel.impassable;
    return kernel.root === null || kernel.mayWriteRoot ? passed : [...passed, kernel.root];
  }
  const isRootDenied = kernel.root !== null && (kernel.list !== 'ok' || kernel.create !== 'ok');
  if (isRootDenied && kernel.root !== null) return [kernel.root];
  return [...new Set(kernel.denied.map(({ blockedAt }) => blockedAt))];
}

/** The right findings for a denied path. Wrong owners are reported at the root above them. */
const NAMES_OF_DENIAL: readonly FindingId[] = ['untraversable-ancestor', 'storage-root-unusable'];

/** What is known about the host apart from the diagnosis. */
export type Evidence = {
  readonly scene: Scene;
  readonly kernel: KernelTruth;
  readonly files: readonly FileTruth[];
  readonly serving: Serving;
};

/** Throws if the scenario is not what it claims: then the corpus itself is wrong. */
export function settledTruth(
  { name, truth }: Scenario,
  kernel: KernelTruth,
  files: readonly FileTruth[] = [],
): SettledTruth {
  const usable = isUsable(kernel) && files.every(({ answer }) => answer === 'ok');
  if (truth.kind === 'told-by-kernel') return usable ? { kind: 'healthy' } : { kind: 'denied', plan: 'cures' };
  const isOfFile = truth.kind === 'built' && truth.findings.includes('file-unusable');
  const isWrong = (truth.kind === 'healthy' && !usable) || ((truth.kind === 'denied' || isOfFile) && usable);
  if (isWrong)
    throw new Error(`"${name}" is to be ${truth.kind}, but the kernel says ${JSON.stringify({ kernel, files })}`);
  return truth;
}

/** Throws if a push and pull contradict the scenario's claim. */
function compareWithServing({ name, latent }: Scenario, truth: SettledTruth, serving: Serving): void {
  if (truth.kind === 'undecidable') return;
  const verdicts = verdictsOf(truth);
  const serves = isServing(serving);
  const mustServe = latent !== undefined || verdicts.every((verdict) => verdict === 'healthy');
  if (mustServe && !serves) throw new Error(`"${name}" is to serve, but ${refusalsIn(serving)}`);
  const mustFail = latent === undefined && verdicts.every((verdict) => verdict === 'faulty');
  if (mustFail && serves) throw new Error(`"${name}" is to be broken, but a push and every pull go through`);
}

function verdictsOf(truth: SettledTruth): readonly Verdict[] {
  if (truth.kind === 'healthy') return ['healthy'];
  const verdict = 'verdict' in truth ? truth.verdict : undefined;
  return [verdict ?? 'faulty'].flat();
}

export function score(scenario: Scenario, truth: SettledTruth, evidence: Evidence, diagnosis: Diagnosis): Score {
  compareWithServing(scenario, truth, evidence.serving);
  const told = describe(diagnosis);
  const serves = isServing(evidence.serving);
  const greenOverFailure = diagnosis.verdict === 'healthy' && !serves;
  const alarmOverSuccess = diagnosis.verdict === 'faulty' && serves && scenario.latent === undefined;
  const { found, falseAlarm, problems } = scoreFindings(truth, evidence, diagnosis, told);
  return {
    found,
    falseAlarm: falseAlarm || alarmOverSuccess,
    greenOverFailure,
    alarmOverSuccess,
    problems: [
      ...problems,
      ...(greenOverFailure ? [`healthy, it said, and ${refusalsIn(evidence.serving)}`] : []),
      ...(alarmOverSuccess ? [`a push and every pull go through, and it said ${told}`] : []),
    ],
  };
}

type FindingScore = Pick<Score, 'found' | 'falseAlarm' | 'problems'>;

function scoreFindings(truth: SettledTruth, evidence: Evidence, diagnosis: Diagnosis, told: string): FindingScore {
  const faults = diagnosis.findings.filter(({ severity }) => severity === 'fault');
  switch (truth.kind) {
    case 'healthy':
      return {
        found: null,
        falseAlarm: faults.length > 0,
        problems: diagnosis.verdict === 'healthy' ? [] : [`a healthy host was told to be ${told}`],
      };
    case 'denied':
      return scoreDenied(truth, placesOf(truth, evidence.scene, evidence.kernel), faults, told);
    case 'built':
      return scoreBuilt(truth, evidence, diagnosis, told);
    case 'undecidable': {
      const isOpen =
        diagnosis.verdict === 'inconclusive' && diagnosis.findings.some(({ id }) => truth.findings.includes(id));
      return {
        found: isOpen,
        falseAlarm: faults.length > 0,
        problems: isOpen ? [] : [`nobody can tell, but it said ${told}`],
      };
    }
  }
}

function scoreDenied(
  { findings }: Extract<SettledTruth, { kind: 'denied' }>,
  places: readonly HostPath[],
  faults: readonly Finding[],
  told: string,
): FindingScore {
  const [first] = faults;
  const isNamed = first !== undefined && (findings?.includes(first.id) ?? true);
  const named = new Set(faults.flatMap(placesNamedBy));
  const root = places.at(-1) ?? '';
  const isAtPlace = (finding: Finding | undefined) =>
    finding !== undefined && placesNamedBy(finding).some((path) => places.includes(path) || covers(finding, root));
  const missed = places.filter((place) => !named.has(place) && !faults.some((fault) => covers(fault, place)));
  const innocent = faults.filter(({ path }) => path !== null).filter((fault) => !isAtPlace(fault));
  const found = isNamed && isAtPlace(first) && missed.length === 0;
  return {
    found,
    falseAlarm: innocent.length > 0,
    problems: [
      ...(found
        ? []
        : [`the kernel denies ${places.join(', ')}${findings ? ` (${findings.join(' or ')})` : ''}; it said ${told}`]),
      ...innocent.map(({ id, path }) => `${id} at ${path}, where nothing is wrong`),
    ],
  };
}

/** Wrong owners are reported at the first entry, and with the root if it is one of them. */
function placesNamedBy(finding: Finding): readonly HostPath[] {
  if (finding.path === null) return [];
  return finding.id === 'wrong-owner' && finding.rootToo ? [finding.path, finding.top] : [finding.path];
}

/** A finding that counts entries below a directory covers all of them. */
function covers({ id, path }: Finding, place: string): boolean {
  return path !== null && !NAMES_OF_DENIAL.includes(id) && place.startsWith(`${path}/`);
}

function scoreBuilt(
  truth: Extract<SettledTruth, { kind: 'built' }>,
  { scene, kernel, files }: Evidence,
  diagnosis: Diagnosis,
  told: string,
): FindingScore {
  const { findings, verdict } = diagnosis;
  const first = findings.find(({ severity }) => severity !== 'info');
  const isNamed = first !== undefined && truth.findings.includes(first.id);
  const isThere = !scene.at || first?.path === scene.at;
  const found = isNamed && isThere && isBlockedThere(first, files);
  const verdicts = verdictsOf(truth);
  const wanted = [
    truth.findings.join(' or '),
    ...(scene.at ? [`at ${scene.at}`] : []),
    ...files.flatMap(({ path, answer, blockedAt }) => (answer === 'ok' ? [] : [`(${path}, blocked at ${blockedAt})`])),
  ].join(' ');
  // What else the kernel denies is not sound.
  const suspects = [
    scene.at ?? null,
    kernel.root,
    ...kernel.impassable,
    ...kernel.denied.map(({ blockedAt }) => blockedAt),
  ];
  const innocent = findings.filter(
    ({ id, severity, path }) =>
      severity === 'fault' && !truth.findings.includes(id) && path !== null && !suspects.includes(path),
  );
  const wrong = findings.filter(({ id }) => truth.never?.includes(id));
  return {
    found,
    falseAlarm: innocent.length > 0,
    problems: [
      ...(found ? [] : [`wanted ${wanted}; it said ${told}`]),
      ...innocent.map(({ id, path }) => `${id} at ${path}, where nothing is wrong`),
      ...wrong.map(({ id }) => `${id} is not so, and it said ${told}`),
      ...(verdicts.includes(verdict) ? [] : [`wanted ${verdicts.join(' or ')}; it said ${told}`]),
    ],
  };
}

const OF_FILES: readonly FindingId[] = ['file-unusable'];

/** An unusable file is named as in the config, and blocked where the kernel says. */
function isBlockedThere(finding: Finding, files: readonly FileTruth[]): boolean {
  const unusable = files.filter(({ answer }) => answer !== 'ok');
  if (!OF_FILES.includes(finding.id) || unusable.length === 0) return true;
  const file = unusable.find(({ path }) => path === finding.path);
  if (!file?.blockedAt) return file !== undefined;
  return 'blockedAt' in finding && finding.blockedAt === file.blockedAt;
}

export function describe({ verdict, findings }: Diagnosis): string {
  const list = findings.map(({ id, severity, path }) => `${severity} ${id}${path === null ? '' : ` at ${path}`}`);
  return `${verdict}${list.length === 0 ? '' : `: ${list.join('; ')}`}`;
}
