import { pointer } from './block-errors.ts';

/**
 * Slack's error message for each block of this type, or each field of this name, at any depth. Workspaces differ in what
 * they accept.
 */
export function refusedType(blocks: unknown, type: string, path: readonly (string | number)[] = []): string[] {
  if (Array.isArray(blocks))
    return blocks.flatMap((block: unknown, index) => refusedType(block, type, [...path, index]));
  if (typeof blocks !== 'object' || blocks === null) return [];
  const own = 'type' in blocks && blocks.type === type;
  if (own) return [`unsupported type: ${JSON.stringify(type)} ${pointer('/blocks', path)}`];
  return Object.entries(blocks).flatMap(([key, inner]) =>
    key === type
      ? [`invalid additional property: ${key} ${pointer('/blocks', path)}`]
      : refusedType(inner, type, [...path, key]),
  );
}
