import type { z } from 'zod';
import type { StandInState } from '../state.ts';
import type { ApiAnswer } from './answer.ts';
import { type RawArguments, readArguments } from './arguments.ts';

/** One method of the Web API. */
export type ApiMethod = {
  readonly name: string;
  /** `xoxb-…` or `xapp-…`. The other kind is refused. */
  readonly token: 'bot' | 'app';
  /** The token needs one of these. Empty: any token is accepted. */
  readonly scopes: readonly string[];
  /** Methods that only read accept only forms and ignore a JSON body. */
  readonly takesJson: boolean;
  call(raw: RawArguments, state: StandInState): ApiAnswer;
};

type Definition<S extends z.ZodType> = Omit<ApiMethod, 'call'> & {
  readonly arguments: S;
  readonly call: (args: z.output<S>, state: StandInState) => ApiAnswer;
};

/** A method whose arguments are checked before it is called. */
export function apiMethod<S extends z.ZodType>(definition: Definition<S>): ApiMethod {
  return {
    ...definition,
    call: (raw, state) => {
      const read = readArguments(definition.arguments, raw);
      return read.kind === 'refused' ? read.answer : definition.call(read.value, state);
    },
  };
}
