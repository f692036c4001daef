import type { Delivery, Messenger, Metrics, RemoteHost, RemoteOutcome } from '../workflow/ports.ts';

/** The messenger, counting every message that Slack did not accept. */
export function measuredMessenger(messenger: Messenger, metrics: Metrics): Messenger {
  return {
    pace: messenger.pace,
    deliver: async (message) => {
      const delivery = await messenger.deliver(message);
      countSlackError(delivery, metrics);
      return delivery;
    },
  };
}

/** Counts a failed delivery. A thread that waits for its channel message is no failure. */
function countSlackError(delivery: Delivery, metrics: Metrics): void {
  if (delivery.kind === 'delivered' || delivery.why.kind === 'no-channel-message') return;
  metrics.count('slackError', { kind: delivery.why.kind });
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

function sshErrorOf(outcome: RemoteOutcome) {
  if (outcome.kind === 'exited') return null;
  return outcome.kind === 'not-connected' ? outcome.reason : outcome.kind;
}
