import { incident } from '../ground/layouts.ts';
import { startRefusingRedis } from '../ground/resp-server.ts';
import type { Scenario } from '../scenario.ts';
import { healthy } from './rows.ts';

/**
 * A redis that refuses writes: the cache of blob descriptors stays empty. Debian's registry continues without it and
 * logs nothing (2.8.2, seen), so it can't be known. A push and a pull show that nothing is broken.
 */
export const redisScenarios: readonly Scenario[] = [
  [
    'cannot save its snapshots',
    'MISCONF Redis is configured to save RDB snapshots, but is currently unable to persist on disk.',
  ],
  ['has used up its memory', "OOM command not allowed when used memory > 'maxmemory'."],
].map(([what = '', words = '']) =>
  healthy(`redis takes no writes: it ${what}; the registry goes on without its cache`, async (ground) => {
    const { address, close } = await startRefusingRedis(words);
    ground.atEnd(close);
    return {
      ...incident(ground),
      registry: { config: { redis: { addr: address }, storage: { cache: { blobdescriptor: 'redis' } } } },
    };
  }),
);
