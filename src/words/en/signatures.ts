import type { ProgramBreak, SignatureProblem } from '../../model/plan/signature-problem.ts';
import { sentences } from '../sentences.ts';
import { systemClause } from './system-error.ts';
import { duration } from './time.ts';

/** The result of a person's signature over a plan: what is wrong, what was not done, what to do. */
export const signatureProblem = sentences<SignatureProblem>({
  'no-ssh-keygen': () =>
    'The program ssh-keygen is not on this machine, so no signature can be made or verified. Nothing was done. Install it (openssh-client on Debian and Ubuntu, openssh-keygen on Alpine), and try again.',
  'ssh-keygen-broke-off': (problem) =>
    `ssh-keygen did not come to its end: ${breakClause(problem.why)}. Nothing was done. Try again.`,
  'ssh-keygen-not-understood': ({ said }) =>
    `ssh-keygen found the signature good, but said so in words that are not known: ${said}. It is not counted. OpenSSH 8.2 or newer is needed.`,
  'signed-nothing': ({ keyFile, exitCode }) =>
    `ssh-keygen did not sign with ${keyFile} (exit code ${exitCode}); what it said stands above. Nothing was signed. Check the file: a private key that only you may read, or the .pub file of a key in your ssh-agent.`,
  'not-a-signature': () =>
    'That is no SSH signature. It is not counted. Paste all of it, from -----BEGIN SSH SIGNATURE----- to -----END SSH SIGNATURE-----.',
  'for-other-purpose': ({ made, wanted }) =>
    `That signature was made for “${made}”; here one for “${wanted}” is needed. It is not counted. Make it with registry-doctor.`,
  'of-other-text': () =>
    'That signature is not over this plan: it was made for another one, or the text was changed. It is not counted. Sign this very plan.',
  'unknown-signer': ({ file }) =>
    `This signature is not from anyone listed in ${file}, so it was rejected. Use a listed key, or ask to have yours added.`,
  'signer-not-one-person': ({ file }) =>
    `The key of that signature is in ${file} with a pattern instead of a name, so it belongs to no one. The signature was rejected. Give each key there one name.`,
  'not-of-signer': ({ principal }) =>
    `That signature, by a key of ${principal}, doesn’t count for this plan: it was made for another one, or that key isn’t allowed to sign this (namespaces, valid-before in the file of allowed signers). Sign exactly this plan, with a key that is allowed.`,
  'signers-unreadable': ({ file, error }) =>
    `The file of allowed signers ${file} cannot be read: ${systemClause(error)}. No signature was counted. Check the path and that Registry Doctor's account may read it.`,
  'signers-too-large': ({ file, maxBytes }) =>
    `The file of allowed signers ${file} is larger than ${maxBytes / 1024} KiB. No signature was counted. Check that it is the right file.`,
});

const breakClause = sentences<ProgramBreak>({
  'ended-by': ({ signal }) => `it was ended by ${signal}`,
  'took-too-long': ({ timeoutMs }) => `it took longer than ${duration(timeoutMs)}`,
  'wrote-too-much': () => 'it wrote without end',
  failed: ({ error }) => systemClause(error),
});
