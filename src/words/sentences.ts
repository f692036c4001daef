type Coded = { readonly code: string };

/** The members of a closed union that can have this code. */
type OfCode<Union extends Coded, Code extends string> = Union extends unknown
  ? Code extends Union['code']
    ? Union
    : never
  : never;

/** Says what the table has for the code of a problem; a code without words doesn't compile. */
export function sentences<Union extends Coded>(
  table: {
    readonly [Code in Union['code']]: (problem: OfCode<Union, Code>) => string;
  },
) {
  return <Code extends Union['code']>(problem: OfCode<Union, Code> & { readonly code: Code }): string =>
    table[problem.code](problem);
}
