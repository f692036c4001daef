import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where files are in memory, if there is such a place: for what need not be on a disk, and is made thousands of times. */
export const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
