import { Sha256 } from '../../model/record/ids.ts';

const BEFORE = 'plan:';

/** The id of a block with buttons about the plan with this hash. Slack sends it with a click. */
export function blockAbout(hash: Sha256): string {
  return `${BEFORE}${hash}`;
}

/**
 * The same block in another version of its message. Slack keeps the state of a block with the same id, so each version has
 * its own.
 */
export function blockIdIn(version: number, blockId: string): string {
  return `${blockId}#${version}`;
}

/**
 * The hash of the plan that the clicked block was about. Null if it has none, which no card of ours does: the workflow
 * refuses that.
 */
export function planHashIn(blockId: string | undefined): Sha256 | null {
  if (!blockId?.startsWith(BEFORE)) return null;
  const [hash] = blockId.slice(BEFORE.length).split('#');
  return Sha256.safeParse(hash).data ?? null;
}
