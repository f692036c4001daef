/** What is wrong with the arguments of the command line; options as they are written in the help (`--config <file>`). */
export type UsageProblem =
  | { readonly code: 'missing-argument'; readonly name: string }
  | { readonly code: 'missing-option'; readonly option: string }
  | { readonly code: 'option-without-value'; readonly option: string }
  | { readonly code: 'option-value'; readonly option: string; readonly value: string; readonly why: string }
  | { readonly code: 'option-choice'; readonly option: string; readonly value: string; readonly choices: string }
  | { readonly code: 'argument-value'; readonly name: string; readonly value: string; readonly why: string }
  | { readonly code: 'unknown-option' | 'unknown-command'; readonly name: string; readonly nearest: string | null }
  | {
      readonly code: 'too-many-arguments';
      readonly command: string | null;
      readonly expected: number;
      readonly given: string;
    };

/** How an option that is required may look, by its form in the help. */
export const OPTION_EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['--config <file>', '--config /etc/registry-doctor/config.yml'],
  ['--key <file>', '--key ~/.ssh/id_ed25519'],
]);
