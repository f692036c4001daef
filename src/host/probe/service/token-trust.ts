import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { TokenTrust } from '../../../model/host/service-state.ts';
import { shortWhy } from '../../frame/record-fields.ts';
import type { StateLines } from './state-lines.ts';

const DIGEST = /^[0-9a-f]{64}$/;
const OPENSSL_DATE = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) GMT$/;

type Certificate = Pick<TokenTrust, 'certificateKeyDigest' | 'notBefore' | 'notAfter'>;

/** The certificate that tokens are checked with, and the key that they are signed with on the same host. */
export function tokenTrustIn(lines: StateLines): Fact<TokenTrust> {
  const trust = lines.first('trust') ?? '';
  if (!trust.startsWith('certificate '))
    return trust.startsWith('- no token') ? absent : unknown(shortWhy(trust.slice(2)));
  const signingKeyDigest = signingKey(lines);
  const path = lines.first('trust-key-path');
  return known({
    certificatePath: trust.slice('certificate '.length, 4096),
    ...trusted(certificatesIn(lines), signingKeyDigest),
    signingKeyPath: path === undefined ? absent : known(path),
    signingKeyDigest,
  });
}

function signingKey(lines: StateLines): Fact<string> {
  if (lines.first('trust-key-path') === undefined) return unknown('who signs the tokens is not known on this host');
  const why = lines.first('trust-key-unknown') ?? lines.first('trust-unknown');
  return digestFact(lines.first('trust-key'), why ?? 'it is no private key');
}

/** Of a bundle the certificate that fits the key, else its first one. */
function trusted(certificates: readonly Certificate[], key: Fact<string>): Certificate {
  const fits = certificates.find(
    ({ certificateKeyDigest: digest }) =>
      digest.state === 'known' && key.state === 'known' && digest.value === key.value,
  );
  const none = unknown('it could not be read');
  return fits ?? certificates[0] ?? { certificateKeyDigest: none, notBefore: none, notAfter: none };
}

function certificatesIn(lines: StateLines): Certificate[] {
  const certificates: Certificate[] = [];
  let before: string | undefined;
  let after: string | undefined;
  for (const [name, rest] of lines.among('trust-unknown', 'trust-notBefore', 'trust-notAfter', 'trust-certificate')) {
    if (name === 'trust-notBefore') before = rest;
    if (name === 'trust-notAfter') after = rest;
    if (name === 'trust-unknown') certificates.push(unseenCertificate(shortWhy(rest)));
    if (name !== 'trust-certificate') continue;
    certificates.push({
      certificateKeyDigest: digestFact(rest, 'its key cannot be read'),
      notBefore: dateFact(before),
      notAfter: dateFact(after),
    });
  }
  return certificates;
}

function unseenCertificate(why: string): Certificate {
  return { certificateKeyDigest: unknown(why), notBefore: unknown(why), notAfter: unknown(why) };
}

function digestFact(digest: string | undefined, why: string): Fact<string> {
  return digest !== undefined && DIGEST.test(digest) ? known(digest) : unknown(shortWhy(why));
}

/** `Nov 24 04:04:09 2026 GMT`, as openssl-x509(1) prints it. */
function dateFact(text: string | undefined): Fact<number> {
  const [, month, day, time, year] = OPENSSL_DATE.exec(text ?? '') ?? [];
  const milliseconds = Date.parse(`${day} ${month} ${year} ${time} GMT`);
  return Number.isNaN(milliseconds) ? unknown('its date cannot be read') : known(milliseconds / 1000);
}
