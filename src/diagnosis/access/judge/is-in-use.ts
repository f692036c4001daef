import type { JudgedAccess } from './judge-access.ts';

/** True when the kernel has let the registry's identity reach, list and write its storage: what lasts is worth a word then. */
export function isInUse({ walk, root }: JudgedAccess): boolean {
  if (walk?.passable !== 'yes' || walk.stat?.result !== 'allowed' || !root) return false;
  return [root.list, root.create].every(({ access, proof }) => access === 'allowed' && proof === 'kernel');
}
