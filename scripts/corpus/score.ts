import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Finding, FindingId } from '../../src/model/finding.ts';
import type { HostPath } from '../../src/model/host-path.ts';
import { isUsable, type KernelTruth } from './kernel-truth.ts';
import type { Scenario, Scene, SettledTruth } from './scenario.ts';

/** Whether a diagnosis told the truth. */
export type Score = {
  /** Null where nothing is wrong. */
  readonly found: boolean | null;
  /** A fault told of a sound host, or of a sound place. */
  readonly falseAlarm: boolean;
  /** Why it falls short of the aim; empty when it does not. */
  readonly problems: readonly string[];
};

/** Where the truth is, by path; the first is the one to act on. Empty: nowhere in the storage path. */
export function placesOf(truth: SettledTruth, scene: Scene, kernel: KernelTruth): readonly HostPath[] {
  if (truth.kind === 'healthy') return [];
  if (truth.kind !== 'denied') return scene.at ? [scene.at] : [];
  if (kernel.impassable.length > 0) {
    return kernel.root === null || kernel.mayWriteRoot ? kernel.impassable : [...kernel.impassable, kernel.root];
  }
  const isRootDenied = kernel.root !== null && (kernel.list !== 'ok' || kernel.create !== 'ok');
  if (isRootDenied && kernel.root !== null) return [kernel.root];
  return kernel.inner.filter(({ create }) => create !== 'ok').map(({ path }) => path);
}

/** What a denied place may be called. Wrong owners are told at the root that they lie below. */
const NAMES_OF_DENIAL: readonly FindingId[] = ['untraversable-ancestor', 'storage-root-unusable'];

/** Throws when the scenario is not what it says that it is: then the corpus is wrong, and nobody else. */
export function settledTruth({ name, truth }: Scenario, kernel: KernelTruth): SettledTruth {
  const usable = isUsable(kernel);
  if (truth.kind === 'told-by-kernel') return usable ? { kind: 'healthy' } : { kind: 'denied', plan: 'cures' };
  const isWrong = (truth.kind === 'healthy' && !usable) || (truth.kind === 'denied' && usable);
  if (isWrong) throw new Error(`"${name}" is to be ${truth.kind}, but the kernel says ${JSON.stringify(kernel)}`);
  return truth;
}

export function score(truth: SettledTruth, scene: Scene, kernel: KernelTruth, diagnosis: Diagnosis): Score {
  const told = describe(diagnosis);
  const faults = diagnosis.findings.filter(({ severity }) => severity === 'fault');
  switch (truth.kind) {
    case 'healthy':
      return {
        found: null,
        falseAlarm: faults.length > 0,
        problems: diagnosis.verdict === 'healthy' ? [] : [`a healthy host was told to be ${told}`],
      };
    case 'denied':
      return scoreDenied(placesOf(truth, scene, kernel), faults, told);
    case 'built':
      return scoreBuilt(truth, scene, kernel, diagnosis, told);
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

function scoreDenied(places: readonly HostPath[], faults: readonly Finding[], told: string): Score {
  const [first] = faults;
  const named = new Set(faults.flatMap(placesNamedBy));
  const root = places.at(-1) ?? '';
  const isAtPlace = (finding: Finding | undefined) =>
    finding !== undefined && placesNamedBy(finding).some((path) => places.includes(path) || covers(finding, root));
  const missed = places.filter((place) => !named.has(place) && !faults.some((fault) => covers(fault, place)));
  const innocent = faults.filter(({ path }) => path !== null).filter((fault) => !isAtPlace(fault));
  const found = isAtPlace(first) && missed.length === 0;
  return {
    found,
    falseAlarm: innocent.length > 0,
    problems: [
      ...(found ? [] : [`the kernel denies ${places.join(', ')}; it said ${told}`]),
      ...innocent.map(({ id, path }) => `${id} at ${path}, where nothing is wrong`),
    ],
  };
}

/** Wrong owners are told at the first entry, and the root is said to be one of them. */
function placesNamedBy(finding: Finding): readonly HostPath[] {
  if (finding.path === null) return [];
  return finding.id === 'wrong-owner' && finding.rootToo ? [finding.path, finding.top] : [finding.path];
}

/** A finding that counts entries below a directory speaks of all of them. */
function covers({ id, path }: Finding, place: string): boolean {
  return path !== null && !NAMES_OF_DENIAL.includes(id) && place.startsWith(`${path}/`);
}

function scoreBuilt(
  truth: Extract<SettledTruth, { kind: 'built' }>,
  scene: Scene,
  kernel: KernelTruth,
  diagnosis: Diagnosis,
  told: string,
): Score {
  const { findings, verdict } = diagnosis;
  const first = findings.find(({ severity }) => severity !== 'info');
  const isNamed = first !== undefined && truth.findings.includes(first.id);
  const isThere = !scene.at || first?.path === scene.at;
  const isGraded = verdict === (truth.verdict ?? 'faulty');
  const found = isNamed && isThere;
  const wanted = `${truth.findings.join(' or ')}${scene.at ? ` at ${scene.at}` : ''}`;
  // What the kernel denies besides is no innocent.
  const suspects = [scene.at ?? null, kernel.root, ...kernel.impassable];
  const innocent = findings.filter(
    ({ id, severity, path }) =>
      severity === 'fault' && !truth.findings.includes(id) && path !== null && !suspects.includes(path),
  );
  return {
    found,
    falseAlarm: innocent.length > 0,
    problems: [
      ...(found ? [] : [`wanted ${wanted}; it said ${told}`]),
      ...innocent.map(({ id, path }) => `${id} at ${path}, where nothing is wrong`),
      ...(isGraded ? [] : [`wanted ${truth.verdict ?? 'faulty'}; it said ${told}`]),
    ],
  };
}

export function describe({ verdict, findings }: Diagnosis): string {
  const list = findings.map(({ id, severity, path }) => `${severity} ${id}${path === null ? '' : ` at ${path}`}`);
  return `${verdict}${list.length === 0 ? '' : `: ${list.join('; ')}`}`;
}
