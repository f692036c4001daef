import type { PlanState } from '../../model/plan.ts';
import type { PrivateAnswer } from '../../model/thread-message.ts';
import { bold, code, joined, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

/** The command as people type it; manifest.yml declares the same. */
const COMMAND = '/registry';

/** What one person is told privately, one paragraph an entry. */
export function privateAnswer(answer: PrivateAnswer): readonly Phrase[] {
  switch (answer.kind) {
    case 'usage':
      return answer.problem === null ? usage() : [say`${answer.problem}`, ...usage()];
    case 'unknown-host':
      return unknownHost(answer);
    case 'may-not-request':
      return [say`You are not among the people who may ask for a diagnosis here. Nothing was started.`];
    case 'already-diagnosing':
      return [
        say`${answer.host} is being diagnosed already: see incident ${answer.incidentId}. Nothing new was started.`,
      ];
    case 'may-not-decide':
      return [say`You may not decide on plans for ${answer.host}. Nothing was changed. ${whoMay(answer)}`];
    case 'own-plan':
      return [
        say`You asked for this diagnosis, so somebody else has to decide on its plan. Nothing was changed. ${whoMay(answer)}`,
      ];
    case 'cannot-check-person':
      return [
        say`I could not find out whether you may do this (${answer.why}), so nothing was done. Please try again in a minute.`,
      ];
    case 'plan-not-open':
      return [say`Nothing was changed by this click: plan ${answer.planId} ${PLAN_STATES[answer.state]}.`];
    case 'plan-unknown':
      return [say`I know no such plan. Nothing was changed. ${askAgain()}`];
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

/** What is wrong with what was typed after `/registry`. */
export const USAGE_PROBLEMS = {
  hostMissing: 'Which host? I need its name as it stands in the config file.',
  tooManyWords: 'I need one host name and nothing after it.',
  unknownVerb: 'I do not know this command.',
} as const;

function usage(): readonly Phrase[] {
  return [
    say`${bold('What I can do')}`,
    say`${code(`${COMMAND} diagnose HOST`)} looks at the registry on HOST, says which directory breaks it and why, and proposes the smallest fix. Nothing is changed without an approval.`,
    say`${code(`${COMMAND} help`)} shows this.`,
  ];
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
  const shown = known.slice(0, MAX_HOSTS).map((host): Phrase => [code(host)]);
  const more = known.length > MAX_HOSTS ? [say`${known.length - MAX_HOSTS} more`] : [];
  return [say`I know no host ${name}. I know ${joined([...shown, ...more], 'and')}.`];
}

const MAX_HOSTS = 30;

function whoMay(answer: Extract<PrivateAnswer, { kind: 'may-not-decide' | 'own-plan' }>): Phrase {
  const people = peopleList(answer.approvers, answer.approverGroups);
  if (people === null) return say`There are no approvers in the config file (${code('policy.approvers')}).`;
  return say`Approvers for ${answer.host}: ${people}.`;
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
  superseded: 'was set aside: the host was looked at again since. See the newest messages about it',
};
