import type { z } from 'zod';
import type { SeededRandom } from '../support/random.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** What a host, a person or a proxy could put into a text to be more than text. */
export const HOSTILE = [
  '<!channel>',
  '<!here|x>',
  '<@U0EVIL>',
  '<https://evil.example|click>',
  'https://evil.example/',
  '&amp;',
  '&',
  '*bold*',
  '_it_',
  '`',
  '```',
  '~',
  '>',
  '\n',
  '\r',
  '\t',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\u200b',
  '\u2028',
  '\ud83d',
  '💥',
  '$(reboot)',
  "'",
  '"',
  ' ',
  '-rf',
  '\\xff',
  'é',
  'x',
];

/** Characters that are written out as bytes before they are shown: up to twelve times as long, and sixteen for one of four bytes. */
export const INVISIBLE = ['\u202e', '\u200b', '\u{e0001}'];
/** What Slack's mrkdwn has to be told as five characters or four. */
export const MARKUP = ['&', '<', '>'];

/** Texts of a fixed form: one that fits for each pattern of the model. A new pattern needs a line here. */
const PATTERNS: readonly (readonly [RegExp, (random: SeededRandom, letters: readonly string[]) => string])[] = [
  [/^\^\[A-Za-z0-9\]\[A-Za-z0-9\._-\]/, (random) => 'host.example-0'.padEnd(14 + random.int(49), 'x')],
  [/^\^\[A-Za-z0-9\]\[A-Za-z0-9_-\]/, (random) => 'alertmanager'.padEnd(12 + random.int(51), 'x')],
  [/^\^sha256:/, (random) => `sha256:${String(random.int(10)).repeat(64)}`],
  [/^\^\[1-9\]\[0-9\]\{0,11\}-/, (random) => `${1 + random.int(1e9)}-${1 + random.int(1e5)}`],
  [/^\^\[UW\]/, (random) => `U${random.int(1e9)}`],
  [/^\^\[CGD\]\[A-Z0-9\]/, (random) => `C${random.int(1e9)}`],
  [/^\^S\[A-Z0-9\]/, (random) => `S${random.int(1e9)}`],
  [/^\^\[TE\]/, (random) => `T${random.int(1e9)}`],
  [/^\^\[0-7\]\{4\}/, (random) => `0${random.int(8)}${random.int(8)}${random.int(8)}`],
  [/^\^\\d\+:\\d\+/, (random) => `${random.int(70_000)}:${random.int(70_000)}`],
  [/^\^\\d\+\$/, (random) => String(random.int(1e9))],
  [/^\^\(user\|group/, (random) => `user::rwx,user:${random.int(70_000)}:--x,group::r-x,other::---`],
  [/^\^\[0-9a-f\]\{64\}/, (random) => String(random.int(10)).repeat(64)],
  [/^\^\[0-9a-f\]\{32\}/, (random) => String(random.int(10)).repeat(32)],
  [/^\^\\\//, (random, letters) => `/${hostileText(random, 16_000, letters)}`],
];

/** A random value that a schema takes, hostile wherever the schema leaves room. `size` bounds lists and texts; those are made of `letters`. */
export function randomValue(
  schema: JsonSchema,
  random: SeededRandom,
  size: number,
  root = schema,
  letters: readonly string[] = HOSTILE,
): unknown {
  const inner: Inner = (next, nextSize = size) =>
    typeof next === 'object' && !Array.isArray(next) ? randomValue(next, random, nextSize, root, letters) : null;
  if (schema.$ref !== undefined) return inner(resolve(schema.$ref, root), Math.floor(size / 4));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return inner(size < 2 ? choices[0] : random.pick(choices));
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  switch (type) {
    case 'object':
      return randomObject(schema, random, inner, letters);
    case 'array':
      return randomArray(schema, random, size, inner);
    case 'string':
      return randomText(schema, random, size, letters);
    case 'integer':
    case 'number':
      return randomNumber(schema, random);
    case 'boolean':
      return random.chance(50);
    case 'null':
      return null;
    default:
      throw new Error(`no random value for ${JSON.stringify(schema)}`);
  }
}

type Inner = (schema: JsonSchema['items'], size?: number) => unknown;

function resolve(ref: string, root: JsonSchema): JsonSchema {
  const found = root.$defs?.[ref.replace('#/$defs/', '')];
  if (found === undefined) throw new Error(`no definition for ${ref}`);
  return found;
}

function randomObject(
  schema: JsonSchema,
  random: SeededRandom,
  inner: Inner,
  letters: readonly string[],
): Record<string, unknown> {
  const named = Object.entries(schema.properties ?? {}).map(([key, value]) => [key, inner(value)]);
  const rest = schema.additionalProperties;
  if (typeof rest !== 'object') return Object.fromEntries(named);
  const keys = typeof schema.propertyNames === 'object' ? schema.propertyNames.enum : undefined;
  const others = keys?.map((key) => [key, inner(rest)]) ?? [
    ['why', hostileText(random, 3_000, letters)],
    ['other', inner(rest, 1)],
  ];
  return Object.fromEntries([...named, ...others]);
}

function randomArray(schema: JsonSchema, random: SeededRandom, size: number, inner: Inner): unknown[] {
  const max = Math.min(schema.maxItems ?? size, size);
  const length = Math.max(schema.minItems ?? 0, random.chance(30) ? max : random.int(Math.min(max, 12) + 1));
  return Array.from({ length }, () => inner(schema.items));
}

function randomText(schema: JsonSchema, random: SeededRandom, size: number, letters: readonly string[]): string {
  if (schema.format === 'date-time') return new Date(1_700_000_000_000 + random.int(1e9) * 1000).toISOString();
  if (schema.pattern === undefined)
    return hostileText(random, Math.min(schema.maxLength ?? 20_000, size * 50), letters);
  const known = PATTERNS.find(([pattern]) => pattern.test(schema.pattern ?? ''));
  if (known === undefined) throw new Error(`no random text for the pattern ${schema.pattern}`);
  return known[1](random, letters);
}

function randomNumber(schema: JsonSchema, random: SeededRandom): number {
  const { exclusiveMinimum: above } = schema;
  const from = schema.minimum ?? (typeof above === 'number' ? above + 1 : 0);
  const least = Math.max(from, -1000);
  return least + random.int(Math.min((schema.maximum ?? 1e9) - least, 1e9) + 1);
}

/** A longer text is a piece of this length over and over: what is drawn decides the time of the tests. */
const LONGEST_PIECE = 1_000;

/** Mostly short, sometimes as long as it may be. */
export function hostileText(random: SeededRandom, max: number, letters: readonly string[] = HOSTILE): string {
  const length = random.chance(15) ? max : random.int(Math.min(max, 40) + 1);
  const pieceLength = Math.min(length, LONGEST_PIECE);
  let piece = '';
  while (piece.length < pieceLength) piece += random.pick(letters).repeat(1 + random.int(3));
  return piece.repeat(Math.ceil(length / LONGEST_PIECE)).slice(0, length);
}
