import { type Command, InvalidArgumentError } from 'commander';
import type { Words } from '../../words/index.ts';
import type { Console } from './console.ts';

/** What every command gets. Its other modules are imported when it runs, because help must not wait for them. */
export type CommandLine = {
  readonly console: Console;
  readonly process: NodeJS.Process;
  /** Sets the exit status of the program. */
  readonly exitWith: (status: number) => void;
};

export type WithConfig = { readonly config: string };

/** Adds the required option `--config`. */
export function withConfig(command: Command, { cli }: Words): Command {
  return command.requiredOption('--config <file>', cli.DESCRIPTIONS.config);
}

const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Parses a date, which begins at midnight UTC, or a time with its zone (ISO 8601). */
export function moment({ cli }: Words): (text: string) => Date {
  return (text) => {
    const date = new Date(text);
    if (!MOMENT.test(text) || Number.isNaN(date.getTime())) throw new InvalidArgumentError(cli.USAGE.moment);
    return date;
  };
}

/** Parses a whole number, 1 or greater. */
export function wholeNumber({ cli }: Words): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError(cli.USAGE.wholeNumber);
    return Number(text);
  };
}
