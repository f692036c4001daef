import { access, constants, readFile } from 'node:fs/promises';
import type { KeyAnswer } from './cli/fix.ts';
import type { Terminal } from './cli/terminal/terminal.ts';
import { planDocument } from './host/request/plan-document.ts';
import type { Plan } from './model/plan/plan.ts';
import type { HostSettings } from './model/settings/settings.ts';
import { hasUsableSigner } from './ssh/signing/allowed-signers.ts';
import { APPROVAL_NAMESPACE, BREAK_GLASS_NAMESPACE, SshKeygen } from './ssh/signing/ssh-keygen.ts';

type Needs = {
  readonly keyFile: string;
  readonly allowedSigners: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The first of these files that cannot be read; null: all can. Better known before anything is looked at than after. */
export async function unreadableAmong(files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    const isReadable = await access(file, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isReadable) return file;
  }
  return null;
}

/** What a file of allowed signers is worth for break glass: whether any key in it may sign for that. */
export async function breakGlassKeys(file: string): Promise<'usable' | 'none' | 'unreadable'> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return 'unreadable';
  return hasUsableSigner(text, BREAK_GLASS_NAMESPACE) ? 'usable' : 'none';
}

/**
 * Has a plan signed at the terminal with the key that breaks the glass, and verifies that the config names that key. Where the host wants
 * an approver's own signature for such a plan, the same key gives that too; whether it counts there is for the host to say.
 */
export function breakGlassWith({ keyFile, allowedSigners, environment }: Needs) {
  const keygen = new SshKeygen(environment);
  return async (plan: Plan, host: HostSettings, terminal: Terminal): Promise<KeyAnswer> => {
    const document = planDocument(plan);
    const sign = (namespace: string) => keygen.sign(document, { namespace, keyFile, terminal: terminal.descriptor });
    const made = await sign(BREAK_GLASS_NAMESPACE);
    if (made.kind === 'not-signed') return made;
    const verified = await keygen.verify(document, made.signature, {
      namespace: BREAK_GLASS_NAMESPACE,
      allowedSignersFile: allowedSigners,
    });
    if (verified.kind !== 'verified') return { kind: 'refused', why: verified.why };
    const { principal, fingerprint } = verified;
    const broken = { kind: 'broken', by: { principal, fingerprint }, signature: made.signature } as const;
    if (plan.risk !== 'high' || host.guard?.approverSignature !== 'high-risk') return { ...broken, approval: null };
    const approval = await sign(APPROVAL_NAMESPACE);
    return approval.kind === 'signed' ? { ...broken, approval: approval.signature } : approval;
  };
}
