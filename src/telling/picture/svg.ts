/** What the font of the pictures has: Latin, Greek and Cyrillic with their punctuation. */
const DRAWABLE = /^[\u0020-\u007e\u00a0-\u024f\u0370-\u03ff\u0400-\u04ff\u2013\u2014\u2018-\u201d\u2026]$/u;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export type TextStyle = {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'end';
  readonly bold?: boolean;
};

/** A line of text. Whatever it holds stays text: it can't become markup. */
export function svgText(text: string, { x, y, size, fill, anchor = 'start', bold = false }: TextStyle): string {
  const weight = bold ? ' font-weight="bold" stroke="currentColor" stroke-width="0.3"' : '';
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" color="${fill}" text-anchor="${anchor}"${weight} xml:space="preserve">${escaped(drawable(text))}</text>`;
}

/** Each character without a glyph as its code point: a blank in its place would make two paths look alike. */
export function drawable(text: string): string {
  return [...text].map((one) => (DRAWABLE.test(one) ? one : `\\u{${codePointOf(one)}}`)).join('');
}

/** The text in at most `max` characters: of a path, both ends say the most. */
export function clipped(text: string, max: number): string {
  const characters = [...text];
  if (characters.length <= max) return text;
  const end = Math.ceil((max - 1) / 2);
  return `${characters.slice(0, max - 1 - end).join('')}…${characters.slice(-end).join('')}`;
}

function codePointOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
