// A thread of its own begins with plain JavaScript, as the program does.
import { workerData } from 'node:worker_threads';
import '../../strip-types.js';

const { checkInThread } = await import('./check-in-thread.ts');
await checkInThread(workerData);
