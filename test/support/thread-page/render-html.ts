import type { MessageBlock } from '../../../src/playground/slack/blocks/layout.ts';
import type { Names } from '../../../src/playground/slack/render/names.ts';
import { blockAsHtml, mrkdwnAsHtml } from './blocks-as-html.ts';
import { type Html, html } from './html.ts';
import { PAGE_STYLE } from './page-style.ts';

/** What a page shows of a message. */
export type ShownMessage = {
  readonly author: string;
  readonly text: string;
  readonly blocks: readonly MessageBlock[];
  readonly isReply?: boolean;
  /** "Only visible to you". */
  readonly isPrivate?: boolean;
};

export type PageLook = {
  readonly theme: 'light' | 'dark';
  /** A phone is 390 wide. */
  readonly widthPx: number;
  readonly names: Names;
};

/** Messages as one self-contained page, to measure the thread on a phone. Everything in it is escaped. */
export function renderHtml(messages: readonly ShownMessage[], look: PageLook): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return html`<!doctype html>
<html lang="en" data-theme="${look.theme}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${messages[0]?.text ?? 'No message'}</title>
${PAGE_STYLE}
</head>
<body><main style="width: ${Math.round(look.widthPx)}px">${messages.map((message) => messageAsHtml(message, look.names))}</main></body>
</html>
`.markup;
}

function messageAsHtml(message: ShownMessage, names: Names): Html {
  const content =
    message.blocks.length === 0
      ? html`<div class="line">${mrkdwnAsHtml(message.text, names)}</div>`
      : html`${message.blocks.map((block) => blockAsHtml(block, names))}`;
  const note = message.isPrivate === true ? html`<div class="private">Only visible to you</div>` : html``;
  return html`<article class="${message.isReply === true ? 'reply' : ''}">
<div class="avatar">${message.author.slice(0, 1).toUpperCase()}</div>
<div class="body">${note}<div><span class="author">${message.author}</span> <span class="app">APP</span></div>
${content}</div>
</article>`;
}
