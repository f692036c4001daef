import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignatureProblem } from '../../model/plan/signature-problem.ts';
import { systemProblem } from '../../model/system-problem.ts';
import { remoteText } from '../wire/remote-text.ts';
import { type ProgramEnd, runBounded, runOnTerminal } from '../wire/run-program.ts';
import { parseSshsig } from './sshsig.ts';

/** The purpose in approvers' signatures over plan documents. */
export const APPROVAL_NAMESPACE = 'registry-doctor-approval';

/** The purpose in signatures that run a plan without Slack. */
export const BREAK_GLASS_NAMESPACE = 'registry-doctor-break-glass';

/** Why a signature does not count, or could not be checked. In both cases it is not accepted. */
export type Unverified =
  | { readonly kind: 'refused'; readonly why: SignatureProblem }
  | { readonly kind: 'cannot-verify'; readonly why: SignatureProblem };

export type Verification =
  | { readonly kind: 'verified'; readonly principal: string; readonly fingerprint: string }
  | Unverified;

/** `signature`: in ssh-keygen's armored form, however it was pasted. */
export type SignatureCheck =
  | { readonly kind: 'well-made'; readonly fingerprint: string; readonly signature: string }
  | Unverified;

export type SignatureMade =
  | { readonly kind: 'signed'; readonly signature: string }
  | { readonly kind: 'not-signed'; readonly why: SignatureProblem };

type Environment = Readonly<Record<string, string | undefined>>;

/** A file of allowed signers (ssh-keygen(1)) has few lines. */
const MAX_SIGNERS_BYTES = 1024 * 1024;

/**
 * Makes and verifies signatures of people, whose keys can be in an agent or in hardware, with this machine's
 * `ssh-keygen` (OpenSSH 8.2 or newer). Its input and output files are in a directory that only this user can enter.
 */
export class SshKeygen {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Whether someone in the file of allowed signers has signed this text for this purpose, and who. */
  async verify(
    text: string,
    signature: string,
    { namespace, allowedSignersFile }: { readonly namespace: string; readonly allowedSignersFile: string },
  ): Promise<Verification> {
    const read = readFor(signature, namespace);
    if (read.kind !== 'read') return read;
    const signers = await readSigners(allowedSignersFile);
    if (signers.kind !== 'signers') return signers;
    return inPrivateDirectory(async (directory) => {
      // A copy, so that both reads see the same signers.
      const files = { signature: join(directory, 'signature'), signers: join(directory, 'signers') };
      await writeFile(files.signature, read.armored);
      await writeFile(files.signers, signers.bytes);
      const found = await this.#run(['-Y', 'find-principals', '-s', files.signature, '-f', files.signers], '');
      if (found.kind !== 'exited') return cannotVerify(found);
      if (found.exitCode !== 0) return refused({ code: 'unknown-signer', file: allowedSignersFile });
      const principal = found.stdout.split('\n').find(isOneName);
      if (principal === undefined) return refused({ code: 'signer-not-one-person', file: allowedSignersFile });
      const by = ['-f', files.signers, '-I', principal, '-n', namespace, '-s', files.signature];
      return verificationOf(await this.#run(['-Y', 'verify', ...by], text), principal);
    });
  }

  /**
   * Whether the signature is over this text and for this purpose, and by which key. It does not tell whose key that is.
   */
  async checkNoValidate(text: string, signature: string, namespace: string): Promise<SignatureCheck> {
    const read = readFor(signature, namespace);
    if (read.kind !== 'read') return read;
    return inPrivateDirectory(async (directory) => {
      const file = join(directory, 'signature');
      await writeFile(file, read.armored);
      const end = await this.#run(['-Y', 'check-novalidate', '-n', namespace, '-s', file], text);
      if (end.kind !== 'exited') return cannotVerify(end);
      if (end.exitCode !== 0) return refused({ code: 'of-other-text' });
      const fingerprint = fingerprintIn(end.stdout);
      return fingerprint === null ? unexpected(end) : { kind: 'well-made', fingerprint, signature: read.armored };
    });
  }

  /**
   * Signs a text with a private key, or with the key in an agent or in hardware whose public half is the file.
   * ssh-keygen asks for what it needs (a passphrase, a PIN, a touch) on the terminal.
   *
   * @param terminal the file descriptor of the terminal; null: standard input
   */
  async sign(
    text: string,
    { namespace, keyFile, terminal }: { namespace: string; keyFile: string; terminal: number | null },
  ): Promise<SignatureMade> {
    return inPrivateDirectory(async (directory) => {
      const file = join(directory, 'plan');
      await writeFile(file, text);
      // -q: without the message about the file, which is ours and temporary.
      const args = ['-q', '-Y', 'sign', '-f', keyFile, '-n', namespace, file];
      const end = await runOnTerminal('ssh-keygen', args, { environment: this.#environment, terminal });
      if (end.kind === 'not-found') return notSigned({ code: 'no-ssh-keygen' });
      if (end.kind === 'ended') return notSigned({ code: 'ssh-keygen-broke-off', why: end.why });
      if (end.exitCode !== 0) return notSigned({ code: 'signed-nothing', keyFile, exitCode: end.exitCode });
      const read = readFor(await readFile(`${file}.sig`, 'latin1'), namespace);
      return read.kind === 'read' ? { kind: 'signed', signature: read.armored } : notSigned(read.why);
    });
  }

  #run(args: readonly string[], input: string): Promise<ProgramEnd> {
    return runBounded('ssh-keygen', args, { environment: this.#environment, input });
  }
}

function readFor(signature: string, namespace: string) {
  const read = parseSshsig(signature);
  if (read === null) return refused({ code: 'not-a-signature' });
  if (read.namespace !== namespace) {
    return refused({ code: 'for-other-purpose', made: remoteText(read.namespace), wanted: namespace });
  }
  return { kind: 'read', armored: read.armored } as const;
}

async function readSigners(file: string) {
  try {
    const bytes = await readFile(file);
    if (bytes.length <= MAX_SIGNERS_BYTES) return { kind: 'signers', bytes } as const;
    return { kind: 'cannot-verify', why: { code: 'signers-too-large', file, maxBytes: MAX_SIGNERS_BYTES } } as const;
  } catch (error) {
    return { kind: 'cannot-verify', why: { code: 'signers-unreadable', file, error: systemProblem(error) } } as const;
  }
}

/** A pattern (ssh_config(5), PATTERNS) matches many names, so it names no person. */
function isOneName(principal: string): boolean {
  return /^[^*?!\s]+$/.test(principal);
}

function verificationOf(end: ProgramEnd, principal: string): Verification {
  if (end.kind !== 'exited') return cannotVerify(end);
  if (end.exitCode !== 0) return refused({ code: 'not-of-signer', principal });
  const fingerprint = fingerprintIn(end.stdout);
  return fingerprint === null ? unexpected(end) : { kind: 'verified', principal, fingerprint };
}

/** `Good "namespace" signature for ann with ED25519 key SHA256:…`. */
function fingerprintIn(stdout: string): string | null {
  return /^Good "[^"]*" signature .*with \S+ key (SHA256:[A-Za-z0-9+/]{43})$/m.exec(stdout)?.[1] ?? null;
}

function refused(why: SignatureProblem): Extract<Unverified, { kind: 'refused' }> {
  return { kind: 'refused', why };
}

function notSigned(why: SignatureProblem): SignatureMade {
  return { kind: 'not-signed', why };
}

function cannotVerify(end: Exclude<ProgramEnd, { kind: 'exited' }>): Unverified {
  if (end.kind === 'not-found') return { kind: 'cannot-verify', why: { code: 'no-ssh-keygen' } };
  return { kind: 'cannot-verify', why: { code: 'ssh-keygen-broke-off', why: end.why } };
}

function unexpected({ stdout }: Extract<ProgramEnd, { kind: 'exited' }>): Unverified {
  return { kind: 'cannot-verify', why: { code: 'ssh-keygen-not-understood', said: remoteText(stdout) } };
}

/** Works in a directory that no one else can enter (mkdtemp(3)) and removes it afterwards. */
async function inPrivateDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'registry-doctor-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
