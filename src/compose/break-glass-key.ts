import { planDocument } from '../host/request/plan-document.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import { APPROVAL_NAMESPACE, BREAK_GLASS_NAMESPACE, SshKeygen } from '../ssh/signing/ssh-keygen.ts';

/** The break-glass key, its possible holders (ssh-keygen(1), ALLOWED SIGNERS), and the terminal to ask on. */
export type BreakGlassKey = { readonly keyFile: string; readonly allowedSigners: string; readonly terminal: number };

/** Who broke the glass, and their signature over the plan. */
export type BrokenBy = {
  /** The key's name in the file of allowed signers, and the key itself. */
  readonly by: { readonly principal: string; readonly fingerprint: string };
  readonly signature: string;
  /** The same key's signature as an approver, if the host requires one. */
  readonly approval: string | null;
};

export type KeyAnswer =
  | ({ readonly kind: 'broken' } & BrokenBy)
  | { readonly kind: 'not-signed'; readonly why: SignatureProblem }
  | { readonly kind: 'refused'; readonly why: SignatureProblem };

/**
 * Has a plan signed at the terminal with the break-glass key, and verifies that the config names that key. If the host
 * requires an approver's own signature for such a plan, the same key makes that too. The host decides whether it counts
 * there.
 */
export async function breakGlassWith(
  { keyFile, allowedSigners, terminal }: BreakGlassKey,
  { plan, host }: { readonly plan: Plan; readonly host: HostSettings },
  environment: NodeJS.ProcessEnv,
): Promise<KeyAnswer> {
  const keygen = new SshKeygen(environment);
  const document = planDocument(plan);
  const sign = (namespace: string) => keygen.sign(document, { namespace, keyFile, terminal });
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
}
