import { shellWord } from '../../words/setup-words.ts';
import type { Console } from './console.ts';

const NAME = 'registry-doctor';

/** The command with which the user started this program, for messages that suggest a command. */
export function programAsCalled({ argv, env }: Pick<NodeJS.Process, 'argv' | 'env'>): string {
  const script = argv[1] ?? '';
  if (env['npm_command'] === 'exec') return `npx ${NAME}`;
  if (env['npm_lifecycle_event'] === 'cli') return 'npm run -s cli --';
  return script.endsWith(`/${NAME}`) ? NAME : `node ${script}`;
}

/** The parts of the user's command line that a suggested command repeats. */
export type Called = {
  readonly program: string;
  /** The config file as the user typed it. Null: no `--config`. */
  readonly config: string | null;
  /** The host that the command is about. Null: none, or several. */
  readonly host: string | null;
};

const COMMAND = new RegExp(`\`${NAME} ([^\`]+)\``, 'g');
/** The commands that need `--config`. */
const NEEDS_CONFIG = /^(?:serve|check|diagnose|audit|fix|health|host setup)\b(?!.*--(?:config|facts)\b)/;

/** The text with every suggested command, which is always in backticks, as the user has to type it. */
export function asCalled(text: string, called: Called): string {
  return text.replace(COMMAND, (_, command: string) => `\`${typed(command, called)}\``);
}

function typed(command: string, { program, config, host }: Called): string {
  const named = host === null ? command : command.replace(/\bHOST\b/, host);
  const needsConfig = config !== null && NEEDS_CONFIG.test(command);
  return `${program} ${named}${needsConfig ? ` --config ${shellWord(config)}` : ''}`;
}

/**
 * A console whose suggested commands are as the user has to type them. In results only whole code runs are rewritten: a
 * path in a plan's commands can look like a suggested command and must stay as it is.
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
