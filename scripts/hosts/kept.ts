import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './packages.ts';
import { ROWS } from './rows/index.ts';
import type { Seen } from './seen.ts';

const FILE = join(CACHE, 'seen.json');

/** Keeps what was seen, in place of what an earlier run here has seen on the same rows. Returns all of it, in order. */
export function keptWith(seen: readonly Seen[]): readonly Seen[] {
  const earlier: readonly Seen[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : [];
  const byId = new Map([...earlier, ...seen].map((one) => [one.id, one]));
  const all = ROWS.flatMap(({ id }) => byId.get(id) ?? []);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(FILE, JSON.stringify(all));
  return all;
}
