import { readFileSync } from 'node:fs';
import { askByPath } from './truth.ts';

/**
 * Asks the kernel with the identity of this process: the question as JSON on standard input, the answers on standard
 * output.
 */
const { path, inner } = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(askByPath(path, inner)));
