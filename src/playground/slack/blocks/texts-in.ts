/** The fields of blocks with words for people. Ids, values and URLs do not count. */
const TEXT_FIELDS = new Set(['text', 'title', 'subtitle', 'alt_text', 'fallback']);

/** Every text that a block shows, in order. */
export function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') return TEXT_FIELDS.has(key) ? [inner] : [];
    return textsIn(inner);
  });
}
