import type { GroupCause } from '../../model/quiet/group.ts';
import type { SummaryLine, SummaryMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { allOf } from './lists.ts';
import { count } from './time.ts';

/** Many incidents at once: how many, as a number of hosts, and since when. */
export function summaryTitle(summary: SummaryMessage): Phrase {
  return say`${bold(`${countHosts(summary)} hosts have new incidents`)} · since ${timeOfDay(summary.openedAt)}`;
}

/** What the hosts have in common. Null: not known. */
export function summaryCause({ cause }: SummaryMessage): Phrase | null {
  return cause === null ? null : say`${bold('Likely cause:')} ${causeInCommon(cause)}`;
}

function causeInCommon(cause: GroupCause): Phrase {
  switch (cause.kind) {
    case 'share':
      return say`their storage is on the same share, ${code(cause.source)}`;
    case 'server':
      return say`their storage is on the same file server, ${code(cause.server)}`;
    case 'boot':
      return say`they booted within a minute of each other, from ${timeOfDay(cause.at)} on`;
  }
}

/** One host: how it is, and how far its plan is. */
export function summaryHost({ id, host, state, plan }: SummaryLine): Phrase {
  const progress = plan === null ? [] : say`, plan ${plan.id} ${PLANS[plan.state]}`;
  return say`${code(host)}: ${STATES[state]}${progress} · incident ${id}`;
}

const STATES: Record<SummaryLine['state'], string> = {
  diagnosing: 'being diagnosed',
  broken: 'unhealthy',
  healthy: 'healthy',
  unclear: 'unknown, see its verdict',
};

const PLANS: Record<NonNullable<SummaryLine['plan']>['state'], string> = {
  proposed: 'ready',
  approved: 'approved',
  executing: 'running',
  applied: 'applied',
  undone: 'rolled back',
  failed: 'failed',
  stale: 'out of date',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'expired',
  superseded: 'replaced',
};

/** After the hosts that are shown. */
export function moreIncidents(more: number): Phrase {
  return say`and ${count(more, 'more incident')}`;
}

/** Where to look, and where to click. */
export function summaryAdvice({ cause }: SummaryMessage): Phrase {
  const first =
    cause === null ? 'Look for one cause first: shared storage, the network or power.' : 'Check that first.';
  return say`${first} Plans are in this thread; the first hosts have threads of their own.`;
}

/** The notification. */
export function summarySentence(summary: SummaryMessage): Phrase {
  const more = summary.more === 0 ? [] : [say`${String(summary.more)} more`];
  const hosts = allOf([...hostsOf(summary).map((host): Phrase => [code(host)]), ...more]);
  return say`${countHosts(summary)} hosts have new incidents: ${hosts}.`;
}

function countHosts(summary: SummaryMessage): string {
  return String(hostsOf(summary).length + summary.more);
}

function hostsOf({ incidents }: SummaryMessage): readonly string[] {
  return [...new Set(incidents.map(({ host }) => host))];
}
