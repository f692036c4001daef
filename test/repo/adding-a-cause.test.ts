import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { incidentFacts } from '../support/facts/incident-facts.ts';

/**
 * The steps of CONTRIBUTING.md, "Adding a cause", carried out on a copy of the product: with all of them a cause is found and
 * told, and the one that is forgotten doesn't compile.
 */

const ROOT = new URL('../../', import.meta.url).pathname;
const TSC = join(ROOT, 'node_modules/.bin/tsc');

type Step = {
  readonly file: string;
  readonly take: (text: string) => string;
};

const DATA: Step = {
  file: 'src/model/diagnosis/findings/service.ts',
  take: (text) =>
    text.replace(
      'export const SERVICE_FINDINGS = [',
      "$&\n  z.strictObject({ id: z.literal('host-without-name'), ...hostWide, machine: z.string() }),",
    ),
};

const CHECK: Step = {
  file: 'src/diagnosis/checks/process/host-without-name.ts',
  take: () => `import type { Check } from '../check.ts';

export const hostWithoutName: Check<'host-without-name'> = {
  id: 'host-without-name',
  inconclusive: true,
  look({ facts }) {
    if (facts.hostname !== '') return [];
    return [{ id: 'host-without-name', severity: 'warning', proof: 'evaluated', path: null, machine: facts.host }];
  },
};
`,
};

const PLACE: Step = {
  file: 'src/diagnosis/checks/index.ts',
  take: (text) =>
    text
      .replace(
        /^import type \{ AnyCheck, Check \}.*$/m,
        "$&\nimport { hostWithoutName } from './process/host-without-name.ts';",
      )
      .replace(/CHECK_OF: .* = \{$/m, "$&\n  'host-without-name': hostWithoutName,"),
};

const WORDS: Step = {
  file: 'src/words/en/service-findings.ts',
  take: (text) =>
    text.replace(
      'export const SERVICE_WORDS = {',
      `$&
  'host-without-name': {
    headline: 'the host has no name',
    words: ({ machine }) => ({
      title: say\`\${machine} has no hostname\`,
      because: say\`The kernel's hostname is empty.\`,
      remedy: say\`Set one with \${code('hostnamectl')}.\`,
    }),
  },`,
    ),
};

const CHINESE_WORDS: Step = {
  file: 'src/words/zh-Hans/service-findings.ts',
  take: (text) =>
    text.replace(
      'export const SERVICE_WORDS = {',
      `$&
  'host-without-name': {
    headline: '主机没有名称',
    words: ({ machine }) => ({
      title: say\`\${machine} 没有主机名\`,
      because: say\`内核中的主机名为空。\`,
      remedy: say\`用 \${code('hostnamectl')} 设置主机名。\`,
    }),
  },`,
    ),
};

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'rd-adding-a-cause-'));
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** A copy of the product with these steps taken. */
function productWith(name: string, steps: readonly Step[]): string {
  const copy = join(directory, name);
  cpSync(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const config = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  const files = ['src/diagnosis/checks/verdict.ts', 'src/words/en/findings.ts', 'src/words/zh-Hans/findings.ts'];
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ ...config, include: files }));
  writeFileSync(join(copy, 'package.json'), '{"type":"module"}');
  for (const { file, take } of steps) {
    const path = join(copy, file);
    const before = file === CHECK.file ? '' : readFileSync(path, 'utf8');
    const text = take(before);
    assert.notEqual(text, before, `${file} has no such place any more`);
    writeFileSync(path, text);
  }
  return copy;
}

function compile(copy: string): string {
  const { status, stdout } = spawnSync(TSC, { cwd: copy, encoding: 'utf8' });
  return status === 0 ? '' : stdout;
}

describe('adding a cause', () => {
  test('a cause that is added by the four steps of CONTRIBUTING.md compiles, is found and shown, and is never called healthy', () => {
    const copy = productWith('whole', [DATA, CHECK, PLACE, WORDS, CHINESE_WORDS]);
    assert.equal(compile(copy), '');
    const facts = { ...incidentFacts(), hostname: '' };
    writeFileSync(join(copy, 'facts.json'), JSON.stringify(facts));
    writeFileSync(
      join(copy, 'diagnose.ts'),
      `import { readFileSync } from 'node:fs';
import { verdictOf } from './src/diagnosis/checks/verdict.ts';
import { judgeFacts } from './src/diagnosis/judge-facts.ts';
import { findingWords, headlineOf } from './src/words/en/findings.ts';
import { plainText } from './src/words/phrase.ts';
const { findings } = judgeFacts(JSON.parse(readFileSync(new URL('facts.json', import.meta.url), 'utf8')));
const found = findings.find(({ id }) => id === 'host-without-name');
const { title } = findingWords(found, { host: 'git01', service: null, plan: null });
console.log(JSON.stringify([headlineOf(found), plainText(title), verdictOf([found])]));
`,
    );
    const run = spawnSync(process.execPath, [join(copy, 'diagnose.ts')], { encoding: 'utf8' });
    assert.equal(run.stderr, '');
    assert.deepEqual(JSON.parse(run.stdout), ['the host has no name', 'git01 has no hostname', 'inconclusive']);
  });

  test('a new cause that is missing from the list of checks, or has no words in some language, does not compile', () => {
    const errors = compile(productWith('half', [DATA, CHECK]));
    assert.match(errors, /^src\/diagnosis\/checks\/index\.ts.*host-without-name/m);
    assert.match(errors, /^src\/words\/en\/findings\.ts.*host-without-name/m);
    assert.match(errors, /^src\/words\/zh-Hans\/findings\.ts.*host-without-name/m);
  });
});
