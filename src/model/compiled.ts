import { z } from 'zod';

/**
 * The schema with a parser that is generated for it, for rows of which there are very many. What that parser refuses goes through the
 * schema itself, so both accept and say the same. Generating takes milliseconds, so it waits for the first row.
 */
export function compiled<Schema extends z.ZodType>(schema: Schema): () => Schema {
  let generated: Schema | null = null;
  return () => {
    generated ??= z.compile(schema);
    return generated;
  };
}
