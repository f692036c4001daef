import { existsSync, renameSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * A process that waits for a file to appear, then swaps an entry for another and back a number of times, and leaves both where
 * they were. Arguments: the entry, the other one, a free name. Each line on its standard input names a file to wait for.
 */
const [entry = '', other = '', free = ''] = process.argv.slice(2);
const SWAPS = 2000;
const DEADLINE_MS = 10_000;

for await (const file of createInterface(process.stdin)) {
  const deadline = Date.now() + DEADLINE_MS;
  while (!existsSync(file) && Date.now() < deadline);
  for (let left = SWAPS; left > 0; left -= 1) {
    renameSync(entry, free);
    renameSync(other, entry);
    renameSync(entry, other);
    renameSync(free, entry);
  }
  process.stdout.write('done\n');
}
