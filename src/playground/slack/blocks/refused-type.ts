import { pointer } from './block-errors.ts';

/** Slack's error message for each block of this type, at any depth. Workspaces differ in the types that they accept. */
export function refusedType(blocks: unknown, type: string, path: readonly (string | number)[] = []): string[] {
  if (Array.isArray(blocks))
    return blocks.flatMap((block: unknown, index) => refusedType(block, type, [...path, index]));
  if (typeof blocks !== 'object' || blocks === null) return [];
  const own = 'type' in blocks && blocks.type === type;
  if (own) return [`unsupported type: ${JSON.stringify(type)} ${pointer('/blocks', path)}`];
  return Object.entries(blocks).flatMap(([key, inner]) => refusedType(inner, type, [...path, key]));
}
