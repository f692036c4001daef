import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Finding } from '../../src/model/diagnosis/finding.ts';

const DOC = readFileSync(new URL('../../docs/diagnosis.md', import.meta.url), 'utf8');

test('docs/diagnosis.md names exactly the findings that exist', () => {
  const ids = Finding.options.map((option) => option.shape.id.value).toSorted();
  const told = [...DOC.matchAll(/^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id),
  );
  assert.deepEqual(told.toSorted(), ids);
});
