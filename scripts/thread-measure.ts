import { planMessage, verdictMessage } from '../test/slack/scenario-messages.ts';
import {
  chromiumHere,
  LINES_A_SCREEN,
  PHONE,
  pixelsUntilApprove,
  sizeUntilApprove,
} from '../test/support/slack/thread-size.ts';

/** Prints how long the incident's thread is on a phone, from the first word of the verdict to [Approve and run]. */

const thread = [verdictMessage(), planMessage('proposed')];
const { lines, words } = sizeUntilApprove(thread);
console.log(
  `${lines} lines of ${PHONE.columns} columns (${(lines / LINES_A_SCREEN).toFixed(2)} screens), ${words} words`,
);

const chromium = chromiumHere();
if (chromium === null) {
  console.log('not drawn: Debian’s chromium is not installed');
} else {
  const pixels = await pixelsUntilApprove(thread, chromium);
  console.log(
    `${pixels} px at ${PHONE.widthPx} px (${(pixels / PHONE.heightPx).toFixed(2)} screens of ${PHONE.heightPx} px)`,
  );
}
