import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import type { Words } from '../../words/index.ts';
import { executionCard } from './execution-card.ts';
import { fileCard } from './file-card.ts';
import { alertNoticeCard, alertsCard } from './notices/alert-cards.ts';
import { callCard } from './notices/call-card.ts';
import { checkpointCard } from './notices/checkpoint-card.ts';
import { elsewhereCard } from './notices/elsewhere-card.ts';
import { fleetCard, hostWarningsCard } from './notices/fleet-card.ts';
import { muteCard, muteNoticeCard } from './notices/mute-card.ts';
import { refusedChannelCard } from './notices/refused-channel-card.ts';
import { reopenedCard } from './notices/reopened-card.ts';
import { summaryCard } from './notices/summary-card.ts';
import { unmonitoredCard } from './notices/unmonitored-card.ts';
import type { Card } from './parts/card.ts';
import { type PlanFile, planCard } from './plan-card.ts';
import { recordCard } from './record-card.ts';
import { statusCard } from './status-card.ts';
import { verdictCard } from './verdict-card.ts';
import { verificationCard } from './verification-card.ts';

/** What a card has beside its message. `planFile`: the file with all of a plan that is too long for its card. */
export type Surroundings = { readonly canPostFiles: boolean; readonly planFile: PlanFile | null };

const ALONE: Surroundings = { canPostFiles: false, planFile: null };

/** The card of a message: pure, and within Slack's limits whatever the message holds. */
export function cardFor(message: ThreadMessage, words: Words, around: Surroundings = ALONE): Card {
  switch (message.kind) {
    case 'status':
      return statusCard(message, words, around);
    case 'unmonitored':
      return unmonitoredCard(message, words);
    case 'summary':
      return summaryCard(message, words);
    case 'incident-elsewhere':
      return elsewhereCard(message, words);
    case 'mute-notice':
      return muteNoticeCard(message, words);
    case 'mute-summary':
      return muteCard(message, words);
    case 'channel-refused':
      return refusedChannelCard(message, words);
    case 'checkpoint':
      return checkpointCard(message, words);
    case 'verdict':
      return verdictCard(message, words);
    case 'plan':
      return planCard(message, words, around.planFile);
    case 'reopened':
      return reopenedCard(message, words);
    case 'call':
      return callCard(message, words);
    case 'execution':
      return executionCard(message, words);
    case 'verification':
      return verificationCard(message, words);
    case 'alerts':
      return alertsCard(message, words);
    case 'alert-notice':
      return alertNoticeCard(message, words);
    case 'fleet-look':
      return fleetCard(message, words);
    case 'host-warnings':
      return hostWarningsCard(message, words);
    case 'record':
      return recordCard(message, words);
    case 'file':
      return fileCard(message, words);
  }
}
