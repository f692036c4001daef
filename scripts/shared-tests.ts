import { globSync, readFileSync } from 'node:fs';

/** Rooms whose tests need no process of their own, in two halves of about equal time. */
const HALVES: readonly (readonly string[])[] = [
  ['workflow', 'store'],
  [
    'approval',
    'attacks',
    'cli/{audit,check,diagnose,files,terminal}',
    'compose',
    'config',
    'diagnosis',
    'hash',
    'host/{answer,frame,probe,request}',
    'http',
    'incident',
    'metrics',
    'model',
    'playground/slack',
    'record',
    'slack',
    'ssh/{run,signing,trust,wire}',
    'telling',
    'words',
  ],
];

/** Of these rooms, but they take long, or are about what happens to a whole process. */
export const ALONE: readonly string[] = [
  'test/**/against-the-kernel.test.ts',
  'test/workflow/host/service-causes.test.ts',
  'test/store/tampering/*.test.ts',
  'test/slack/connection/socket-connection.test.ts',
];

/** In no `describe`, such a hook would run around the tests of all files in the process. */
const HOOK_FOR_EACH = /^(?:before|after)Each\(/m;

/** The test files of each half. Those of a half share one process, which saves loading the product for each file. */
export function sharedFiles(): readonly (readonly string[])[] {
  return HALVES.map((rooms) => {
    const globs = rooms.map((room) => `test/${room}/**/*.test.ts`);
    return globSync(globs, { exclude: ALONE }).filter((file) => !HOOK_FOR_EACH.test(readFileSync(file, 'utf8')));
  });
}
