import { type GuardReason, missingProgram, OF_UTIL_LINUX } from '../../model/plan/guard-reason.ts';
import { visibleText } from '../visible-text.ts';

/** What to do on a host whose guard would run no plan, as a sentence without a full stop. Commands are in backticks. */
export function planAdvice(because: GuardReason, host: string): string {
  const program = missingProgram(because);
  if (program !== null) {
    const source = OF_UTIL_LINUX.has(program) ? ' of util-linux' : '';
    return `Install \`${visibleText(program)}\`${source} on ${host}, in a directory of root’s PATH (\`/usr/bin\`)`;
  }
  switch (because.code) {
    case 'shell-closes-files':
      return `Make \`/bin/sh\` on ${host} a link to dash or bash`;
    case 'record-disk-full':
      return `Free space on that filesystem of ${host}`;
    case 'record-place-of-other':
      return `Otherwise correct its owner and mode on ${host}`;
    default:
      return `Correct that on ${host}`;
  }
}
