import type { Facts } from '../../../model/host/facts.ts';

/** The line of this key in the registry's config file. */
export function lineOfKey({ configFile }: Facts, key: string): number | null {
  if (configFile.state !== 'known') return null;
  return configFile.value.keys.find((one) => one.key === key)?.line ?? null;
}

/** The names below this key, with their lines. */
export function namesBelow({ configFile }: Facts, key: string): { name: string; line: number }[] {
  if (configFile.state !== 'known') return [];
  const prefix = `${key}.`;
  return configFile.value.keys.flatMap(({ key: path, line }) => {
    const name = path.slice(prefix.length);
    return path.startsWith(prefix) && !name.includes('.') ? [{ name, line }] : [];
  });
}
