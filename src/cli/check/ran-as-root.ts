import type { Checker } from '../../compose/checker.ts';
import type { Config } from '../../config/config.ts';
import type { Words } from '../../words/index.ts';
import { shellWord } from '../../words/setup-words.ts';

type AsRoot = {
  readonly file: string;
  readonly checker: Pick<Checker, 'serviceUser'>;
  readonly words: Words;
  /** How this program is typed. */
  readonly program: string;
};

/**
 * Warns that root ran the check of a bot that runs as another user: root can read and write everything, so its result
 * does not show what that user can do. Null: nothing to warn about.
 */
export function ranAsRoot({ store, signing, hosts }: Config, { file, checker, words, program }: AsRoot): string | null {
  const keys = [...hosts.values()].flatMap(({ ssh }) => (ssh.identityFile === null ? [] : [ssh.identityFile]));
  const user = checker.serviceUser(store?.url ?? null, signing === null ? keys : [...keys, signing.file]);
  if (user === null) return null;
  const command = `runuser -u ${shellWord(user)} -- ${forAnotherUser(program)} check --config ${shellWord(file)}`;
  return words.check.ranAsRootInsteadOf(user, command);
}

/**
 * The program as another user can run it. npx changes the mode of the program, which only the owner of a checkout can.
 */
function forAnotherUser(program: string): string {
  return program.startsWith('npx ') ? 'npm run -s cli --' : program;
}
