import type { SigningKey } from '../../model/settings/settings.ts';
import type { PlanSignature, PlanSigner } from '../../workflow/ports.ts';
import { readPrivateKey } from '../trust/private-key.ts';
import { signText } from './sshsig.ts';

/** What a signature of the bot's over a plan is for. */
export const PLAN_NAMESPACE = 'registry-doctor-plan';

/** Signs with the key in a file. It is read anew each time: it can be replaced while the bot runs, and is not kept. */
export class KeyFilePlanSigner implements PlanSigner {
  readonly #key: SigningKey;
  readonly #keyPassphrase: string | null;

  constructor(key: SigningKey, { keyPassphrase }: { readonly keyPassphrase: string | null }) {
    this.#key = key;
    this.#keyPassphrase = keyPassphrase;
  }

  async sign(document: string): Promise<PlanSignature> {
    const read = await readPrivateKey({ ...this.#key, keyPassphrase: this.#keyPassphrase });
    if (read.kind === 'unusable') return { kind: 'cannot-sign', why: { code: 'key-unusable', key: read.why } };
    const signature = signText(document, PLAN_NAMESPACE, read.key);
    if (signature === null) {
      return { kind: 'cannot-sign', why: { code: 'key-of-other-type', file: this.#key.file, type: read.key.type } };
    }
    return { kind: 'signed', signature };
  }
}
