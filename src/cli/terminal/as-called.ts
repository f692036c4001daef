import { shellWord } from '../../words/setup-words.ts';
import type { Console } from './console.ts';

const NAME = 'registry-doctor';

/** Returns how a person types this program, as it was called this time. */
export function programAsCalled({ argv, env }: Pick<NodeJS.Process, 'argv' | 'env'>): string {
  const script = argv[1] ?? '';
  if (env['npm_command'] === 'exec') return `npx ${NAME}`;
  if (env['npm_lifecycle_event'] === 'cli') return 'npm run -s cli --';
  return script.endsWith(`/${NAME}`) ? NAME : `node ${script}`;
}

/** What advice has to repeat of this call. */
export type Called = {
  readonly program: string;
  /** The config file as it was typed. Null: none was. */
  readonly config: string | null;
  /** Null: none, or several. */
  readonly host: string | null;
};

const COMMAND = new RegExp(`\`${NAME} ([^\`]+)\``, 'g');
/** These don't run without `--config`. */
const NEEDS_CONFIG = /^(?:serve|check|diagnose|audit|fix|health|host setup)\b(?!.*--(?:config|facts)\b)/;

/** Advice that names the program, as it has to be typed here. Every command of ours in a text is in backticks. */
export function asCalled(text: string, called: Called): string {
  return text.replace(COMMAND, (_, command: string) => `\`${typed(command, called)}\``);
}

function typed(command: string, { program, config, host }: Called): string {
  const named = host === null ? command : command.replace(/\bHOST\b/, host);
  const needsConfig = config !== null && NEEDS_CONFIG.test(command);
  return `${program} ${named}${needsConfig ? ` --config ${shellWord(config)}` : ''}`;
}

/**
 * The same console, whose advice is as it has to be typed here. Of a result only whole code runs are rewritten: a path in
 * the commands of a plan can hold what looks like advice, and is shown as it is.
 */
export function advisingAsCalled(console: Console, called: Called): Console {
  const prefix = `${NAME} `;
  const asTyped = (code: string) => (code.startsWith(prefix) ? typed(code.slice(prefix.length), called) : code);
  return {
    ...console,
    style: { ...console.style, asTyped },
    err: (line) => console.err(asCalled(line, called)),
  };
}
