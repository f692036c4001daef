import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { complaintOfThisStart, complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

const URL_IN_WORDS = /"(https?:\/\/[^"]*)"/;

/**
 * A pull-through cache asks its upstream at its start, and ends if it gets no answer (proxy/proxyauth.go, "panic:
 * Get"). Later, images that it does not have yet can't be pulled.
 */
export const upstreamUnreachable: Check<'upstream-unreachable'> = {
  id: 'upstream-unreachable',
  inconclusive: true,
  look({ facts }) {
    const isDown = servesNoOne(facts);
    const complaint = isDown ? complaintOfThisStart(facts, 'upstream') : complaintStillOpen(facts, 'upstream');
    if (complaint === null || isNoCache(facts)) return [];
    return [
      {
        id: 'upstream-unreachable',
        severity: isDown ? 'fault' : 'warning',
        proof: 'evaluated',
        path: null,
        upstream: upstreamIn(complaint.words),
        said: quoteOf(complaint),
      },
    ];
  },
};

function isNoCache({ config }: Facts): boolean {
  return config.state === 'known' && !config.value.pullThrough;
}

/** Scheme and host of the URL, without credentials before an `@`. */
function upstreamIn(words: string): string | null {
  const [, url = ''] = URL_IN_WORDS.exec(words) ?? [];
  const [, scheme, host] = /^(https?:\/\/)(?:[^/@]*@)?([^/?#]+)/.exec(url) ?? [];
  return scheme === undefined || host === undefined ? null : `${scheme}${host}`;
}
