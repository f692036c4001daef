import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Facts } from '../../model/host/facts.ts';
import { parsedJson } from '../../model/json.ts';
import type { Words } from '../../words/index.ts';
import { readBoundedStream } from './bounded-stream.ts';

/** Enough for any facts: a host's answer is at most 1 MiB, and a few times larger as JSON. */
const MAX_BYTES = 32 * 1024 * 1024;

export type FactsOutcome =
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'problem'; readonly why: string };

/** Reads saved facts, as strictly as if a host had just sent them. */
export async function readFacts(file: string, words: Words): Promise<FactsOutcome> {
  const read = await readText(file, words);
  if (read.kind === 'problem') return read;
  const value = parsedJson(read.text);
  if (value === undefined) return { kind: 'problem', why: words.cli.FACTS_PROBLEMS.notJson };
  const parsed = Facts.safeParse(value);
  if (parsed.success) return { kind: 'facts', facts: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    kind: 'problem',
    why: words.cli.FACTS_PROBLEMS.notFacts(issue?.path.join('.') ?? '', issue?.message ?? ''),
  };
}

/**
 * Writes a file that only this user can read, since it says much about a host. Writes it completely or not at all.
 * Returns null on success, otherwise the reason.
 */
export async function writePrivately(file: string, content: string | Uint8Array, words: Words): Promise<string | null> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(content).finally(() => handle.close());
    await rename(draft, file);
    return null;
  } catch (error) {
    await rm(draft, { force: true });
    return words.systemError.systemError(error);
  }
}

type TextOutcome =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly why: string };

async function readText(file: string, words: Words): Promise<TextOutcome> {
  try {
    const text = await readBoundedStream(createReadStream(file), MAX_BYTES);
    return text === null
      ? { kind: 'problem', why: words.cli.FACTS_PROBLEMS.tooLarge(MAX_BYTES) }
      : { kind: 'text', text };
  } catch (error) {
    return { kind: 'problem', why: words.systemError.systemError(error) };
  }
}
