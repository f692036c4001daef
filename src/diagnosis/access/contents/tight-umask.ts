import type { Facts, Identity, Mode } from '../../../model/host/facts.ts';

/** The owner's bits. A directory without all of them, or a file that can't be read and written, is of no use. */
const OWNER_BITS = 0o700;

/** The umask of the registry's process, if it closes to the service what the service creates. Null: not, or unknown. */
export function tightUmask({ contents, process }: Facts, identity: Identity | null): Mode | null {
  if (contents.state !== 'known' || process.state !== 'known' || identity?.dacOverride !== false) return null;
  const { umask } = contents.value;
  return umask !== null && (Number.parseInt(umask, 8) & OWNER_BITS) !== 0 ? umask : null;
}
