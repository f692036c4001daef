import type { Facts, HttpAnswer } from '../../../model/host/facts.ts';
import { isSilence } from '../../../model/reason.ts';

/**
 * `/v2/` of a registry that serves requests: 200, or 401 if it requires a login first (distribution's API
 * specification).
 */
const SERVING: readonly number[] = [200, 401];

/** Whether this answer to `/v2/` is that of a registry that serves requests. */
export function isServing({ status }: HttpAnswer): boolean {
  return SERVING.includes(status);
}

/** Whether the registry is known to serve requests. */
export function isKnownToServe({ v2 }: Facts): boolean {
  return v2.state === 'known' && isServing(v2.value);
}

/** Whether the registry is known to serve no one: no process, no answer when asked, or an error of its own. */
export function servesNoOne({ process, v2 }: Facts): boolean {
  if (v2.state === 'known') return v2.value.status >= 500;
  return process.state === 'absent' || (v2.state === 'unknown' && isSilence(v2.why));
}

/** Whether the response looks like a registry's: `{}`, or errors in its own format. Without a body, by its status. */
export function speaksAsRegistry({ status, body }: HttpAnswer): boolean {
  const text = body.trim();
  return text === '' ? SERVING.includes(status) || status === 503 : text === '{}' || text.startsWith('{"errors":[');
}
