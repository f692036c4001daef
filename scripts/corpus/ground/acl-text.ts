/** One letter that one entry of an ACL has now and did not have before. */
export type GainedLetter = { readonly entry: string; readonly letter: 'r' | 'w' | 'x' };

/** What the ACL `to` gives that `from` does not, entry by entry; both as `user::rwx,user:993:--x,…`. */
export function gainedLetters(from: string, to: string): readonly GainedLetter[] {
  const before = entriesOf(from);
  return [...entriesOf(to)].flatMap(([entry, permissions]) =>
    (['r', 'w', 'x'] as const)
      .filter((letter) => permissions.includes(letter) && !(before.get(entry) ?? '').includes(letter))
      .map((letter) => ({ entry, letter })),
  );
}

/** The same ACL without one letter of one entry. */
export function withoutLetter(acl: string, entry: string, letter: string): string {
  return [...entriesOf(acl)]
    .map(([name, permissions]) => `${name}:${name === entry ? permissions.replace(letter, '-') : permissions}`)
    .join(',');
}

function entriesOf(acl: string): Map<string, string> {
  return new Map(
    acl.split(',').map((text) => {
      const colon = text.lastIndexOf(':');
      return [text.slice(0, colon), text.slice(colon + 1)];
    }),
  );
}
