import type { types } from '@slack/bolt';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { HttpAnswer } from '../../model/facts.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { findingWords } from '../../words/en/findings.ts';
import { recordMark } from '../../words/en/record.ts';
import {
  alsoFound,
  answerHeading,
  findingsLeftOut,
  inVainSentence,
  proofSentence,
  RAW_ANSWERS_TITLE,
  registrySentence,
  serviceSentence,
  tookSentence,
  verdictTitle,
} from '../../words/en/verdict.ts';
import { emphasised, type Phrase, say, separated } from '../../words/phrase.ts';
import type { Card } from './card.ts';
import { clipEnd, clipPhrase } from './clip.ts';
import { mrkdwnText, paragraph, paragraphs, preformatted, richText } from './rich-text.ts';
import { walkTable } from './walk-table.ts';

const MAX_TITLE = 300;
const MAX_BECAUSE = 1_200;
const MAX_REMEDY = 800;
const MAX_OTHERS = 5;
const MAX_OTHER = 250;
const MAX_ANSWER = 600;
const MAX_URL = 150;

type VerdictMessage = Extract<ThreadMessage, { kind: 'verdict' }>;

/** What is broken, why, how it is known and what to do; then the way to the storage; the registry's raw answers last. */
export function verdictCard({ diagnosis, incidentId, record }: VerdictMessage): Card {
  const title = titleOf(diagnosis);
  return {
    text: mrkdwnText(say`${verdictTitle(diagnosis)} (incident ${incidentId}). ${title}`),
    blocks: [
      richText(paragraph(emphasised(title)), ...paragraphs([[], ...bodyOf(diagnosis)])),
      ...(diagnosis.walk.length === 0 ? [] : [walkTable(diagnosis.walk)]),
      ...rawAnswers(diagnosis),
      richText(paragraph(say`${recordMark(record)} · ${tookSentence(diagnosis)}`)),
    ],
  };
}

function titleOf(diagnosis: Diagnosis): Phrase {
  const first = diagnosis.findings[0];
  const title = first === undefined ? say`${verdictTitle(diagnosis)}` : findingWords(first, diagnosis).title;
  return clipPhrase(title, MAX_TITLE);
}

function bodyOf(diagnosis: Diagnosis): Phrase[] {
  const [first, ...others] = diagnosis.findings;
  const evidence = [
    diagnosis.service === null ? [] : serviceSentence(diagnosis.service),
    proofSentence(diagnosis),
    registrySentence(diagnosis),
  ].filter((phrase) => phrase.length > 0);
  const body = [
    ...(first === undefined ? [] : [clipPhrase(findingWords(first, diagnosis).because, MAX_BECAUSE)]),
    separated(evidence, ' '),
    ...alsoLines(others, diagnosis),
    ...(first === undefined ? [] : adviceFor(diagnosis, first)),
  ];
  return body.filter((phrase) => phrase.length > 0);
}

function alsoLines(others: Diagnosis['findings'], diagnosis: Diagnosis): Phrase[] {
  const shown = others
    .slice(0, MAX_OTHERS)
    .map((finding) => clipPhrase(alsoFound(findingWords(finding, diagnosis).title, finding), MAX_OTHER));
  return others.length > MAX_OTHERS ? [...shown, findingsLeftOut(others.length - MAX_OTHERS)] : shown;
}

/** With a plan, its card says what to do; without one, the finding does. */
function adviceFor(diagnosis: Diagnosis, first: Diagnosis['findings'][number]): Phrase[] {
  const remedy = clipPhrase(findingWords(first, diagnosis).remedy, MAX_REMEDY);
  return diagnosis.plan === null ? [remedy, inVainSentence(first.id)] : [inVainSentence(first.id)];
}

function rawAnswers({ v2, health }: Diagnosis): types.KnownBlock[] {
  const answers = [v2, health].filter((answer) => answer !== null);
  if (answers.length === 0) return [];
  return [
    {
      type: 'container',
      title: { type: 'plain_text', text: RAW_ANSWERS_TITLE, emoji: false },
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: answers.map(rawAnswer),
    },
  ];
}

function rawAnswer(answer: HttpAnswer): types.RichTextBlock {
  const heading = clipEnd(answerHeading(answer), MAX_URL);
  return richText(paragraph(say`${heading}`), preformatted(clipEnd(answer.body.trim(), MAX_ANSWER)));
}
