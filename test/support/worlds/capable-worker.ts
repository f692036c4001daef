import type { Identity } from '../../../src/model/facts.ts';
import { askKernel } from './kernel-answers.ts';

/** Answers questions with the capabilities that this process was started with, which becoming another user does not change. */
process.on('message', (questions: readonly { path: string; identity: Identity }[]) => {
  process.send?.(questions.map(({ path, identity }) => askKernel(path, identity)));
});
