import { type Argument, type Command, Help, type HelpConfiguration, type Option } from 'commander';
import stringWidth from 'string-width';
import type { Words } from '../../words/index.ts';
import { usageProblemIn } from './usage-problem.ts';

/**
 * Replaces all of commander's own texts by these words. Must come before the commands are added, which inherit them.
 */
export function inWordsOf(program: Command, { usage }: Words): Command {
  return program
    .helpOption('-h, --help', usage.HELP.help)
    .helpCommand('help [command]', usage.HELP.help)
    .configureHelp(helpIn(usage))
    .configureOutput({
      outputError: (message, write) => {
        const problem = usageProblemIn(message);
        write(problem === null ? message : usage.usageProblem(problem));
      },
    });
}

function helpIn({ HELP }: Words['usage']): HelpConfiguration {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': HELP.usage,
    'Arguments:': HELP.arguments,
    'Options:': HELP.options,
    'Commands:': HELP.commands,
  };
  return {
    displayWidth: (text) => stringWidth(text),
    // commander writes a blank after the title of the usage. None stands after full-width punctuation.
    formatHelp: (command, helper) => Help.prototype.formatHelp.call(helper, command, helper).replace('： ', '：'),
    styleTitle: (title) => titles[title] ?? title,
    optionDescription: ({ description, argChoices, defaultValue, required }: Option) =>
      [
        description,
        ...(argChoices === undefined ? [] : [HELP.choices(argChoices)]),
        ...(required && defaultValue !== undefined ? [HELP.byDefault(String(defaultValue))] : []),
      ].join(''),
    argumentDescription: ({ description }: Argument) => description,
  };
}
