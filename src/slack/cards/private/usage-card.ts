import type { PrivateAnswer } from '../../../model/record/messages/private-answer.ts';
import type { Words } from '../../../words/index.ts';
import { bold, say } from '../../../words/phrase.ts';
import { paragraph, richText } from '../../blocks/rich-text.ts';
import type { Card } from '../parts/card.ts';
import { privateCard } from './private-card.ts';
import { sectionLists } from './section-card.ts';

/** The help: what is wrong with what was typed, and the commands as a list. */
export function usageCard(usage: Extract<PrivateAnswer, { kind: 'usage' }>, words: Words): Card {
  const { usageProblem, usageSection } = words.commands;
  const { text } = privateCard(words.answers.privateAnswer(usage), words);
  const section = usageSection(usage.hosts);
  const problem = usage.problem === null ? [] : [paragraph(say`${usageProblem(usage.problem)}`)];
  return { text, blocks: [richText(...problem, paragraph([bold(section.title)]), ...sectionLists(section, words))] };
}
