import type { HostName, PlanId } from '../../model/ids.ts';
import type { PlanState } from '../../model/plan.ts';
import type { PrivateAnswer } from '../../model/thread-message.ts';
import { bold, code, joined, type Phrase, say } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { actorName, peopleList } from './people.ts';
import { PLAN_BUTTONS } from './plan-card.ts';

/** The command as people type it; manifest.yml declares the same. */
const COMMAND = '/registry';

/** What one person is told privately, one paragraph an entry. */
export function privateAnswer(answer: PrivateAnswer): readonly Phrase[] {
  switch (answer.kind) {
    case 'usage':
      return answer.problem === null ? usage(answer.hosts) : [say`${answer.problem}`, ...usage(answer.hosts)];
    case 'unknown-host':
      return unknownHost(answer);
    case 'may-not-request':
      return [say`You are not among the people who may ask for a diagnosis here. Nothing was started.`];
    case 'wrong-channel':
      return [wrongChannel(answer)];
    case 'already-diagnosing':
      return [
        say`${answer.host} is being diagnosed already: see incident ${answer.incidentId}. Nothing new was started.`,
      ];
    case 'may-not-decide':
      return [say`You may not decide on plans for ${answer.host}. Nothing was changed. ${whoMay(answer)}`];
    case 'own-plan':
      return [say`${OWN_PLAN[answer.askedFor]} Nothing was changed. ${whoElseMay(answer)}`];
    case 'cannot-check-person':
      return [
        say`I could not find out whether you may do this (${answer.why}), so nothing was done. Please try again in a minute.`,
      ];
    case 'plan-not-open':
      return [say`Nothing was changed by this: plan ${answer.planId} ${planStateWords(answer.state)}.`];
    case 'approved-before':
      return [
        say`You have approved plan ${answer.planId} already, and that counts once. Nothing was changed. ${morePeople(answer.missing)} to approve it.`,
      ];
    case 'earlier-approval-lapsed':
      return [earlierLapsed(answer)];
    case 'cannot-undo':
      return [say`Nothing was changed: ${CANNOT_UNDO[answer.why](answer.planId)}`];
    case 'signature-refused':
      return [
        say`Plan ${answer.planId} was not approved: ${answer.why} Nothing was changed. Click ${code(PLAN_BUTTONS.approve)} again for the text to sign.`,
      ];
    case 'host-not-asked':
      return [
        say`Nothing was changed: I could not ask ${answer.host} how it is just now (${answer.why}), and an undo is made for what is there. Please try again when it can be reached.`,
      ];
    case 'plan-unknown':
      return [say`I know no such plan. Nothing was changed. ${askAgain()}`];
    case 'other-plan':
      return [
        say`Nothing was changed: plan ${answer.planId} on my record is another one than this card shows, so the record was restored or begun anew since. ${askAgain()}`,
      ];
    case 'host-busy':
      return [
        say`Another plan is running on ${answer.host} just now. Nothing was changed. Please try again when it is done.`,
      ];
    case 'record-failed':
      return [
        say`I could not write this down (${answer.why}), and without a record I do nothing. Nothing was changed.`,
      ];
    case 'not-in-channel':
      return notInChannel();
  }
}

/** The answer to a request that the bot could not read, or that failed by a fault of its own. */
export function requestRefused(): Phrase {
  return say`I could not understand this request, so nothing was done. The log of Registry Doctor says more.`;
}

export function requestFailed(): Phrase {
  return say`Something went wrong on my side, and I do not know whether your request was taken down. Look at the thread before you ask again; the log of Registry Doctor says more.`;
}

const MAX_VERB = 40;

/** What is wrong with what was typed after `/registry`. */
export const USAGE_PROBLEMS = {
  hostMissing: 'Which host? Type its name from the config file.',
  tooManyWords: 'Type one host name and nothing after it.',
  unknownVerb: (verb: string) => `There’s no command “${visibleText(verb).slice(0, MAX_VERB)}”.`,
} as const;

function usage(hosts: readonly HostName[]): readonly Phrase[] {
  return [
    say`${bold('What I can do')}`,
    say`${code(`${COMMAND} diagnose HOST`)} checks the registry on HOST, shows what’s broken and why, and proposes the smallest fix. Nothing changes without approval.`,
    ...(hosts.length === 0 ? [] : [say`Hosts: ${hostList(hosts)}.`]),
    say`${code(`${COMMAND} help`)} shows this.`,
  ];
}

function hostList(hosts: readonly HostName[]): Phrase {
  const shown = hosts.slice(0, MAX_HOSTS).map((host): Phrase => [code(host)]);
  const more = hosts.length > MAX_HOSTS ? [say`${hosts.length - MAX_HOSTS} more`] : [];
  return joined([...shown, ...more], 'and');
}

function unknownHost({ asked, nearest, known }: Extract<PrivateAnswer, { kind: 'unknown-host' }>): readonly Phrase[] {
  const name = code(asked === '' ? ' ' : asked);
  if (nearest.length > 0) {
    return [
      say`I know no host ${name}. Did you mean ${joined(
        nearest.map((host) => [code(host)]),
        'or',
      )}?`,
    ];
  }
  if (known.length === 0) return [say`I know no host ${name}: there are no hosts in my config file.`];
  return [say`I know no host ${name}. I know ${hostList(known)}.`];
}

const MAX_HOSTS = 30;

/** "One more person has", "2 more people have". */
function morePeople(amount: number): string {
  return amount === 1 ? 'One more person has' : `${amount} more people have`;
}

function earlierLapsed({ planId, by, why }: Extract<PrivateAnswer, { kind: 'earlier-approval-lapsed' }>): Phrase {
  const who = actorName(by);
  if (why !== null) {
    return say`${who} has approved plan ${planId} earlier, and I could not find out whether they still may (${why}). So nothing was done. Please try again in a minute.`;
  }
  return say`${who} has approved plan ${planId} earlier, and may not any more. So nothing was done. Diagnose again to get a new plan.`;
}

function wrongChannel({ host, channels }: Extract<PrivateAnswer, { kind: 'wrong-channel' }>): Phrase {
  const shown = channels.slice(0, MAX_CHANNELS).map((channel): Phrase => [{ kind: 'channel', channel }]);
  const more = channels.length > MAX_CHANNELS ? [say`${channels.length - MAX_CHANNELS} more`] : [];
  const where = joined([...shown, ...more], 'or');
  return say`${host ?? 'A host'} is not dealt with in this channel. Nothing was done. The right place is ${where}.`;
}

const MAX_CHANNELS = 20;

const OWN_PLAN = {
  diagnosis: 'You asked for this diagnosis, so somebody else has to decide on its plan.',
  undo: 'You asked for this undo, so somebody else has to decide on it.',
} as const;

function whoMay(answer: Extract<PrivateAnswer, { kind: 'may-not-decide' | 'own-plan' }>): Phrase {
  const people = peopleList(answer.approvers, answer.approverGroups);
  if (people === null) return say`There are no approvers for ${answer.host} in the config file (${code('approvers')}).`;
  return say`Approvers for ${answer.host}: ${people}.`;
}

function whoElseMay(answer: Extract<PrivateAnswer, { kind: 'own-plan' }>): Phrase {
  const nobodyElse = peopleList(answer.approvers, answer.approverGroups) === null;
  if (!nobodyElse) return whoMay(answer);
  return say`There are no other approvers for ${answer.host} in the config file (${code('approvers')}).`;
}

function askAgain(): Phrase {
  return say`${code(`${COMMAND} diagnose HOST`)} makes a new one.`;
}

function notInChannel(): readonly Phrase[] {
  return [
    say`I can only work where I can write, and I am not in this conversation. Nothing was started.`,
    say`Type ${code('/invite @registry-doctor')} in a channel, then ask there again.`,
  ];
}

const CANNOT_UNDO: Record<Extract<PrivateAnswer, { kind: 'cannot-undo' }>['why'], (planId: PlanId) => string> = {
  'not-applied': (planId) =>
    `plan ${planId} was not applied, or takes another plan back itself, so there is nothing to undo.`,
  'states-unknown': (planId) =>
    `the record does not hold all that plan ${planId} found, so it cannot be taken back exactly. Its card says what it changed; put that back by hand.`,
  'opens-to-everybody': (planId) =>
    `before plan ${planId} something was writable by everybody, and I never make it so again.`,
  'undone-already': (planId) => `plan ${planId} was taken back already. Diagnose again to get a new plan.`,
  'undo-waits': (planId) =>
    `an undo of plan ${planId} is proposed or runs already; see the newest messages in this thread.`,
  'other-place': (planId) =>
    `the config file says by now that the registry of this host is elsewhere than where plan ${planId} was carried out.`,
};

/** What a plan "still waits", "was rejected already", …: the rest of a sentence about it. */
export function planStateWords(state: PlanState): string {
  return PLAN_STATES[state];
}

const PLAN_STATES: Record<PlanState, string> = {
  proposed: 'still waits for a decision',
  approved: 'is approved already and about to run',
  executing: 'is running already',
  applied: 'has run already; a plan runs once',
  undone: 'has run already and was undone',
  failed: 'has failed already; a plan runs once',
  stale: 'is stale: the host had changed since it was made. Diagnose again to get a new one',
  rejected: 'was rejected already',
  expired: 'has expired: plans are good for a few minutes only. Diagnose again to get a new one',
  superseded: 'was set aside: something newer is known of its host. See the newest messages about it',
};
