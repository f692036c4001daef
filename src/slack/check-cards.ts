import type { types } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { People } from '../model/settings/settings.ts';
import type { Words } from '../words/index.ts';
import { slackFailure } from './connection/slack-failure.ts';
import { sampleCards } from './sample-cards.ts';

type CardsFinding = { readonly result: 'ok' | 'failed' | 'skipped'; readonly detail: string };
type Blocks = readonly types.KnownBlock[];
/** Kinds of blocks that Slack refuses, and its error code for each. */
type Refused = ReadonlyMap<string, string>;

/**
 * Checks whether Slack accepts the cards of an incident. Rejects if Slack does not answer. `people`: those whom cards mention.
 *
 * One call a card, because Slack limits this method and does not say how much. Only a refused card is taken apart. No
 * kind is tried again once it was refused.
 */
export async function checkCards(client: WebClient, people: People, words: Words): Promise<CardsFinding> {
  const { SLACK_CHECK_DETAILS } = words.slackCheck;
  let refused: Refused = new Map();
  for (const card of sampleCards(people, words)) {
    const blocks = without(refused, card.blocks);
    const code = blocks.length === 0 ? null : await refusalOf(client, blocks);
    if (code === 'unknown_method') return { result: 'skipped', detail: SLACK_CHECK_DETAILS.cardsNotTested };
    if (code !== null) refused = new Map([...refused, ...(await refusedAmong(client, blocks, code))]);
  }
  return refused.size === 0
    ? { result: 'ok', detail: SLACK_CHECK_DETAILS.cardsTaken }
    : {
        result: 'failed',
        detail: SLACK_CHECK_DETAILS.blocksRefused([...refused].map(([kind, code]) => `${kind} (${code})`)),
      };
}

/** What Slack refuses among blocks that it refuses together, with `code`. */
async function refusedAmong(client: WebClient, blocks: Blocks, code: string): Promise<Refused> {
  const refused = new Map<string, string>();
  for (const block of blocks) {
    const [isNew] = without(refused, [block]);
    const own = isNew === undefined ? null : await refusalOf(client, [block]);
    if (own !== null) for (const [kind, why] of await refusedIn(client, block, own)) refused.set(kind, why);
  }
  const kinds = new Set(blocks.map(({ type }) => type));
  return refused.size > 0 ? refused : new Map([[[...kinds].join(' + '), code]]);
}

/** What Slack refuses in a block that it refuses with `code`. What a container holds is tried without it. */
async function refusedIn(client: WebClient, block: types.KnownBlock, code: string): Promise<Refused> {
  const children = 'child_blocks' in block ? block.child_blocks : [];
  const refused = new Map<string, string>();
  for (const child of children) {
    const own = await refusalOf(client, [child]);
    if (own !== null) refused.set(child.type, own);
  }
  return refused.size > 0 ? refused : new Map([[block.type, code]]);
}

/** The blocks that are of no refused kind and hold none. */
function without(refused: Refused, blocks: Blocks): Blocks {
  return blocks.filter((block) => !kindsIn(block).some((kind) => refused.has(kind)));
}

function kindsIn(block: types.KnownBlock): readonly string[] {
  return 'child_blocks' in block ? [block.type, ...block.child_blocks.flatMap(kindsIn)] : [block.type];
}

/** Slack's error code for the blocks. Null: Slack accepts them. */
async function refusalOf(client: WebClient, blocks: Blocks): Promise<string | null> {
  try {
    await client.apiCall('blocks.validate', { blocks: [...blocks] });
    return null;
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'refused') throw error;
    return failure.code;
  }
}
