import assert from 'node:assert/strict';
import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { marked, type Token } from 'marked';
import { parse } from 'yaml';
import { z } from 'zod';
import { SECTION_KEYS } from '../../src/config/config-schema.ts';
import { parseConfig } from '../../src/config/read-config.ts';
import { configProblem } from '../../src/words/en/config.ts';
import { runCli } from '../support/run-cli.ts';

const REPO = fileURLToPath(new URL('../../', import.meta.url));

let readme: string;

before(async () => {
  readme = await readFile(join(REPO, 'README.md'), 'utf8');
});

function tokensOf(markdown: string): readonly Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    tokens.push(token);
  });
  return tokens;
}

/** The config reference, with ids where it has an ellipsis. */
function configReference(): string {
  const blocks = tokensOf(readme).flatMap((token) =>
    token.type === 'code' && token.lang === 'yaml' ? [token.text] : [],
  );
  assert.equal(blocks.length, 1);
  return (blocks[0] ?? '').replaceAll('U…', 'U0123').replaceAll('S…', 'S0123');
}

test('the config reference is a config', () => {
  const outcome = parseConfig(configReference(), '/etc/registry-doctor');
  const problems = outcome.kind === 'problems' ? outcome.problems.map((one) => configProblem('README.md', one)) : [];
  assert.deepEqual(problems, []);
});

test('the config reference names every key that there is', () => {
  const Section = z.record(z.string(), z.unknown());
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

test('every command of the command line is in the table, and no other', async () => {
  const { stdout } = await runCli(['--help']);
  const commands = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
  const section = readme.split('## The command line')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `([a-z]+)/gm)].map(([, name]) => name);
  assert.deepEqual([...new Set(rows)].toSorted(), commands.filter((name) => name !== 'help').toSorted());
});

test('every package of ours is in the table of libraries, and no other', async () => {
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

test('links inside the repository lead somewhere', async () => {
  const decisions = (await readdir(join(REPO, 'docs/decisions'))).map((name) => `docs/decisions/${name}`);
  for (const file of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...decisions]) {
    const tokens = tokensOf(await readFile(join(REPO, file), 'utf8'));
    for (const token of tokens) {
      if (token.type !== 'link' || /^https?:/.test(token.href)) continue;
      await assert.doesNotReject(access(join(REPO, dirname(file), token.href)), `${file} → ${token.href}`);
    }
  }
});
