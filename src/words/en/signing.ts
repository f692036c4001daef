import type { KeyProblem } from '../../model/key-problem.ts';
import type { SigningProblem } from '../../model/plan/signing-problem.ts';
import { isDenied } from '../../model/system-problem.ts';
import { octal } from '../mode.ts';
import { sentences } from '../sentences.ts';
import { keyOfBot, shellWord } from '../setup-words.ts';
import { systemClause } from './system-error.ts';

/** Why the bot cannot sign a plan: what is wrong, what was not done, what to do. */
export const signingProblem = sentences<SigningProblem>({
  'no-key': () => 'There is no signing key in the config file. Nothing was signed. Set signing.key.',
  'key-unusable': (problem) => keyProblem(problem.key),
  'key-of-other-type': ({ file, type }) =>
    `The signing key ${file} is of type ${type}. Nothing was signed: only Ed25519 keys can sign plans. Make such a key with ssh-keygen -t ed25519, give it as signing.key, and put its public half on the hosts.`,
});

const keyProblem = sentences<KeyProblem>({
  unreadable: ({ file, error }) =>
    `Can’t read the signing key ${file}: ${systemClause(error)}. Nothing was signed. ${
      isDenied(error)
        ? `If it is the bot’s own key, run as root: \`${keyOfBot(file)}\``
        : 'Check signing.key in the config, and that the bot’s user can read the file'
    }.`,
  'passphrase-unreadable': ({ file, error }) =>
    `Can’t read the passphrase file ${file}: ${systemClause(error)}. Nothing was signed. Check signing.passphraseFile in the config, and that the bot’s user can read the file.`,
  encrypted: ({ file }) =>
    `The signing key ${file} is protected by a passphrase, and none is configured. Nothing was signed. Set signing.passphraseFile in the config, or SSH_KEY_PASSPHRASE.`,
  'passphrase-wrong': ({ file }) =>
    `The passphrase does not open the signing key ${file}. Nothing was signed. Check signing.passphraseFile in the config, or SSH_KEY_PASSPHRASE if there is none.`,
  'not-a-key': ({ file }) =>
    `${file} is not a private key that can be used. Nothing was signed. Set signing.key in the config to the private key, not the .pub file. \`ssh-keygen -t ed25519\` makes one.`,
  'open-to-others': ({ file, mode }) =>
    `Other accounts can read the signing key ${file} (mode ${octal(mode)}). Nothing was signed. Run \`chmod 600 ${shellWord(file)}\`, and replace the key if anyone may have copied it.`,
});
