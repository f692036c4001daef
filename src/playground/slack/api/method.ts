import type { z } from 'zod';
import type { StandInState } from '../state.ts';
import type { ApiAnswer } from './answer.ts';
import { type RawArguments, readArguments } from './arguments.ts';

/** One method of the Web API. */
export type ApiMethod = {
  readonly name: string;
  /** The kind of token: `xoxb-…` or `xapp-…`. A token of the other kind is refused. */
  readonly token: 'bot' | 'app';
  /** The token needs at least one of these scopes. Empty: it needs none. */
  readonly scopes: readonly string[];
  /** Whether a JSON body is read. Methods that only read ignore it and take only a form. */
  readonly takesJson: boolean;
  /** `baseUrl`: where the bot reached this Slack. URLs in the answer lead there. */
  call(raw: RawArguments, state: StandInState, baseUrl: string): ApiAnswer;
};

type Definition<S extends z.ZodType> = Omit<ApiMethod, 'call'> & {
  readonly arguments: S;
  readonly call: (args: z.output<S>, state: StandInState, baseUrl: string) => ApiAnswer;
};

/** A method whose arguments are checked before it is called. */
export function apiMethod<S extends z.ZodType>(definition: Definition<S>): ApiMethod {
  return {
    ...definition,
    call: (raw, state, baseUrl) => {
      const read = readArguments(definition.arguments, raw);
      return read.kind === 'refused' ? read.answer : definition.call(read.value, state, baseUrl);
    },
  };
}
