/**
 * A process that starts a bot on each record that it is sent the URL of, and answers `started` or the code of what stood against it. Sent
 * `stop`, it ends that bot and answers `stopped`. Argument: the base URL of Slack's stand-in.
 */
import { on } from 'node:events';
import { type RunningBot, serve } from '../../../src/compose/bot.ts';
import { OperatorError } from '../../../src/model/operator-error.ts';
import { servingOn } from '../serving.ts';

const [apiUrl = ''] = process.argv.slice(2);
let bot: RunningBot | null = null;

process.send?.('ready');
for await (const [message] of on(process, 'message')) {
  process.send?.(message === 'stop' ? await stopped() : await started(String(message)));
}

async function started(storeUrl: string): Promise<string> {
  try {
    bot = await serve(servingOn(storeUrl, apiUrl));
    return 'started';
  } catch (error) {
    return error instanceof OperatorError ? error.operatorProblem.code : String(error);
  }
}

async function stopped(): Promise<string> {
  await bot?.stop();
  bot = null;
  return 'stopped';
}
