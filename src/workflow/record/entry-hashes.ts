const AT_ONCE = 10_000;

/**
 * The hashes of the entries after `after`, in order, up to entry `through` or to the last one: the leaves of the record's Merkle
 * tree, a bounded number at a time.
 *
 * @param read the next hashes after a number, at most `limit`
 */
export async function* entryHashesAfter(
  read: (after: number, limit: number) => Promise<readonly string[]>,
  after: number,
  through = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly string[]> {
  for (let from = after; from < through; ) {
    const limit = Math.min(AT_ONCE, through - from);
    const hashes = await read(from, limit);
    yield hashes;
    if (hashes.length < limit) return;
    from += hashes.length;
  }
}
