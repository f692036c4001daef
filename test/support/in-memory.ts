import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** The directory for files in memory, if there is one: for files that need no disk and are made thousands of times. */
export const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
