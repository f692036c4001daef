import { Marked } from 'marked';
import type { ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { Words } from '../../words/index.ts';
import { incidentBlocks } from '../markdown/incident-blocks.ts';
import { markdownText } from '../markdown/markdown.ts';
import { diagnosisPicture } from '../picture/diagnosis-picture.ts';
import { proofLines } from './proof-lines.ts';

const STYLE = [
  'body{max-width:60rem;margin:0 auto;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:#1d1f23}',
  'h2{border-bottom:1px solid #ccc}',
  'table{display:block;overflow-x:auto;border-collapse:collapse;font-size:.85rem}',
  'th,td{padding:.2rem .5rem;border:1px solid #ccc;text-align:left;vertical-align:top}',
  'pre{padding:.6rem;overflow-x:auto;background:#f4f5f7}',
  'img{max-width:100%}',
];

/** Nothing in the page runs, and nothing is fetched: it can be opened wherever it is kept. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const markdown = new Marked({ gfm: true });

export function htmlHead(words: Words): string {
  return `<!doctype html>
<html lang="${words.incidentExport.HTML_LANGUAGE}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>${words.incidentExport.HTML_TITLE}</title>
<style>
${STYLE.join('\n')}
</style>
</head>
<body>
`;
}

export const htmlFoot = '</body>\n</html>\n';

/** The Markdown of the incident as HTML, with the picture of each path in it. */
export function htmlIncident(told: ToldIncident, words: Words): string {
  const blocks = incidentBlocks(told, words, (diagnosis) => {
    const { svg } = diagnosisPicture(diagnosis, words);
    const address = `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
    return `![${markdownText(words.files.pictureTitle(diagnosis))}](${address})`;
  });
  const html = markdown.parse(blocks.join('\n\n'), { async: false });
  return `<article>\n${html}</article>\n${proofLines(told, 'html').join('')}\n`;
}
