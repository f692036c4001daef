import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { neverApproved } from '../../src/cli/check/never-approved.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { SECTION_KEYS } from '../../src/config/schema/config-schema.ts';
import { configProblem } from '../../src/words/en/config.ts';
import { runCli } from '../support/bots/run-cli.ts';
import { theYamlIn, tokensOf } from '../support/words/markdown.ts';

const REPO = fileURLToPath(new URL('../../', import.meta.url));

const text = (file: string) => readFile(join(REPO, file), 'utf8');

let readme: string;
let reference: string;
let commandLine: string;

before(async () => {
  [readme, reference, commandLine] = await Promise.all([
    text('README.md'),
    text('docs/config.md'),
    text('docs/commands.md'),
  ]);
});

/** The config reference, with ids where it has an ellipsis. */
function configReference(): string {
  return theYamlIn(reference).replaceAll('U…', 'U0123').replaceAll('S…', 'S0123');
}

test('the README has the commands to try the bot, and links to all other documents', () => {
  for (const block of ['npm ci && npm run demo', 'npm ci && npm test']) {
    assert.ok(readme.includes(`\n\`\`\`\n${block}\n\`\`\`\n`), block);
  }
  const links = tokensOf(readme).flatMap((token) => (token.type === 'link' ? [String(token.href).split('#')[0]] : []));
  for (const doc of ['config', 'commands', 'operations', 'troubleshooting', 'guard', 'security', 'diagnosis']) {
    assert.ok(links.includes(`docs/${doc}.md`), doc);
  }
});

test('the config in the README lets someone approve every plan', () => {
  const outcome = parseConfig(theYamlIn(readme), '/etc/registry-doctor');
  assert.ok(outcome.kind === 'config', JSON.stringify(outcome));
  assert.deepEqual(neverApproved(outcome.config.hosts.values()), []);
});

test('the config in the config reference is accepted by the config loader', () => {
  const outcome = parseConfig(configReference(), '/etc/registry-doctor');
  const problems =
    outcome.kind === 'problems' ? outcome.problems.map((one) => configProblem('docs/config.md', one)) : [];
  assert.deepEqual(problems, []);
});

test('the config reference describes every config key', () => {
  const Section = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]);
  const keysAt = (path: string): readonly string[] => {
    const parts = path === '' ? [] : path.split('.');
    const below = (at: unknown, part: string) =>
      Object.entries(Section.parse(at)).flatMap(([key, value]) => ([key, '*'].includes(part) ? [value] : []));
    // Not all keys go together, so that one host alone cannot show them.
    const sections = parts.reduce<unknown[]>(
      (at, part) => at.flatMap((section) => below(section, part)),
      [parse(configReference())],
    );
    return [...new Set(sections.flatMap((section) => Object.keys(Section.parse(section))))];
  };
  // The policy of a host or a group has the keys of the policy of all, and shows one of them.
  const shown = Object.entries(SECTION_KEYS).filter(([path]) => !path.includes('*.policy'));
  for (const [path, keys] of shown) {
    assert.deepEqual(keysAt(path).toSorted(), keys.toSorted(), path);
  }
});

test('the command table in the README lists exactly the existing commands', async () => {
  const { stdout } = await runCli(['--help']);
  const commands = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  const rows = [...commandLine.matchAll(/^\| `([a-z]+)/gm)].map(([, name]) => name);
  assert.deepEqual([...new Set(rows)].toSorted(), commands.filter((name) => name !== 'help').toSorted());
});

test('the library table in the README lists exactly the direct dependencies of package.json', async () => {
  const Package = z.object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  });
  const { dependencies, devDependencies } = Package.parse(
    JSON.parse(await readFile(join(REPO, 'package.json'), 'utf8')),
  );
  const section = readme.split('## The libraries')[1] ?? '';
  const cells = [...section.matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const named = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  const ours = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
  assert.deepEqual(named.filter((name) => name !== 'node:sqlite').toSorted(), ours.toSorted());
});

/** As GitHub makes them of headings. */
function anchorsIn(markdown: string): readonly string[] {
  const headings = tokensOf(markdown).flatMap((token) => (token.type === 'heading' ? [String(token.text)] : []));
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('links between files of the repository are not broken', async () => {
  const docs = (await readdir(join(REPO, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'));
  for (const file of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)]) {
    for (const token of tokensOf(await text(file))) {
      if (token.type !== 'link' || /^https?:/.test(token.href)) continue;
      const [path = '', fragment] = String(token.href).split('#');
      const target = path === '' ? file : join(dirname(file), path);
      await assert.doesNotReject(access(join(REPO, target)), `${file} → ${token.href}`);
      if (fragment !== undefined)
        assert.ok(anchorsIn(await text(target)).includes(fragment), `${file} → ${token.href}`);
    }
  }
});

describe('the Chinese README', () => {
  let chinese: string;
  before(async () => {
    chinese = await text('README.zh-CN.md');
  });

  test('the Chinese README was reviewed after the last change of the English one', () => {
    const digest = createHash('sha256').update(readme).digest('hex');
    assert.ok(
      chinese.startsWith(`<!-- translated from README.md, sha256: ${digest} -->\n`),
      `README.md changed. Compare README.zh-CN.md with it, then put this on its first line: ${digest}`,
    );
  });

  test('the Chinese README has the same commands and links to the same documents', () => {
    const commands = (of: string) => tokensOf(of).flatMap((token) => (token.type === 'code' ? [codeOf(token)] : []));
    const inChinese = commands(chinese).map((command) => command.replace(/(?: --)? --lang zh-Hans/, ''));
    assert.deepEqual(inChinese, commands(readme));
    const links = (of: string) => tokensOf(of).flatMap((token) => (token.type === 'link' ? [String(token.href)] : []));
    const wanted = links(readme).filter((link) => link !== 'README.zh-CN.md');
    assert.deepEqual(
      wanted.filter((link) => !links(chinese).includes(link)),
      [],
    );
  });

  test('the Chinese README has the same config, in Chinese', () => {
    const { language, ...rest } = parse(theYamlIn(chinese));
    assert.equal(language, 'zh-Hans');
    assert.deepEqual(rest, parse(theYamlIn(readme)));
  });
});

/** Without what a config says in its comments. */
function codeOf(token: { readonly raw: string; readonly lang?: string; readonly text?: string }): string {
  return token.lang === 'yaml' ? 'the config' : String(token.text);
}
