import type { UsageProblem } from '../../words/usage-problem.ts';

type Values = Readonly<Record<string, string | undefined>>;

/** The error messages of commander that a user can cause. It has them only in English, as text. */
const MESSAGES: readonly (readonly [RegExp, (values: Values) => UsageProblem])[] = [
  [/^error: missing required argument '(?<name>.+)'$/, ({ name = '' }) => ({ code: 'missing-argument', name })],
  [/^error: required option '(?<option>.+)' not specified$/, ({ option = '' }) => ({ code: 'missing-option', option })],
  [/^error: option '(?<option>.+)' argument missing$/, ({ option = '' }) => ({ code: 'option-without-value', option })],
  [
    /^error: option '(?<option>[^']+)' argument '(?<value>.*)' is invalid\. Allowed choices are (?<choices>.+)\.$/s,
    ({ option = '', value = '', choices = '' }) => ({ code: 'option-choice', option, value, choices }),
  ],
  [
    /^error: option '(?<option>[^']+)' argument '(?<value>.*)' is invalid\. (?<why>.+)$/s,
    ({ option = '', value = '', why = '' }) => ({ code: 'option-value', option, value, why }),
  ],
  [
    /^error: command-argument value '(?<value>.*)' is invalid for argument '(?<name>[^']+)'\. (?<why>.+)$/s,
    ({ name = '', value = '', why = '' }) => ({ code: 'argument-value', name, value, why }),
  ],
  [/^error: unknown option '(?<name>.*)'(?:\n\((?<rest>.+)\))?$/s, (values) => unknown('unknown-option', values)],
  [/^error: unknown command '(?<name>.*)'(?:\n\((?<rest>.+)\))?$/s, (values) => unknown('unknown-command', values)],
  [
    /^error: too many arguments(?: for '(?<command>[^']+)')?\. Expected (?<expected>\d+) arguments? but got \d+: (?<given>.*)\.$/s,
    ({ command = null, expected, given = '' }) => ({
      code: 'too-many-arguments',
      command,
      expected: Number(expected),
      given,
    }),
  ],
];

function unknown(code: 'unknown-option' | 'unknown-command', { name = '', rest = '' }: Values): UsageProblem {
  const [, nearest = null] = /^Did you mean (?:one of )?(.+)\?$/.exec(rest) ?? [];
  return { code, name, nearest };
}

/** The usage problem in a message of commander. Null if the message is not one of these, as our own are not. */
export function usageProblemIn(message: string): UsageProblem | null {
  for (const [form, problemOf] of MESSAGES) {
    const match = form.exec(message.trimEnd());
    if (match !== null) return problemOf(match.groups ?? {});
  }
  return null;
}
