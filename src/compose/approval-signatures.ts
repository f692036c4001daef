import { APPROVAL_NAMESPACE, SshKeygen } from '../ssh/signing/ssh-keygen.ts';
import type { ApprovalSignatures } from '../workflow/ports/signing.ts';

/** Checks approvers' signatures with the ssh-keygen of this machine. */
export function approvalSignatures(environment: NodeJS.ProcessEnv): ApprovalSignatures {
  const keygen = new SshKeygen(environment);
  return { check: (document, signature) => keygen.checkNoValidate(document, signature, APPROVAL_NAMESPACE) };
}
