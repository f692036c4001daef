import { type Html, html } from './html.ts';

/** Similar to Slack's client. No font, picture or script is loaded. */
export const PAGE_STYLE: Html = html`<style>
  :root { --ground: #fff; --text: #1d1c1d; --dim: #616061; --line: #ddd; --raised: #f8f8f8; --code: #c01343;
    --code-ground: #f6f6f6; --mention: #1264a3; --mention-ground: #e8f5fa; --danger: #e01e5a; --primary: #007a5a; }
  [data-theme='dark'] { --ground: #1a1d21; --text: #d1d2d3; --dim: #ababad; --line: #44474a; --raised: #222529;
    --code: #e8912d; --code-ground: #232529; --mention: #1d9bd1; --mention-ground: #1b2b3a; --danger: #e01e5a;
    --primary: #007a5a; }
  body { margin: 0; background: var(--ground); color: var(--text);
    font: 15px/1.46668 Lato, 'Helvetica Neue', 'Noto Sans', 'Noto Sans CJK SC', Arial, sans-serif; }
  main { box-sizing: border-box; padding: 12px; }
  article { display: flex; gap: 8px; margin-bottom: 12px; }
  article.reply { margin-left: 12px; }
  .avatar { flex: none; width: 36px; height: 36px; border-radius: 4px; background: var(--primary); color: #fff;
    display: grid; place-items: center; font-weight: 900; }
  .body { min-width: 0; flex: 1; }
  .author { font-weight: 900; } .app { font-size: 10px; color: var(--dim); background: var(--raised); padding: 1px 3px; }
  .when, .private { font-size: 12px; color: var(--dim); }
  h2 { font-size: 18px; line-height: 1.3; margin: 4px 0; overflow-wrap: anywhere; }
  .line, li, blockquote, .more { white-space: pre-wrap; overflow-wrap: anywhere; }
  .line:empty::after { content: '\\200b'; }
  .rich, .section, .actions, .context, .table, .container, .plan, .task { margin: 4px 0 8px; }
  .section { display: flex; gap: 12px; } .grow { flex: 1; min-width: 0; }
  .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; }
  .button { border: 1px solid var(--line); border-radius: 4px; padding: 4px 12px; font-weight: 700; align-self: start;
    max-width: 100%; box-sizing: border-box; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .button.danger { background: var(--danger); border-color: var(--danger); color: #fff; }
  .button.primary { background: var(--primary); border-color: var(--primary); color: #fff; }
  .context { display: flex; flex-wrap: wrap; gap: 8px; font-size: 13px; color: var(--dim); }
  .image { border: 1px dashed var(--line); color: var(--dim); padding: 4px; }
  code { font: 12px/1.5 Monaco, Menlo, 'DejaVu Sans Mono', monospace; color: var(--code); background: var(--code-ground);
    border: 1px solid var(--line); border-radius: 3px; padding: 1px 3px; white-space: pre-wrap; overflow-wrap: anywhere; }
  pre { font: 12px/1.5 Monaco, Menlo, 'DejaVu Sans Mono', monospace; background: var(--code-ground); margin: 4px 0;
    border: 1px solid var(--line); border-radius: 4px; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
  blockquote { margin: 4px 0; padding-left: 12px; border-left: 4px solid var(--line); }
  ul, ol { margin: 0; padding-left: 26px; }
  .mention { color: var(--mention); background: var(--mention-ground); border-radius: 3px; padding: 0 2px; }
  .link { color: var(--mention); }
  .table { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
  table { border-collapse: collapse; }
  td { border-top: 1px solid var(--line); border-left: 1px solid var(--line); padding: 6px 10px; vertical-align: top;
    max-width: 280px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  td .line { white-space: inherit; } td.wrapped { white-space: normal; overflow-wrap: anywhere; min-width: 90px; }
  td:first-child { border-left: 0; } tr:first-child td { border-top: 0; }
  .heading { font-weight: 700; background: var(--raised); }
  .center { text-align: center; } .right { text-align: right; }
  .container, .plan { border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
  .task { display: flex; gap: 8px; } .more { color: var(--dim); font-size: 13px; }
  .task.error .mark { color: var(--danger); } .task.complete .mark { color: var(--primary); }
  hr { border: 0; border-top: 1px solid var(--line); margin: 8px 0; }
</style>`;
