import type { types } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { IncidentId } from '../model/record/ids.ts';
import type { Words } from '../words/index.ts';
import { say } from '../words/phrase.ts';
import { foldsBeside } from './blocks/folds.ts';
import { paragraph, preformatted, richText } from './blocks/rich-text.ts';
import { diagnoseAgainButton } from './cards/parts/buttons.ts';
import { walkTable } from './cards/parts/walk-table.ts';
import { slackFailure } from './connection/slack-failure.ts';

type CardsFinding = { readonly result: 'ok' | 'failed' | 'skipped'; readonly detail: string };

/** Checks whether Slack accepts every kind of block that the cards use. Rejects if Slack does not answer. */
export async function checkCards(client: WebClient, words: Words): Promise<CardsFinding> {
  const { SLACK_CHECK_DETAILS } = words.slackCheck;
  const refused: string[] = [];
  for (const block of sampleBlocks(words)) {
    const code = await refusalOf(client, block);
    if (code === 'unknown_method') return { result: 'skipped', detail: SLACK_CHECK_DETAILS.cardsNotTested };
    if (code !== null) refused.push(`${block.type} (${code})`);
  }
  return refused.length === 0
    ? { result: 'ok', detail: SLACK_CHECK_DETAILS.cardsTaken }
    : { result: 'failed', detail: SLACK_CHECK_DETAILS.blocksRefused(refused) };
}

/** One block of each kind. The fold is the most complex one: a container with a table and text. */
function sampleBlocks(words: Words): readonly types.KnownBlock[] {
  const text = richText(paragraph(say`Registry Doctor`), preformatted('chmod 0751 /srv/registry'));
  const fold = { title: 'Registry Doctor', blocks: (room: number) => [walkTable([], room, words), text] };
  return [text, ...foldsBeside([], [fold], words), diagnoseAgainButton(IncidentId.parse(1), words)];
}

/** Slack's error code for the block. Null: Slack accepts it. */
async function refusalOf(client: WebClient, block: types.KnownBlock): Promise<string | null> {
  try {
    await client.apiCall('blocks.validate', { blocks: [block] });
    return null;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'refused') throw error;
    return failure.code;
  }
}
