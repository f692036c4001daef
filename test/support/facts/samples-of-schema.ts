import { z } from 'zod';

/**
 * Values that fit a schema: a first one, then others that each differ from it in one part, so that every kind of every
 * part occurs once. A text is made from the name of its field, so that two fields never look alike.
 */
export function samplesOf<T>(schema: z.ZodType<T>): readonly T[] {
  return valuesOf(schema, 'value').flatMap((value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Texts that need a certain form instead of a field's name. */
const FORMS = [
  '0:0',
  'user::rwx,group::r-x,other::---',
  '0'.repeat(32),
  '0'.repeat(64),
  '142-1',
  'U0USER',
  'S0GROUP',
  'T0TEAM',
  'C0CHANNEL',
  '2026-11-23T14:02:10.000Z',
  `sha256:${'0'.repeat(64)}`,
  'https://workshop.slack.com/archives/C0OPS/p1700000000000100',
];

/** Can hold values that a wider schema refuses. */
function valuesOf(schema: z.core.$ZodType, name: string): readonly unknown[] {
  if (schema instanceof z.ZodObject) return objectsOf(Object.entries(schema.shape));
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => valuesOf(option, name));
  if (schema instanceof z.ZodArray) return arraysOf(valuesOf(schema.element, name));
  if (schema instanceof z.ZodRecord) return [{}, { [name]: valuesOf(schema.valueType, name)[0] }];
  if (schema instanceof z.ZodNullable) return [...valuesOf(schema.unwrap(), name), null];
  if (schema instanceof z.ZodOptional) return [...valuesOf(schema.unwrap(), name), undefined];
  if (schema instanceof z.ZodDefault) return valuesOf(schema.unwrap(), name);
  if (schema instanceof z.ZodLazy) return firstOf(schema.unwrap(), name);
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodBoolean) return [true, false];
  if (schema instanceof z.ZodNull) return [null];
  const simple = [name, `/srv/${name}`, '0000', ...FORMS, 1, 503, 1234, -60].filter(
    (value) => z.safeParse(schema, value).success,
  );
  if (simple.length === 0) throw new Error(`no sample for ${name}`);
  return typeof simple[0] === 'string' ? simple.slice(0, 1) : simple;
}

/** For a schema that can contain itself, without following it further. */
function firstOf(schema: z.core.$ZodType, name: string): readonly unknown[] {
  const [option] = schema instanceof z.ZodUnion ? schema.options : [];
  return option === undefined ? valuesOf(schema, name).slice(0, 1) : firstOf(option, name);
}

function objectsOf(fields: readonly (readonly [string, z.core.$ZodType])[]): readonly unknown[] {
  const values = fields.map(([name, schema]) => [name, valuesOf(schema, name)] as const);
  const first = Object.fromEntries(values.map(([name, [value]]) => [name, value]));
  return [first, ...values.flatMap(([name, [, ...others]]) => others.map((other) => ({ ...first, [name]: other })))];
}

/** One, all, none. */
function arraysOf(values: readonly unknown[]): readonly unknown[] {
  return [values.slice(0, 1), values, []];
}
