import type { WalkStep } from '../model/diagnosis/access.ts';
import { type Diagnosis, walkToShow } from '../model/diagnosis/diagnosis.ts';
import type { Finding, FindingOf } from '../model/diagnosis/finding.ts';
import type { HttpAnswer } from '../model/host/facts.ts';
import type { Words } from '../words/index.ts';

import { code, type Phrase, say } from '../words/phrase.ts';
import { visiblePath, visibleText } from '../words/visible-text.ts';

/** A paragraph, or the rows of a small table in a fixed-width font. */
export type Part =
  | { readonly kind: 'words'; readonly words: Phrase }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly string[])[] };

/**
 * The content of a diagnosis, in the order of the thread. All rules about what a diagnosis says are applied here, also
 * what it leaves out because it says it elsewhere. Slack, terminal and Markdown only render, shorten and fold it.
 */
export type DiagnosisTelling = {
  /** The verdict in one line, with the host. */
  readonly headline: string;
  /** What is broken; null for a healthy host, which has nothing to act on. */
  readonly title: Phrase | null;
  /** Why, what the registry says, that the images are there, and how it is known. */
  readonly verdict: readonly Part[];
  /** What to do. Empty if there is a plan, which says it. */
  readonly remedy: readonly Phrase[];
  /** The likely cause, and what is unknown about it. */
  readonly cause: readonly Phrase[];
  /** Fixes that people try first and that don't help. */
  readonly inVain: readonly Phrase[];
  /** The other findings, except those of the title's kind. */
  readonly others: readonly OtherFinding[];
  /** Whether the registry still works after a reboot. Empty if there is a plan, which says it about the fixed state. */
  readonly outlook: readonly Phrase[];
  /** Each step on the path, and the account whose access was tested, unless the verdict names it. */
  readonly path: {
    readonly title: string;
    readonly steps: readonly WalkStep[];
    readonly identity: Phrase | null;
  } | null;
  /** The timeline, and every possible cause with its evidence, as groups of paragraphs. */
  readonly story: readonly (readonly Phrase[])[];
  /** The registry's own words. */
  readonly answers: { readonly summary: Phrase; readonly raw: readonly HttpAnswer[] } | null;
  readonly took: string;
};

/** A finding other than the title's. A note is not a problem: it can wait. */
export type OtherFinding = { readonly isNote: boolean; readonly words: Phrase };

export function tellDiagnosis(diagnosis: Diagnosis, words: Words): DiagnosisTelling {
  const { findings, plan, whyNow, host } = diagnosis;
  const lead = leadOf(diagnosis);
  const consequence = consequenceIn(findings, lead);
  const others = findings.filter((finding) => finding.id !== lead?.id && finding !== consequence);
  return {
    headline: words.verdict.verdictTitle(diagnosis),
    title: lead === undefined ? null : words.findings.findingWords(lead, diagnosis).title,
    verdict: verdictParts(diagnosis, lead, words),
    remedy: plan === null ? remedies(diagnosis, lead, consequence, words) : [],
    cause: whyNow === null ? [] : [words.whyNow.whyNowAnswer(whyNow)],
    inVain: lead === undefined ? [] : saidOnly([words.verdict.inVainSentence(lead.id)]),
    others: others.map((finding) => otherFinding(finding, diagnosis, words)),
    outlook:
      plan === null
        ? words.durability.durabilityPhrases({ ...diagnosis, isBroken: diagnosis.verdict === 'faulty' })
        : [],
    path: pathOf(diagnosis, words),
    story: whyNow === null ? [] : words.whyNow.whyNowPhrases(whyNow, host),
    answers: answersOf(diagnosis, words),
    took: words.verdict.tookSentence(diagnosis),
  };
}

function leadOf({ verdict, findings }: Diagnosis): Finding | undefined {
  return verdict === 'healthy' ? undefined : findings[0];
}

/**
 * The finding that the registry is unhealthy, if that only follows from the lead. It is not told as a finding then,
 * since the headline and the registry's answer say it.
 */
function consequenceIn(findings: readonly Finding[], lead: Finding | undefined): Finding | undefined {
  return findings.find(
    (finding) => finding !== lead && finding.id === 'registry-unwell' && finding.severity === 'info',
  );
}

function verdictParts(diagnosis: Diagnosis, lead: Finding | undefined, words: Words): Part[] {
  const { images, service, findings } = diagnosis;
  const isAnswerTold = findings.some(({ id }) => id === 'registry-unwell');
  const known = saidOnly([
    isAnswerTold ? [] : words.verdict.registrySentence(diagnosis),
    words.contentsFindings.imagesSentence(images),
    // A finding without a path (the host is unreachable) has nothing that could have been tested.
    lead?.path === null ? [] : words.verdict.proofSentence(diagnosis),
    service !== null && isIdentityInVerdict(diagnosis) ? words.verdict.identitySentence(service) : [],
  ]);
  return [...(lead === undefined ? [] : reasonParts(diagnosis, lead, words)), ...known.map(wordsPart)];
}

/**
 * Whether the verdict names the tested account and where it was found. If it is that of the running process, as usual,
 * it is named only next to the path.
 */
function isIdentityInVerdict({ service, ...diagnosis }: Diagnosis): boolean {
  return service?.source !== 'process' || walkToShow(diagnosis).length === 0;
}

function reasonParts(diagnosis: Diagnosis, lead: Finding, words: Words): Part[] {
  if (lead.id === 'untraversable-ancestor') return blockedParts(diagnosis, words);
  const places = diagnosis.findings
    .filter((finding) => finding !== lead && finding.id === lead.id)
    .flatMap(({ path }) => (path === null ? [] : [say`${code(visiblePath(path))}`]));
  return saidOnly([words.findings.findingWords(lead, diagnosis).because, words.verdict.alsoThere(places)]).map(
    wordsPart,
  );
}

/** All blocking directories: one sentence for them together, and a row for each. */
function blockedParts({ findings, service }: Diagnosis, words: Words): Part[] {
  const blocked = findings.filter((finding) => finding.id === 'untraversable-ancestor');
  return [
    wordsPart(words.verdict.blockedSentence(blocked, service)),
    { kind: 'rows', rows: blocked.map((one) => blockedRow(one, words)) },
  ];
}

function blockedRow(
  { path, hostPath, mode, owner, group }: FindingOf<'untraversable-ancestor'>,
  words: Words,
): readonly string[] {
  return [
    words.verdict.placeText(visiblePath(path), hostPath && visiblePath(hostPath)),
    mode,
    visibleText(`${owner}:${group}`),
  ];
}

function remedies(
  diagnosis: Diagnosis,
  lead: Finding | undefined,
  consequence: Finding | undefined,
  words: Words,
): Phrase[] {
  return [lead, consequence].flatMap((finding) =>
    finding === undefined ? [] : saidOnly([words.findings.findingWords(finding, diagnosis).remedy]),
  );
}

/**
 * Words a finding other than the lead. A warning says what to do even if there is a plan, which is about something
 * else.
 */
function otherFinding(finding: Finding, diagnosis: Diagnosis, words: Words): OtherFinding {
  const found = words.findings.findingWords(finding, diagnosis);
  const needsRemedy = diagnosis.plan === null || finding.severity === 'warning';
  return { isNote: finding.severity === 'info', words: words.verdict.alsoFound(found, finding, needsRemedy) };
}

function pathOf(diagnosis: Diagnosis, words: Words): DiagnosisTelling['path'] {
  const steps = walkToShow(diagnosis);
  if (steps.length === 0) return null;
  const { service } = diagnosis;
  const identity = service === null || isIdentityInVerdict(diagnosis) ? null : words.verdict.identitySentence(service);
  return { title: words.verdict.pathCheckTitle(steps), steps, identity };
}

function answersOf(diagnosis: Diagnosis, words: Words): DiagnosisTelling['answers'] {
  const raw = [diagnosis.v2, diagnosis.health].filter((answer) => answer !== null);
  return raw.length === 0 ? null : { summary: words.verdict.registrySentence(diagnosis), raw };
}

function wordsPart(words: Phrase): Part {
  return { kind: 'words', words };
}

function saidOnly(phrases: readonly Phrase[]): Phrase[] {
  return phrases.filter((phrase) => phrase.length > 0);
}
