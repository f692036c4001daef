import { sentences } from '../sentences.ts';
import { OPTION_EXAMPLES, type UsageProblem } from '../usage-problem.ts';

/** The frame of the help of the command line, and what is wrong with its arguments. */

export const HELP = {
  usage: 'Usage:',
  arguments: 'Arguments:',
  options: 'Options:',
  commands: 'Commands:',
  help: 'display help for command',
  version: 'output the version number',
  choices: (choices: readonly string[]) => ` (choices: ${choices.join(', ')})`,
  byDefault: (value: string) => ` (default: ${value})`,
} as const;

export const usageProblem = sentences<UsageProblem>({
  'missing-argument': ({ name }) => `error: missing required argument '${name}'`,
  'missing-option': ({ option }) => {
    const example = OPTION_EXAMPLES.get(option);
    return `error: required option '${option}' not specified${example === undefined ? '' : `, for example ${example}`}`;
  },
  'option-without-value': ({ option }) => `error: option '${option}' argument missing`,
  'option-value': ({ option, value, why }) => `error: option '${option}' argument '${value}' is invalid: ${why}`,
  'option-choice': ({ option, value, choices }) =>
    `error: option '${option}' argument '${value}' is invalid. Allowed choices are ${choices}.`,
  'argument-value': ({ name, value, why }) => `error: argument '${name}' can’t be '${value}': ${why}`,
  'unknown-option': ({ name, nearest }) => `error: unknown option '${name}'${didYouMean(nearest)}`,
  'unknown-command': ({ name, nearest }) => `error: unknown command '${name}'${didYouMean(nearest)}`,
  'too-many-arguments': ({ command, expected, given }) =>
    `error: too many arguments${command === null ? '' : ` for '${command}'`}: expected ${expected}, found ${given}`,
});

function didYouMean(nearest: string | null): string {
  return nearest === null ? '' : `\n(Did you mean ${nearest}?)`;
}
