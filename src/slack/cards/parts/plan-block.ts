import { Sha256 } from '../../../model/record/ids.ts';

const BEFORE = 'plan:';

/** The id of a block with buttons about the plan with this hash. Slack sends it with a click. */
export function blockAbout(hash: Sha256): string {
  return `${BEFORE}${hash}`;
}

/**
 * The block id for one version of a message. Slack keeps the state of a block with the same id, so each version needs a
 * different one.
 */
export function blockIdIn(version: number, blockId: string): string {
  return `${blockId}#${version}`;
}

/**
 * The hash of the plan on whose card a block was clicked. Null if the id has none: every card of ours has one, so the
 * workflow refuses such a click.
 */
export function planHashIn(blockId: string | undefined): Sha256 | null {
  if (!blockId?.startsWith(BEFORE)) return null;
  const [hash] = blockId.slice(BEFORE.length).split('#');
  return Sha256.safeParse(hash).data ?? null;
}
