import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { AlertSourceSettings } from '../../model/settings/alert-settings.ts';

/** Whether a request is from its source. Asked twice: before the body is read, and with it. */
export interface SenderCheck {
  /** False: the body need not be read. */
  mayBe(headers: IncomingHttpHeaders): boolean;
  is(headers: IncomingHttpHeaders, body: string): boolean;
}

/** The check for a source with this token or secret. */
export function senderCheck({ kind }: AlertSourceSettings, token: string): SenderCheck {
  return kind === 'standard-webhooks' ? signatureCheck(token) : bearerCheck(token);
}

/** RFC 6750. Of both sides the hashes are compared, so that the time tells neither content nor length. */
function bearerCheck(token: string): SenderCheck {
  const expected = digest(`Bearer ${token}`);
  const mayBe = ({ authorization = '' }: IncomingHttpHeaders) => timingSafeEqual(digest(authorization), expected);
  return { mayBe, is: mayBe };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The signature covers id, time and body; a time that is more than five minutes off is refused by the library. */
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

/** Null: one is missing, or has a form that no sender writes. */
function signatureHeaders(headers: IncomingHttpHeaders): SignatureHeaders | null {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  );
  if (!id || id.length > 256 || !timestamp || !/^\d{1,12}$/.test(timestamp) || !signature) return null;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

/** The library throws for each way of not being signed. */
function isSigned(webhook: Webhook, body: string, headers: SignatureHeaders): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
