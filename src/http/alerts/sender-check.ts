import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';

/** Checks whether a request comes from its source: first by its headers, then with its body. */
export interface SenderCheck {
  /** False: the request can't be from the source, whatever its body is. */
  mayBe(headers: IncomingHttpHeaders): boolean;
  is(headers: IncomingHttpHeaders, body: string): boolean;
}

/** The check for a source with this token or secret. */
export function senderCheck({ kind }: AlertSourceSettings, token: string): SenderCheck {
  return kind === 'standard-webhooks' ? signatureCheck(token) : bearerCheck(token);
}

/** Checks a bearer token (RFC 6750). It compares hashes, so that the time taken reveals neither content nor length. */
function bearerCheck(token: string): SenderCheck {
  const expected = digest(`Bearer ${token}`);
  const mayBe = ({ authorization = '' }: IncomingHttpHeaders) => timingSafeEqual(digest(authorization), expected);
  return { mayBe, is: mayBe };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Checks a signature over id, time and body. The library refuses a time that is more than five minutes off. */
function signatureCheck(secret: string): SenderCheck {
  const webhook = new Webhook(secret);
  return {
    mayBe: (headers) => signatureHeaders(headers) !== null,
    is: (headers, body) => {
      const signed = signatureHeaders(headers);
      return signed !== null && isSigned(webhook, body, signed);
    },
  };
}

type SignatureHeaders = {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
};

/** The headers that a signature needs. Null: one is missing or malformed. */
function signatureHeaders(headers: IncomingHttpHeaders): SignatureHeaders | null {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  );
  if (!id || id.length > 256 || !timestamp || !/^\d{1,12}$/.test(timestamp) || !signature) return null;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

/** Whether the signature is valid. The library throws if it is not, for whatever reason. */
function isSigned(webhook: Webhook, body: string, headers: SignatureHeaders): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
