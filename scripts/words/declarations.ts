import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** The digest of each top-level declaration of each file of a language: `verdict.ts` → `blockedSentence` → digest. */
export type Stamps = Readonly<Record<string, Readonly<Record<string, string>>>>;

const DECLARATION = /^(?:export )?(?:async )?(?:function|const|let|type|class) (\w+)/;
const DIGEST_LENGTH = 12;

/** The English sentences in this folder, by file and declaration. Imports and types say nothing to people. */
export async function declarationsIn(folder: URL): Promise<Stamps> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && name !== 'index.ts').sort();
  const files = await Promise.all(names.map(async (name) => [name, stampsOf(await textOf(folder, name))] as const));
  return Object.fromEntries(files);
}

/** The text of one declaration with the comments before the next one. The formatter's line breaks do not count. */
export function stampsOf(source: string): Readonly<Record<string, string>> {
  const stamps: Record<string, string> = {};
  let name: string | null = null;
  let lines: string[] = [];
  const close = () => {
    if (name !== null) stamps[name] = digestOf(lines);
  };
  for (const line of source.split('\n')) {
    const [, declared] = DECLARATION.exec(line) ?? [];
    if (declared !== undefined) {
      close();
      name = /^(?:export )?type /.test(line) ? null : declared;
      lines = [];
    }
    lines.push(line);
  }
  close();
  return stamps;
}

function digestOf(lines: readonly string[]): string {
  const text = lines
    .filter((line) => !/^(\/\*\*| \*|\/\/)/.test(line))
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/,? ([)}\]])/g, ' $1')
    .trim();
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

async function textOf(folder: URL, name: string): Promise<string> {
  return readFile(new URL(name, folder), 'utf8');
}

/** What has to be reviewed again: added, changed, or gone since it was stamped, as `verdict.ts: blockedSentence`. */
export function staleSince(stamped: Stamps, now: Stamps): readonly string[] {
  const files = [...new Set([...Object.keys(stamped), ...Object.keys(now)])].sort();
  return files.flatMap((file) => {
    const [before, after] = [stamped[file] ?? {}, now[file] ?? {}];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.filter((name) => before[name] !== after[name]).map((name) => `${file}: ${name}`);
  });
}
