import { createHmac } from 'node:crypto';

/** `v0=` and the HMAC of timestamp and body: https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export function sign(signingSecret: string, timestampSeconds: number, body: string): string {
  const hmac = createHmac('sha256', signingSecret).update(`v0:${timestampSeconds}:${body}`);
  return `v0=${hmac.digest('hex')}`;
}
