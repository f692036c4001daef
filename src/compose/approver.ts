import {
  APPROVAL_NAMESPACE as namespace,
  type SignatureCheck,
  type SignatureMade,
  SshKeygen,
} from '../ssh/signing/ssh-keygen.ts';

/** Signs plan documents as an approver does. */
export type Approver = {
  /** Lets ssh-keygen ask on the terminal if necessary. Null: no terminal. */
  sign(document: string, keyFile: string, terminal: number | null): Promise<SignatureMade>;
  /** Whether a signature is over that document, and by which key. */
  check(document: string, signature: string): Promise<SignatureCheck>;
};

export function createApprover(environment: NodeJS.ProcessEnv): Approver {
  const keygen = new SshKeygen(environment);
  return {
    sign: (document, keyFile, terminal) => keygen.sign(document, { namespace, keyFile, terminal }),
    check: (document, signature) => keygen.checkNoValidate(document, signature, namespace),
  };
}
