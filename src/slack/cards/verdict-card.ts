import type { types } from '@slack/bolt';
import { type Diagnosis, walkToShow } from '../../model/diagnosis.ts';
import type { HttpAnswer } from '../../model/facts.ts';
import type { Finding } from '../../model/finding.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { imagesSentence } from '../../words/en/contents-findings.ts';
import { durabilityPhrases } from '../../words/en/durability.ts';
import { findingWords } from '../../words/en/findings.ts';
import { linesLeftOut } from '../../words/en/left-out.ts';
import { recordMark } from '../../words/en/record.ts';
import {
  alsoFound,
  alsoThere,
  answerHeading,
  findingsLeftOut,
  inVainSentence,
  proofSentence,
  RAW_ANSWERS_TITLE,
  registrySentence,
  serviceSentence,
  sourceSentence,
  tookSentence,
  verdictTitle,
} from '../../words/en/verdict.ts';
import { STORY_TITLE, whyNowLead, whyNowPhrases } from '../../words/en/why-now.ts';
import { code, emphasised, type Phrase, plainText, say, separated } from '../../words/phrase.ts';
import { visiblePath } from '../../words/visible-text.ts';
import type { Card } from './card.ts';
import { clipEnd, clipMiddle, clipPhrase } from './clip.ts';
import { fitLines } from './fit-lines.ts';
import { mrkdwnText, paragraph, paragraphs, preformatted, richText } from './rich-text.ts';
import { walkTable } from './walk-table.ts';

const MAX_TITLE = 300;
const MAX_BECAUSE = 1_000;
const MAX_EVIDENCE = 600;
const MAX_REMEDY = 1_000;
const MAX_SAME = 6;
const MAX_SAME_PATH = 80;
const MAX_OTHERS = 4;
const MAX_OTHER = 450;
const MAX_ANSWER = 500;
const MAX_URL = 100;
const MAX_OUTLOOK = 3;
const MAX_WHY_NOW = 700;
const MAX_STORY_LINE = 300;
const MAX_STORY = 2_500;

type VerdictMessage = Extract<ThreadMessage, { kind: 'verdict' }>;

/** What is broken, why, how it is known and what to do; then the way to the storage; the registry's raw answers last. */
export function verdictCard({ diagnosis, incidentId, record }: VerdictMessage): Card {
  const title = titleOf(diagnosis);
  const walk = walkToShow(diagnosis);
  return {
    text: mrkdwnText(
      say`${verdictTitle(diagnosis)} (incident ${incidentId}).${leadOf(diagnosis) ? say` ${title}.` : []}`,
    ),
    blocks: [
      richText(...paragraphs([emphasised(say`${title}.`), ...bodyOf(diagnosis)])),
      ...(walk.length === 0 ? [] : [walkTable(walk)]),
      ...outlook(diagnosis),
      ...story(diagnosis),
      ...rawAnswers(diagnosis),
      richText(paragraph(say`${recordMark(record)} · ${tookSentence(diagnosis)}`)),
    ],
  };
}

/** What the verdict leads with; a healthy host has nothing to act on, only notes. */
function leadOf({ verdict, findings }: Diagnosis): Finding | undefined {
  return verdict === 'healthy' ? undefined : findings[0];
}

function titleOf(diagnosis: Diagnosis): Phrase {
  const lead = leadOf(diagnosis);
  return clipPhrase(lead ? findingWords(lead, diagnosis).title : say`${verdictTitle(diagnosis)}`, MAX_TITLE);
}

function bodyOf(diagnosis: Diagnosis): Phrase[] {
  const lead = leadOf(diagnosis);
  const others = diagnosis.findings.filter((finding) => finding !== lead);
  const consequence = others.find(({ id, severity }) => id === 'registry-unwell' && severity === 'info');
  const same = others.filter(({ id }) => id === lead?.id);
  const different = others.filter((finding) => finding.id !== lead?.id && finding !== consequence);
  const body = [
    ...(lead ? [clipPhrase(findingWords(lead, diagnosis).because, MAX_BECAUSE)] : []),
    sameLine(same),
    clipPhrase(evidenceOf(diagnosis, lead), MAX_EVIDENCE),
    registryLine(diagnosis, consequence),
    imagesSentence(diagnosis.images),
    ...otherLines(different, diagnosis),
    ...(lead ? adviceFor(diagnosis, lead) : []),
  ];
  return body.filter((phrase) => phrase.length > 0);
}

/** The statuses in a sentence; the answers themselves are folded away below, they would push the table off a phone. */
function registryLine(diagnosis: Diagnosis, consequence: Finding | undefined): Phrase {
  if (consequence === undefined) return registrySentence(diagnosis);
  return clipPhrase(say`${registrySentence(diagnosis)} ${findingWords(consequence, diagnosis).remedy}`, MAX_OTHER);
}

/**
 * Whose identity was judged, unless the lead's own words have named it just before. A finding that is about no path (the
 * host cannot be reached) has nothing that could have been tried.
 */
function evidenceOf(diagnosis: Diagnosis, lead: Finding | undefined): Phrase {
  const { service } = diagnosis;
  const isNamed = lead?.id === 'untraversable-ancestor' || lead?.id === 'storage-root-unusable';
  const source = service === null ? [] : isNamed ? sourceSentence(service) : serviceSentence(service);
  const proof = lead?.path === null ? [] : proofSentence(diagnosis);
  return separated(
    [source, proof].filter((phrase) => phrase.length > 0),
    ' ',
  );
}

function sameLine(findings: readonly Finding[]): Phrase {
  const [first] = findings;
  if (first === undefined) return [];
  const places = findings.flatMap(({ path }) =>
    path === null ? [] : [say`${code(clipMiddle(visiblePath(path), MAX_SAME_PATH))}`],
  );
  const hidden = places.length - MAX_SAME;
  return alsoThere(first.id, hidden > 0 ? [...places.slice(0, MAX_SAME), say`${hidden} more`] : places);
}

function otherLines(findings: readonly Finding[], diagnosis: Diagnosis): Phrase[] {
  const shown = findings.slice(0, MAX_OTHERS).map((finding) => {
    const { title, because } = findingWords(finding, diagnosis);
    return clipPhrase(say`${alsoFound(title, finding)}. ${because}`, MAX_OTHER);
  });
  const hidden = findings.length - shown.length;
  return hidden > 0 ? [...shown, findingsLeftOut(hidden)] : shown;
}

/** With a plan, its card says what to do; without one, the finding does. */
function adviceFor(diagnosis: Diagnosis, lead: Finding): Phrase[] {
  const remedy = clipPhrase(findingWords(lead, diagnosis).remedy, MAX_REMEDY);
  return diagnosis.plan === null ? [remedy, inVainSentence(lead.id)] : [inVainSentence(lead.id)];
}

/** Why only now, and will it last: a few sentences each. */
function outlook(diagnosis: Diagnosis): types.KnownBlock[] {
  const { whyNow } = diagnosis;
  const phrases = [
    ...(whyNow === null ? [] : [clipPhrase(whyNowLead(whyNow), MAX_WHY_NOW)]),
    ...durabilityPhrases(diagnosis)
      .slice(0, MAX_OUTLOOK)
      .map((phrase) => clipPhrase(phrase, MAX_OTHER)),
  ];
  return phrases.length === 0 ? [] : [richText(...paragraphs(phrases))];
}

/** The whole story, line by line, for whoever wants to know; folded away, most do not need it at night. */
function story({ whyNow, host }: Diagnosis): types.KnownBlock[] {
  if (whyNow === null) return [];
  // The first one is the short answer, which stands above.
  const lines = whyNowPhrases(whyNow, host).slice(1);
  const clipped = lines.map((line) => clipPhrase(line, MAX_STORY_LINE));
  const { shown, hidden } = fitLines(clipped.map(plainText), MAX_STORY);
  const fitting = clipped.slice(0, shown.length);
  const all = hidden === 0 ? fitting : [...fitting, say`${linesLeftOut(hidden)}`];
  return [folded(STORY_TITLE, [richText(...all.map(paragraph))])];
}

function folded(title: string, blocks: types.RichTextBlock[]): types.KnownBlock {
  return {
    type: 'container',
    title: { type: 'plain_text', text: title, emoji: false },
    is_collapsible: true,
    default_collapsed: true,
    child_blocks: blocks,
  };
}

function rawAnswers({ v2, health }: Diagnosis): types.KnownBlock[] {
  const answers = [v2, health].filter((answer) => answer !== null);
  return answers.length === 0 ? [] : [folded(RAW_ANSWERS_TITLE, answers.map(rawAnswer))];
}

function rawAnswer(answer: HttpAnswer): types.RichTextBlock {
  const heading = clipEnd(answerHeading(answer), MAX_URL);
  return richText(paragraph(say`${heading}`), preformatted(clipEnd(answer.body.trim(), MAX_ANSWER)));
}
