import { Sha256 } from '../../model/record/ids.ts';

const BEFORE = 'plan:';

/** The id of a block with buttons about the plan with this hash. Slack sends it with a click. */
export function blockAbout(hash: Sha256): string {
  return `${BEFORE}${hash}`;
}

/**
 * The hash of the plan that the clicked block was about. Null if it has none, which no card of ours does: the workflow
 * refuses that.
 */
export function planHashIn(blockId: string | undefined): Sha256 | null {
  if (!blockId?.startsWith(BEFORE)) return null;
  return Sha256.safeParse(blockId.slice(BEFORE.length)).data ?? null;
}
