import { Sha256 } from '../../model/record/ids.ts';

const BEFORE = 'plan:';

/** The id of a block with buttons about the plan of this hash. Slack gives it back with a click. */
export function blockAbout(hash: Sha256): string {
  return `${BEFORE}${hash}`;
}

/** The hash of the plan that the clicked block was about; null where it says none, as no card of ours: the workflow refuses that. */
export function planHashIn(blockId: string | undefined): Sha256 | null {
  if (!blockId?.startsWith(BEFORE)) return null;
  return Sha256.safeParse(blockId.slice(BEFORE.length)).data ?? null;
}
