import { askKernel, type Question } from './kernel-answers.ts';

/** Answers questions with the capabilities that this process was started with, which changing the user keeps. */
process.on('message', (questions: readonly Question[]) => {
  process.send?.(questions.map(askKernel));
});
