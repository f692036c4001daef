import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { TokenTrust } from '../../../model/host/service-state.ts';
import type { Check } from '../check.ts';
import { complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

/**
 * The registry verifies tokens with a certificate that does not belong to the key that signs them: each login ends in
 * 401 ("token signed by untrusted key", distribution's token.go). The log on its own proves nothing, because anyone can
 * send a token.
 */
export const tokenCertificateMismatch: Check<'token-certificate-mismatch'> = {
  id: 'token-certificate-mismatch',
  consequenceOf: ['file-unusable'],
  look({ facts }) {
    const trust = trustOf(facts);
    if (trust === null || isUnusable(facts, trust)) return [];
    const complaint = complaintStillOpen(facts, 'token-certificate');
    const said = complaint && quoteOf(complaint);
    const fit = fits(trust);
    if (fit === true || (fit === null && said === null)) return [];
    return [
      {
        id: 'token-certificate-mismatch',
        ...(fit === false
          ? ({ severity: 'fault', proof: 'evaluated' } as const)
          : ({ severity: 'warning', proof: 'unproven' } as const)),
        path: null,
        certificatePath: trust.certificatePath,
        signingKeyPath: fit === false ? knownValue(trust.signingKeyPath) : null,
        said,
      },
    ];
  },
};

function trustOf({ service }: Facts): TokenTrust | null {
  return knownValue(knownValue(service)?.tokenTrust);
}

/**
 * Whether the certificate is missing, or unreadable for any registry. That is another fault than a wrong certificate.
 */
function isUnusable(facts: Facts, { certificateKeyDigest: digest }: TokenTrust): boolean {
  // Without openssl the host could not check it.
  if (digest.state !== 'unknown' || digest.why.code === 'missing-on-host') return false;
  return servesNoOne(facts) || digest.why.code !== 'not-permitted';
}

/** Whether the certificate belongs to the signing key. Null: one of the two keys is unknown. */
function fits({ certificateKeyDigest, signingKeyDigest }: TokenTrust): boolean | null {
  if (certificateKeyDigest.state !== 'known' || signingKeyDigest.state !== 'known') return null;
  return certificateKeyDigest.value === signingKeyDigest.value;
}
