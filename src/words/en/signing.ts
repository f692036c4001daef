/** Why the bot cannot sign a plan: what is wrong, what was not done, what to do. */

export function signingKeyUnreadable(file: string, detail: string): string {
  return `The signing key ${file} cannot be read: ${detail}. Nothing was signed. Check the path (signing.key in the config) and that Registry Doctor's account may read it.`;
}

export function signingKeyEncrypted(file: string): string {
  return `The signing key ${file} is protected by a passphrase, which nobody is there to type. Nothing was signed. Put the passphrase into a file that only Registry Doctor's account may read (signing.passphraseFile in the config) or into SSH_KEY_PASSPHRASE.`;
}

export function signingPassphraseUnreadable(file: string, detail: string): string {
  return `The passphrase file ${file} cannot be read: ${detail}. Nothing was signed. Check the path (signing.passphraseFile in the config) and that Registry Doctor's account may read it.`;
}

export function signingPassphraseWrong(file: string): string {
  return `The passphrase does not open the signing key ${file}. Nothing was signed. Check signing.passphraseFile in the config, or SSH_KEY_PASSPHRASE where there is none.`;
}

export function signingKeyNotAKey(file: string): string {
  return `${file} is not a private key that can be used. Nothing was signed. Give the private half (not the .pub file) of an Ed25519 key as signing.key: ssh-keygen -t ed25519 makes one.`;
}

export function signingKeyOfOtherType(file: string, type: string): string {
  return `The signing key ${file} is of type ${type}. Nothing was signed: plans are signed with Ed25519 alone. Make such a key with ssh-keygen -t ed25519, give it as signing.key, and put its public half on the hosts.`;
}
