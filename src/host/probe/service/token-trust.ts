import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { TokenTrust } from '../../../model/host/service-state.ts';
import type { BareCode } from '../../../model/reason.ts';
import { readSectionFact } from '../../frame/section-facts.ts';
import type { StateLines } from './state-lines.ts';

/** PATH_MAX of the kernel. */
const MAX_PATH = 4096;
const DIGEST = /^[0-9a-f]{64}$/;
const OPENSSL_DATE = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT$/;

type Certificate = Pick<TokenTrust, 'certificateKeyDigest' | 'notBefore' | 'notAfter'>;

/** The certificate that tokens are verified with, and the key that signs them on the same host. */
export function tokenTrustIn(lines: StateLines): Fact<TokenTrust> {
  const trust = lines.told('trust') ?? unknown('not-told');
  if (trust.state !== 'known') return trust;
  const signingKeyPath = lines.told('trust-key-path') ?? absent;
  const signingKeyDigest =
    signingKeyPath.state === 'known'
      ? digestFrom(lines.told('trust-key'), 'not-a-private-key')
      : unknown('signer-unknown');
  return known({
    certificatePath: trust.value.slice(0, MAX_PATH),
    ...trusted(certificatesIn(lines), signingKeyDigest),
    signingKeyPath,
    signingKeyDigest,
  });
}

/** The certificate of a bundle that belongs to the key, otherwise the first one. */
function trusted(certificates: readonly Certificate[], key: Fact<string>): Certificate {
  const fits = certificates.find(
    ({ certificateKeyDigest: digest }) =>
      digest.state === 'known' && key.state === 'known' && digest.value === key.value,
  );
  return fits ?? certificates[0] ?? unseenCertificate(unknown('unreadable'));
}

/** The certificates in the section. The lines of each end with its digest, or with the reason why it has none. */
function certificatesIn(lines: StateLines): Certificate[] {
  const certificates: Certificate[] = [];
  let before: string | undefined;
  let after: string | undefined;
  for (const [name, rest] of lines.among('trust-notBefore', 'trust-notAfter', 'trust-certificate')) {
    if (name === 'trust-notBefore') before = rest;
    if (name === 'trust-notAfter') after = rest;
    if (name !== 'trust-certificate') continue;
    const told = readSectionFact(rest);
    certificates.push(
      told?.state === 'unknown'
        ? unseenCertificate(told)
        : {
            certificateKeyDigest: digestFrom(told, 'key-unreadable'),
            notBefore: dateFact(before),
            notAfter: dateFact(after),
          },
    );
  }
  return certificates;
}

function unseenCertificate(why: Fact<never>): Certificate {
  return { certificateKeyDigest: why, notBefore: why, notAfter: why };
}

function digestFrom(told: Fact<string> | undefined, otherwise: BareCode): Fact<string> {
  if (told?.state === 'unknown') return told;
  return told?.state === 'known' && DIGEST.test(told.value) ? told : unknown(otherwise);
}

/** `Nov 24 04:04:09 2026 GMT`, as openssl-x509(1) prints it. */
function dateFact(text: string | undefined): Fact<number> {
  const [, month, day, time, year] = OPENSSL_DATE.exec(text ?? '') ?? [];
  const milliseconds = Date.parse(`${day} ${month} ${year} ${time} GMT`);
  return Number.isNaN(milliseconds) ? unknown('date-unreadable') : known(milliseconds / 1000);
}
