import type { Environment } from '../../config/environment.ts';
import { PRODUCT_VERSION } from '../../model/product-version.ts';
import type { SigningKey } from '../../model/settings/settings.ts';
import { KeyFileCheckpointSigner } from '../../ssh/signing/checkpoint-signer.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { ExportSources } from '../../workflow/record/export-incidents.ts';

/** What a command exports incidents from. `signing`: null if there is no key. */
export function exportSources(trail: AuditTrail, signing: SigningKey | null, environment: Environment): ExportSources {
  const keyPassphrase = environment['SSH_KEY_PASSPHRASE'] || null;
  const signer = signing === null ? null : new KeyFileCheckpointSigner(signing, { keyPassphrase });
  return { trail, signer, writtenBy: PRODUCT_VERSION };
}
