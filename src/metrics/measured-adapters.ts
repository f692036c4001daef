import type { FileMessage } from '../model/record/messages/thread-message.ts';
import type { Metrics } from '../workflow/ports/bot.ts';
import type { RegistryHttp, RemoteHost, RemoteOutcome } from '../workflow/ports/host.ts';
import type { Delivery, Messenger } from '../workflow/ports/messages.ts';

/** The messenger, counting every message that Slack did not accept. */
export function measuredMessenger(messenger: Messenger, metrics: Metrics): Messenger {
  return {
    pace: messenger.pace,
    deliver: async (message) => {
      const delivery = await messenger.deliver(message);
      countSlackError(delivery, metrics);
      if (message.body.kind === 'file') countFile(message.body, delivery, metrics);
      if (delivery.kind === 'delivered') countPlanFile(delivery, metrics);
      return delivery;
    },
  };
}

/** Counts what Slack did not take. What waits for another message, or was not made, was never offered to it. */
function countSlackError(delivery: Delivery, metrics: Metrics): void {
  if (delivery.kind === 'delivered') return;
  switch (delivery.why.kind) {
    case 'no-channel-message':
    case 'file-not-in-thread':
    case 'not-made':
      return;
    case 'refused':
    case 'rate-limited':
    case 'no-answer':
      metrics.count('slackError', { kind: delivery.why.kind });
  }
}

/** A file that is tried again is not counted yet. */
function countFile({ about }: FileMessage, delivery: Delivery, metrics: Metrics): void {
  if (delivery.kind === 'retry') return;
  metrics.count('file', { about, outcome: delivery.kind === 'delivered' ? 'posted' : OUTCOME_OF[delivery.why.kind] });
}

/** A file that Slack did not take for so long that it was given up was not refused. */
const OUTCOME_OF = {
  refused: 'refused',
  'not-made': 'not-made',
  'rate-limited': 'unanswered',
  'no-answer': 'unanswered',
} as const;

/** The file of a long plan is posted with its card. */
function countPlanFile({ planFile }: Extract<Delivery, { kind: 'delivered' }>, metrics: Metrics): void {
  if (planFile !== undefined) metrics.count('file', { about: 'plan', outcome: planFile });
}

/** The SSH access to hosts, counting every script that did not run to its end. */
export function measuredRemote(remote: RemoteHost, metrics: Metrics): RemoteHost {
  return {
    run: async (host, script, options) => {
      const outcome = await remote.run(host, script, options);
      const kind = sshErrorOf(outcome);
      if (kind !== null) metrics.count('sshError', { kind });
      return outcome;
    },
  };
}

/** The ways to registries, counting each check that got no connection to its host. */
export function measuredHttp(http: RegistryHttp, metrics: Metrics): RegistryHttp {
  return {
    ...http,
    askFromHost: async (host, url) => {
      const asked = await http.askFromHost(host, url);
      if (asked.kind === 'not-connected') metrics.count('sshError', { kind: asked.reason });
      return asked;
    },
  };
}

function sshErrorOf(outcome: RemoteOutcome) {
  if (outcome.kind === 'exited') return null;
  return outcome.kind === 'not-connected' ? outcome.reason : outcome.kind;
}
