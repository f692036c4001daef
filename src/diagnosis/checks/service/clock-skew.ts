import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Check } from '../check.ts';
import { complaintStillOpen, quoteOf } from '../evidence/log-complaints.ts';

/** How far distribution allows a token's times to be off (token.go, Leeway). */
const LEEWAY_SECONDS = 60;
/** A message about a token that is not valid yet. One about an expired token might be a slow client's. */
const NOT_YET = /not to be used before|not valid yet|issued in the future/;

/**
 * The host's clock differs from the bot's by more than a token's leeway, or the registry refuses tokens as not valid
 * yet. If the signer of the tokens has another clock, each login ends in 401.
 */
export const clockSkew: Check<'clock-skew'> = {
  id: 'clock-skew',
  look({ facts }) {
    const complaint = complaintStillOpen(facts, 'token-time');
    const refused = complaint !== null && NOT_YET.test(complaint.words);
    const aheadSeconds = skewOf(facts);
    if (!refused && aheadSeconds === null) return [];
    const said = complaint && quoteOf(complaint);
    return [
      {
        id: 'clock-skew',
        severity: said !== null && (refused || aheadSeconds !== null) ? 'fault' : 'warning',
        proof: 'evaluated',
        path: null,
        aheadSeconds,
        synchronised: synchronised(facts),
        said,
      },
    ];
  },
};

function skewOf({ clockAheadSeconds }: Facts): number | null {
  if (clockAheadSeconds.state !== 'known') return null;
  return Math.abs(clockAheadSeconds.value) > LEEWAY_SECONDS ? clockAheadSeconds.value : null;
}

function synchronised({ service }: Facts): boolean | null {
  return knownValue(knownValue(service)?.clockSynchronised);
}
