import { checkpointKey, checkpointText } from '../../hash/checkpoint.ts';
import { signedNote } from '../../hash/signed-note.ts';
import type { SigningKey } from '../../model/settings/settings.ts';
import type { CheckpointSignature, CheckpointSigner } from '../../workflow/ports/signing.ts';
import { readPrivateKey } from '../trust/private-key.ts';
import { signBytes } from './sshsig.ts';

/** The 32 bytes of an Ed25519 public key are the end of its wire format (RFC 8709, section 4). */
const PUBLIC_KEY_BYTES = 32;

/**
 * Signs checkpoints with the key in a file, read each time. It can be the key that signs plans: what is signed there begins with
 * `SSHSIG`, and a checkpoint with the record's name, so neither can pass for the other.
 */
export class KeyFileCheckpointSigner implements CheckpointSigner {
  readonly #key: SigningKey;
  readonly #keyPassphrase: string | null;

  constructor(key: SigningKey, { keyPassphrase }: { readonly keyPassphrase: string | null }) {
    this.#key = key;
    this.#keyPassphrase = keyPassphrase;
  }

  async signCheckpoint(size: number, root: string): Promise<CheckpointSignature> {
    const read = await readPrivateKey({ ...this.#key, keyPassphrase: this.#keyPassphrase });
    if (read.kind === 'unusable') return { kind: 'cannot-sign', why: { code: 'key-unusable', key: read.why } };
    const key = checkpointKey(read.key.getPublicSSH().subarray(-PUBLIC_KEY_BYTES));
    const text = checkpointText({ origin: key.name, size, root });
    const signature = signBytes(Buffer.from(text, 'utf8'), read.key);
    if (signature === null) {
      return { kind: 'cannot-sign', why: { code: 'key-of-other-type', file: this.#key.file, type: read.key.type } };
    }
    return { kind: 'signed', note: signedNote(text, key, signature) };
  }
}
