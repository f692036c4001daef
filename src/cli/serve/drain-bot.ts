import { setTimeout as sleep } from 'node:timers/promises';
import { botHealth } from '../../compose/bot-health.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';
import { storeOf } from '../terminal/store-of.ts';

const ANSWER_LIMIT_MS = 5_000;
/** Longer than a bot takes to finish its work. */
const END_LIMIT_MS = 90_000;
const ASK_EVERY_MS = 200;

/** `serve --drain`: asks the bot that runs with this config to finish its work and end, and waits until it has. */
export async function drainCommand(configFile: string, console: Console): Promise<number> {
  const { health } = console.words;
  const store = await storeOf(configFile, console);
  if (store === null) return EXIT.usage;
  const { record, socketFile, ask, drain } = botHealth(store);
  const asked = await drain(ANSWER_LIMIT_MS);
  if (asked.kind !== 'asked') {
    console.err(
      asked.kind === 'nobody'
        ? health.nobodyAnswers(record, socketFile)
        : visibleText(health.healthUnknown(socketFile, asked.why)),
    );
    return EXIT.notGood;
  }
  const deadline = performance.now() + END_LIMIT_MS;
  while ((await ask(ANSWER_LIMIT_MS)).kind !== 'nobody') {
    if (performance.now() > deadline) {
      console.err(health.stillDraining(END_LIMIT_MS / 1000));
      return EXIT.notGood;
    }
    await sleep(ASK_EVERY_MS);
  }
  console.out(`${health.DRAINED}\n`);
  return EXIT.good;
}
