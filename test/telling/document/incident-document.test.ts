import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeDocument } from '../../../src/telling/document/incident-document.ts';
import { proofLinesIn } from '../../../src/telling/document/proof-lines.ts';
import { wordsFor } from '../../../src/words/index.ts';
import { english } from '../../support/words/english.ts';
import { HOSTILE_NAMES, hostileDiagnosis, incidentDiagnosis } from '../sample-diagnoses.ts';
import { incidentRecord, toldIncident } from '../sample-incident.ts';

const TOLD = toldIncident(incidentRecord(incidentDiagnosis, 'looks right'));

test('the HTML of an incident has its four parts, its tables and the picture of its path', () => {
  const html = wholeDocument('html', TOLD, english);
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text);
  assert.deepEqual(headings, ['1. Plan', '2. Review', '3. Execution', '4. Record']);
  const [, picture = ''] = /<img src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html) ?? [];
  assert.match(
    Buffer.from(picture, 'base64').toString('utf8'),
    /^<svg [\s\S]*\/data\/vol1\/ops\/disk4t[\s\S]*<\/svg>$/,
  );
  assert.match(html, /<td><code>0750<\/code><\/td>\n<td><code>0751<\/code><\/td>/);
  assert.match(html, /chmod 0751 \/data\/vol1\/ops {2}# was 0750/);
});

test('a document in Chinese has the same parts, and its page says its language', () => {
  const html = wholeDocument('html', TOLD, wordsFor('zh-Hans'));
  assert.match(html, /<html lang="zh-Hans">/);
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text);
  assert.deepEqual(headings, ['1. 方案', '2. 评审', '3. 执行', '4. 记录']);
});

/** The elements of our page, with all that stands in their tags. */
const OURS = new RegExp(
  `^<(?:!doctype html|html lang="en"|meta [^>]*|(?:th|td) align="left"|img src="data:image/svg\\+xml;base64,[A-Za-z0-9+/=]+" alt="[^"<>]*"|script type="application/json"|/?(?:${[
    ...['html', 'head', 'title', 'style', 'body', 'article', 'script', 'h1', 'h2', 'h3', 'p', 'pre', 'code', 'strong'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ].join('|')}))>$`,
);

for (const name of [...HOSTILE_NAMES, '</script><script>alert(1)</script>', '--><b>', '![x](http://evil.example)']) {
  test(`no name or reason becomes an element of the page, or ends the line of the proof: ${JSON.stringify(name)}`, () => {
    const told = toldIncident(incidentRecord(hostileDiagnosis(name.replaceAll('/', '⁄')), name));
    for (const form of ['html', 'md'] as const) {
      const text = wholeDocument(form, told, english);
      const [line = '', ...more] = proofLinesIn(text);
      assert.deepEqual(more, []);
      assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(told.exported)));
      assert.ok(text.replace(line, '').length > 1_000);
    }
    const tags = wholeDocument('html', told, english).match(/<[^>]*>/g) ?? [];
    assert.deepEqual(
      tags.filter((tag) => !OURS.test(tag)),
      [],
    );
    assert.equal(tags.filter((tag) => tag.startsWith('<script')).length, 1);
  });
}
