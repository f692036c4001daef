import { readFile, writeFile } from 'node:fs/promises';
import { program } from 'commander';
import { declarationsIn, type Stamps, staleSince } from './words/declarations.ts';

/**
 * `npm run words:stamp -- verdict.ts:blockedSentence …`: records that the Chinese of these English declarations was
 * reviewed after they changed. Without names it lists what is stale. `--all` stamps everything.
 */
const ENGLISH = new URL('../src/words/en/', import.meta.url);
const STAMPS = new URL('../test/words/zh-Hans/stamps.json', import.meta.url);

program.argument('[names...]', 'FILE:NAME of each').option('--all', 'stamp everything');
program.parse();
const { all } = program.opts<{ all?: true }>();
const now = await declarationsIn(ENGLISH);
const stamped: Stamps = JSON.parse(await readFile(STAMPS, 'utf8'));
const stale = staleSince(stamped, now);
const wanted = all ? stale : program.args.map((name) => name.replace(/:\s*/, ': '));
const unknown = wanted.filter((name) => !stale.includes(name));
if (unknown.length > 0) {
  console.error(`Not stale, so nothing was stamped: ${unknown.join(', ')}`);
  process.exitCode = 2;
} else {
  await writeFile(STAMPS, `${JSON.stringify(restamped(), null, 2)}\n`);
  const left = stale.filter((name) => !wanted.includes(name));
  console.log(left.length === 0 ? 'Nothing is stale.' : `Stale:\n${left.join('\n')}`);
}

function restamped(): Stamps {
  const isWanted = (file: string, name: string) => wanted.includes(`${file}: ${name}`);
  const files = [...new Set([...Object.keys(stamped), ...Object.keys(now)])].sort();
  const entries = files.map((file) => {
    const [before, after] = [stamped[file] ?? {}, now[file] ?? {}];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const digests = names.flatMap((name) => {
      const digest = isWanted(file, name) ? after[name] : before[name];
      return digest === undefined ? [] : [[name, digest] as const];
    });
    return [file, Object.fromEntries(digests)] as const;
  });
  return Object.fromEntries(entries.filter(([, digests]) => Object.keys(digests).length > 0));
}
