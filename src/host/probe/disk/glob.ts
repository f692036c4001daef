type Token = { readonly kind: 'star' } | { readonly kind: 'one'; readonly fits: (character: string) => boolean };

/**
 * Whether a path matches a pattern of glob(7): `*`, `?` and `[...]`, none of which matches a slash. Takes time in
 * proportion to both lengths, whatever the pattern.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const names = path.split('/');
  return wanted.length === names.length && wanted.every((part, index) => fitsName(tokensOf(part), names[index] ?? ''));
}

/**
 * Whether a name matches. Of several stars only the last one ever has to match more, because everything before it is
 * already matched.
 */
function fitsName(tokens: readonly Token[], name: string): boolean {
  const characters = [...name];
  let token = 0;
  let at = 0;
  let star: { readonly token: number; at: number } | null = null;
  while (at < characters.length) {
    const next = tokens[token];
    if (next?.kind === 'one' && next.fits(characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (next?.kind === 'star') {
      star = { token, at };
      token += 1;
    } else if (star !== null) {
      star.at += 1;
      at = star.at;
      token = star.token + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(token).every(({ kind }) => kind === 'star');
}

/** The tokens of a pattern's part. A bracket that is never closed is an ordinary character. */
function tokensOf(part: string): Token[] {
  return (part.match(/\[[!^]?\]?[^\]]*\]|./gsu) ?? []).map((text): Token => {
    if (text === '*') return { kind: 'star' };
    if (text === '?') return { kind: 'one', fits: () => true };
    if (text.length > 2 && text.startsWith('[')) return { kind: 'one', fits: membership(text.slice(1, -1)) };
    return { kind: 'one', fits: (character) => character === text };
  });
}

function membership(set: string): (character: string) => boolean {
  const isNegated = /^[!^]/.test(set);
  const ranges = rangesOf([...(isNegated ? set.slice(1) : set)]);
  return (character) => ranges.some(([first, last]) => first <= character && character <= last) !== isNegated;
}

/** The ranges in a bracket. A single character is a range of one, and a reversed range is empty. */
function rangesOf(members: readonly string[]): [string, string][] {
  const [first, dash, last] = members;
  if (first === undefined) return [];
  if (dash === '-' && last !== undefined) return [[first, last], ...rangesOf(members.slice(3))];
  return [[first, first], ...rangesOf(members.slice(1))];
}
