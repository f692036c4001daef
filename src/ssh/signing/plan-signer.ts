import type { SigningKey } from '../../model/settings/settings.ts';
import type { PlanSignature, PlanSigner } from '../../workflow/ports/signing.ts';
import { readPrivateKey } from '../trust/private-key.ts';
import { signText } from './sshsig.ts';

/** The purpose in the bot's signatures over plans. */
export const PLAN_NAMESPACE = 'registry-doctor-plan';

/**
 * Signs with the key in a file. Reads it each time, so it can be replaced while the bot runs and is not kept in memory.
 */
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
