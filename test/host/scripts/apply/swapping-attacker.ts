import { renameSync } from 'node:fs';

/**
 * A process that swaps a directory for a link to somewhere else, and back, as fast as it can: a process that follows the path a
 * second time meets the other one. Arguments: the directory, the link, and a free name.
 */
const [directory = '', link = '', free = ''] = process.argv.slice(2);

process.stdout.write('ready\n');
for (;;) {
  renameSync(directory, free);
  renameSync(link, directory);
  renameSync(directory, link);
  renameSync(free, directory);
}
