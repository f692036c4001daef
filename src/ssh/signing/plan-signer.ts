import type { SigningKey } from '../../model/settings/settings.ts';
import * as words from '../../words/en/signing.ts';
import type { PlanSignature, PlanSigner } from '../../workflow/ports.ts';
import { readPrivateKey, type UnusableKey } from '../trust/private-key.ts';
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
    if (read.kind === 'unusable') return { kind: 'cannot-sign', why: whyUnusable(read) };
    const signature = signText(document, PLAN_NAMESPACE, read.key);
    if (signature === null) {
      return { kind: 'cannot-sign', why: words.signingKeyOfOtherType(this.#key.file, read.key.type) };
    }
    return { kind: 'signed', signature };
  }
}

function whyUnusable(key: UnusableKey): string {
  switch (key.problem) {
    case 'unreadable':
      return words.signingKeyUnreadable(key.file, key.detail);
    case 'passphrase-unreadable':
      return words.signingPassphraseUnreadable(key.file, key.detail);
    case 'encrypted':
      return words.signingKeyEncrypted(key.file);
    case 'passphrase-wrong':
      return words.signingPassphraseWrong(key.file);
    case 'not-a-key':
      return words.signingKeyNotAKey(key.file);
    case 'open-to-others':
      return words.signingKeyOpenToOthers(key.file, key.mode);
  }
}
