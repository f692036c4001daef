import type { WalkStep } from '../model/access.ts';
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Finding } from '../model/finding.ts';
import { accessClause } from '../words/en/access.ts';
import { imagesSentence } from '../words/en/contents-findings.ts';
import { findingWords } from '../words/en/findings.ts';
import {
  alsoFound,
  alsoThere,
  inVainSentence,
  kindOf,
  mayPass,
  placeText,
  proofSentence,
  registrySentence,
  serviceSentence,
  sourceSentence,
  WALK_MARKS,
} from '../words/en/verdict.ts';
import { whyNowPhrases } from '../words/en/why-now.ts';
import { code, emphasised, type Phrase, say } from '../words/phrase.ts';
import { visiblePath, visibleText } from '../words/visible-text.ts';

/** What the verdict leads with and how it is known, one paragraph an entry; for a healthy host the proof alone. */
export function leadPhrases(diagnosis: Diagnosis): readonly Phrase[] {
  const lead = leadOf(diagnosis);
  const known = [...evidence(lead, diagnosis), registryWords(lead, diagnosis), imagesSentence(diagnosis.images)];
  return (lead === undefined ? known : aboutLead(lead, diagnosis, known)).filter((phrase) => phrase.length > 0);
}

/** What was found besides that, one paragraph a finding. */
export function otherPhrases(diagnosis: Diagnosis): readonly Phrase[] {
  const lead = leadOf(diagnosis);
  return diagnosis.findings
    .filter(({ id }) => id !== lead?.id)
    .map((finding) => {
      const { title, because, remedy } = findingWords(finding, diagnosis);
      const found = say`${alsoFound(title, finding)}. ${because}`;
      return diagnosis.plan === null ? say`${found} ${remedy}` : found;
    });
}

/** Why the fault shows only now: the short answer, then the whole story. Empty for a host without a fault. */
export function whyNowStory({ whyNow, host }: Diagnosis): readonly Phrase[] {
  return whyNow === null ? [] : whyNowPhrases(whyNow, host);
}

/** The cells of one step of the walk: mark, path, type, mode, owner and group, may the registry pass. */
export function walkCells(step: WalkStep): readonly string[] {
  return [
    WALK_MARKS[step.access],
    placeText(visiblePath(step.path), step.hostPath && visiblePath(step.hostPath)),
    kindOf(step, step.target === null ? null : visibleText(step.target)),
    step.mode ?? '',
    step.owner === null ? '' : visibleText(`${step.owner}:${step.group ?? ''}`),
    mayPass(step, accessClause(step)),
  ];
}

/** A healthy host has nothing to act on, only notes. */
function leadOf({ verdict, findings }: Diagnosis): Finding | undefined {
  return verdict === 'healthy' ? undefined : findings[0];
}

function aboutLead(lead: Finding, diagnosis: Diagnosis, known: readonly Phrase[]): readonly Phrase[] {
  const { title, because, remedy } = findingWords(lead, diagnosis);
  const places = diagnosis.findings
    .filter((finding) => finding !== lead && finding.id === lead.id)
    .flatMap(({ path }) => (path === null ? [] : [say`${code(visiblePath(path))}`]));
  return [
    emphasised(say`${title}.`),
    because,
    alsoThere(lead.id, places),
    ...known,
    // With a plan, that says what to do.
    diagnosis.plan === null ? remedy : [],
    inVainSentence(lead.id),
  ];
}

/** A finding that is about no path (the host cannot be reached) has nothing that could have been tried. */
function evidence(lead: Finding | undefined, diagnosis: Diagnosis): readonly Phrase[] {
  const { service } = diagnosis;
  const wasNamed = lead !== undefined && lead.path !== null;
  const source = service === null ? [] : wasNamed ? sourceSentence(service) : serviceSentence(service);
  return [source, lead?.path === null ? [] : proofSentence(diagnosis)];
}

/** Unless a finding says it already. */
function registryWords(lead: Finding | undefined, diagnosis: Diagnosis): Phrase {
  const isFinding = diagnosis.findings.some((finding) => finding !== lead && finding.id === 'registry-unwell');
  return isFinding ? [] : registrySentence(diagnosis);
}
