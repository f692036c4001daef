import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import { MessageBlock } from '../../../src/playground/slack/blocks/layout.ts';
import { namesIn } from '../../../src/playground/slack/render/names.ts';
import { renderText } from '../../../src/playground/slack/render-text.ts';
import { DEFAULT_WORKSPACE } from '../../../src/playground/slack/workspace.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { renderHtml } from '../thread-page/render-html.ts';
import { english } from '../words/english.ts';

/** How long the thread is on a phone, from the first word of the verdict to the Approve button. */

export const PHONE = { columns: 45, widthPx: 390, heightPx: 844 } as const;

/** Lines of 22 px, as Slack draws text of 15 px. */
export const LINES_A_SCREEN = Math.floor(PHONE.heightPx / 22);

const NAMES = namesIn(DEFAULT_WORKSPACE);

/** The author's name above a message, and the space between two. */
const LINES_A_MESSAGE = 2;

export type ThreadSize = { readonly lines: number; readonly words: number };

/** What is visible until the button: wrapped lines, with the titles of closed folds, and the words above the folds. */
export function sizeUntilApprove(messages: readonly ThreadMessage[]): ThreadSize {
  return measured(blocksUntilApprove(messages));
}

/** The same for one whole message. */
export function sizeOf(message: ThreadMessage): ThreadSize {
  return measured([blocksOf(message)]);
}

function measured(messages: readonly MessageBlock[][]): ThreadSize {
  const lines = messages.reduce((sum, blocks) => {
    const shown = asText(blocks.map(closed));
    return sum + LINES_A_MESSAGE + shown.trimEnd().split('\n').length;
  }, 0);
  const aboveFolds = messages.map((blocks) => asText(blocks.filter(({ type }) => type !== 'container')));
  const words = aboveFolds
    .join(' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  return { lines, words: words.length };
}

function asText(blocks: readonly MessageBlock[]): string {
  return renderText({ text: '', blocks: [...blocks] }, { width: PHONE.columns, names: NAMES });
}

function blocksOf(message: ThreadMessage): MessageBlock[] {
  return cardFor(message, english).blocks.map((block) => MessageBlock.parse(structuredClone(block)));
}

function blocksUntilApprove(messages: readonly ThreadMessage[]): MessageBlock[][] {
  const shown: MessageBlock[][] = [];
  for (const message of messages) {
    const blocks = blocksOf(message);
    const button = blocks.findIndex(({ type }) => type === 'actions');
    const isLast = message.kind === 'plan' && button >= 0;
    shown.push(isLast ? blocks.slice(0, button + 1) : blocks);
    if (isLast) return shown;
  }
  throw new Error('no message has a button that approves');
}

/** A fold as a phone shows it: its title. */
function closed(block: MessageBlock): MessageBlock {
  if (block.type !== 'container') return block;
  const text = `▸ ${block.title?.text ?? ''}`;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

/** Debian's Chromium, or null. */
export function chromiumHere(): string | null {
  return existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : null;
}

/** The same in pixels, as a browser of a phone's width draws it. */
export async function pixelsUntilApprove(messages: readonly ThreadMessage[], chromium: string): Promise<number> {
  const shown = blocksUntilApprove(messages).map((blocks) => ({
    author: 'Registry Doctor',
    text: '',
    blocks,
    isReply: true,
  }));
  const page = renderHtml(shown, { theme: 'light', widthPx: PHONE.widthPx, names: NAMES })
    .replace(/<meta http-equiv[^>]*>/, '')
    .replace('</body>', `${MEASURE}</body>`);
  const directory = await mkdtemp(join(tmpdir(), 'rd-thread-'));
  try {
    const file = join(directory, 'thread.html');
    await writeFile(file, page);
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(directory, 'profile')}`];
    const size = `--window-size=${PHONE.widthPx},${PHONE.heightPx}`;
    const { stdout } = await promisify(execFile)(chromium, [...flags, size, '--dump-dom', pathToFileURL(file).href]);
    const [, pixels] = /data-until-approve="([\d.]+)"/.exec(stdout) ?? [];
    if (pixels === undefined) throw new Error('the browser measured nothing');
    return Math.round(Number(pixels));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const MEASURE = `<script>
  const start = document.querySelector('.line').getBoundingClientRect().top;
  const end = document.querySelector('.button').getBoundingClientRect().bottom;
  document.body.dataset.untilApprove = end - start;
</script>`;
