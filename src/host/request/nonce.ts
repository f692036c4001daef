const NONCE = /^[A-Za-z0-9]{8,64}$/;

/** The caller's random word, which marks this run's output among everything else that a login may print. */
export function checkedNonce(nonce: string): string {
  if (!NONCE.test(nonce)) throw new RangeError('a nonce is 8 to 64 letters and digits');
  return nonce;
}
