import { octal } from '../mode.ts';
import { shellWord } from '../setup-words.ts';

/** Why the bot cannot sign a plan: what is wrong, what was not done, what to do. */

export function signingKeyUnreadable(file: string, detail: string): string {
  return `Can’t read the signing key ${file}: ${detail}. Nothing was signed. Check signing.key in the config, and that the bot’s user can read the file.`;
}

export function signingKeyEncrypted(file: string): string {
  return `The signing key ${file} is protected by a passphrase, and none is configured. Nothing was signed. Set signing.passphraseFile in the config, or SSH_KEY_PASSPHRASE.`;
}

export function signingPassphraseUnreadable(file: string, detail: string): string {
  return `Can’t read the passphrase file ${file}: ${detail}. Nothing was signed. Check signing.passphraseFile in the config, and that the bot’s user can read the file.`;
}

export function signingPassphraseWrong(file: string): string {
  return `The passphrase does not open the signing key ${file}. Nothing was signed. Check signing.passphraseFile in the config, or SSH_KEY_PASSPHRASE if there is none.`;
}

export function signingKeyNotAKey(file: string): string {
  return `${file} is not a private key that can be used. Nothing was signed. Set signing.key in the config to the private key, not the .pub file. \`ssh-keygen -t ed25519\` makes one.`;
}

export function signingKeyOpenToOthers(file: string, mode: number): string {
  return `Other accounts can read the signing key ${file} (mode ${octal(mode)}). Nothing was signed. Run \`chmod 600 ${shellWord(file)}\`, and replace the key if anyone may have copied it.`;
}

export function signingKeyOfOtherType(file: string, type: string): string {
  return `The signing key ${file} is of type ${type}. Nothing was signed: only Ed25519 keys can sign plans. Make such a key with ssh-keygen -t ed25519, give it as signing.key, and put its public half on the hosts.`;
}
