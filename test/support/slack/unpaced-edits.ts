import { SLACK_PACE } from '../../../src/slack/delivery/slack-pace.ts';

/**
 * Loaded before a bot of a campaign (`node --import`): it edits messages as often as it has to. At the 50 edits a minute that Slack takes in a
 * workspace, thousands of flows would take hours.
 */
Object.assign(SLACK_PACE.edits, { burst: 1_000, everyMs: 1 });
