/**
 * The action ids of our cards' buttons, which Slack sends with a click. Stable, because cards stay in threads for
 * years.
 */
export const ACTION_IDS = [
  'approve_plan',
  'reject_plan',
  'withdraw_plan',
  'use_narrower',
  'undo_plan',
  'diagnose_again',
  'acknowledge',
  'post_record',
] as const;
export type ActionId = (typeof ACTION_IDS)[number];

/** The ids of buttons that another version of this program has posted. */
export const OTHER_ACTION_ID = new RegExp(`^(?!(?:${ACTION_IDS.join('|')})$)`);
