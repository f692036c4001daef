import { duration } from './time.ts';

/** What came of a person's signature over a plan: what is wrong, what was not done, what to do. */

export function noSshKeygen(): string {
  return 'The program ssh-keygen is not on this machine, so no signature can be made or verified. Nothing was done. Install it (openssh-client on Debian and Ubuntu, openssh-keygen on Alpine), and try again.';
}

export function sshKeygenBrokeOff(why: string): string {
  return `ssh-keygen did not come to its end: ${why}. Nothing was done. Try again.`;
}

export function sshKeygenNotUnderstood(said: string): string {
  return `ssh-keygen found the signature good, but said so in words that are not known: ${said}. It is not counted. OpenSSH 8.2 or newer is needed.`;
}

export function endedBy(signal: string): string {
  return `it was ended by ${signal}`;
}

export function tookTooLong(timeoutMs: number): string {
  return `it took longer than ${duration(timeoutMs)}`;
}

export function wroteTooMuch(): string {
  return 'it wrote without end';
}

// Signing.

export function sshKeygenSignedNothing(keyFile: string, exitCode: number): string {
  return `ssh-keygen did not sign with ${keyFile} (exit code ${exitCode}); what it said stands above. Nothing was signed. Check the file: a private key that only you may read, or the .pub file of a key in your ssh-agent.`;
}

// Verifying.

export function notASignature(): string {
  return 'That is no SSH signature. It is not counted. Paste all of it, from -----BEGIN SSH SIGNATURE----- to -----END SSH SIGNATURE-----.';
}

export function signatureForOther(made: string, wanted: string): string {
  return `That signature was made for “${made}”; here one for “${wanted}” is needed. It is not counted. Make it with registry-doctor.`;
}

export function signatureOfOtherText(): string {
  return 'That signature is not over this plan: it was made for another one, or the text was changed. It is not counted. Sign this very plan.';
}

export function unknownSigner(file: string): string {
  return `This signature is not from anyone listed in ${file}, so it was rejected. Use a listed key, or ask to have yours added.`;
}

export function signerNotOnePerson(file: string): string {
  return `The key of that signature is in ${file} with a pattern instead of a name, so it belongs to no one. The signature was rejected. Give each key there one name.`;
}

export function signatureNotOf(principal: string): string {
  return `That signature, by a key of ${principal}, doesn’t count for this plan: it was made for another one, or that key isn’t allowed to sign this (namespaces, valid-before in the file of allowed signers). Sign exactly this plan, with a key that is allowed.`;
}

export function signersUnreadable(file: string, detail: string): string {
  return `The file of allowed signers ${file} cannot be read: ${detail}. No signature was counted. Check the path and that Registry Doctor's account may read it.`;
}

export function signersTooLarge(file: string, maxBytes: number): string {
  return `The file of allowed signers ${file} is larger than ${maxBytes / 1024} KiB. No signature was counted. Check that it is the right file.`;
}
