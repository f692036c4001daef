import type { PlanState } from '../../model/plan/plan.ts';
import type { MuteSource } from '../../model/quiet/mute.ts';
import type { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { COMMAND, hostList, usage } from './commands.ts';
import { cannotPostRecord, recordPosted, recordWaits } from './files.ts';
import { allOf, anyOf } from './lists.ts';
import { muteSource } from './mutes.ts';
import { noAnswer } from './no-answer.ts';
import { actorName, peopleList } from './people.ts';
import { signatureProblem } from './signatures.ts';
import { personDoubt } from './slack-failure.ts';

/** A private answer to one person, one paragraph an entry. */
export function privateAnswer(answer: PrivateAnswer): readonly Phrase[] {
  switch (answer.kind) {
    case 'usage':
      return usage(answer.problem, answer.hosts);
    case 'unknown-host':
      return unknownHost(answer);
    case 'may-not-request':
      return [
        say`You don’t have permission to request a diagnosis here. Nothing was started. To get access, ask an administrator of Registry Doctor to add you to ${code('requesters')} in its config.`,
      ];
    case 'wrong-channel':
      return [wrongChannel(answer)];
    case 'already-diagnosing':
      return [
        say`${answer.host} is already being diagnosed (incident ${answer.incidentId}${inChannel(answer)}). Nothing new was started.`,
      ];
    case 'joined-incident':
      return [
        say`${answer.host} has an open incident (${answer.incidentId}${inChannel(answer)}), so I’m diagnosing it again there. The result is in its thread.`,
      ];
    case 'muted':
      return [
        say`${answer.host} is muted until ${dateAndTime(answer.until)}. I ${answer.isWatched ? 'keep checking it, ' : ''}post nothing of it on my own and sum up at the end.`,
        say`${code(`${COMMAND} unmute ${answer.host}`)} ends it.`,
      ];
    case 'unmuted':
      return [say`${answer.host} is no longer muted by anyone.${stillMuted(answer.others)}`];
    case 'not-muted':
      return [say`No one has muted ${answer.host}. Nothing was changed.${stillMuted(answer.others)}`];
    case 'may-not-decide':
      return [say`You’re not an approver for ${answer.host}. Nothing was changed. ${whoMay(answer)}`];
    case 'own-plan':
      return [say`${OWN_PLAN[answer.askedFor]} Nothing was changed. ${whoElseMay(answer)}`];
    case 'cannot-check-person':
      return [
        say`I couldn’t check your permissions with Slack (${personDoubt(answer.why)}), so nothing was done. Try again in a minute.`,
      ];
    case 'not-requester':
      return [
        say`Plan ${answer.planId} can only be withdrawn by its requester. Nothing was changed. Approvers use Reject.`,
      ];
    case 'plan-not-open':
      return [say`Plan ${answer.planId} ${planStateWords(answer.state)}. Nothing was changed by your click.`];
    case 'approved-before':
      return [
        say`You’ve already approved plan ${answer.planId}. Nothing was changed. ${morePeople(answer.missing)} to approve it.`,
      ];
    case 'earlier-approval-lapsed':
      return [earlierLapsed(answer)];
    case 'cannot-undo':
      return [say`Nothing was changed: ${CANNOT_UNDO[answer.why](answer.planId)}`];
    case 'signature-refused':
      return [
        say`Plan ${answer.planId} was not approved: ${signatureProblem(answer.why)} Nothing was changed. Click the approve button again for the text to sign.`,
      ];
    case 'host-not-asked':
      return [
        say`Nothing was changed: I couldn’t check the current state of ${answer.host} (${noAnswer(answer.why)}), and an undo must match it. Try again when the host can be reached.`,
      ];
    case 'plan-unknown':
      return [say`I can’t find that plan. Nothing was changed. ${askAgain()}`];
    case 'incident-unknown':
      return [say`I can’t find that incident. Nothing was changed. ${askAgain()}`];
    case 'incident-over':
      return [say`Incident ${answer.incidentId} is over, so there is nothing to acknowledge. Nothing was changed.`];
    case 'acknowledged-before':
      return [say`You’re already on incident ${answer.incidentId}. Nothing was changed.`];
    case 'may-not-acknowledge':
      return [
        say`You don’t have permission to acknowledge an incident of ${answer.host}. Nothing was changed. To get access, ask an administrator of Registry Doctor to add you to ${code('requesters')} in its config.`,
      ];
    case 'other-plan':
      return [
        say`Nothing was changed. This card is from an older record: plan ${answer.planId} in the current record is a different plan. ${askAgain()}`,
      ];
    case 'host-busy':
      return [say`Another plan is running on ${answer.host}. Nothing was changed. Try again when it is done.`];
    case 'record-failed':
      return [say`I couldn’t write to the audit record (${RECORD_DOUBTS[answer.why]}), so I did nothing.`];
    case 'record-at-terminal':
      return [cannotPostRecord(answer.incidentId)];
    case 'record-waits':
      return [recordWaits(answer)];
    case 'record-posted':
      return [recordPosted(answer.incidentId)];
    case 'not-in-channel':
      return notInChannel();
    case 'not-a-channel':
      return notAChannel();
    case 'opened':
      return [say`I’m diagnosing ${answer.host} (incident ${answer.incidentId}) and will post in ${channel(answer)}.`];
  }
}

/** The answer to a request that the bot could not read, or that failed by a fault of its own. */
export function requestRefused(): Phrase {
  return say`I couldn’t understand this request, so nothing was done. Details are in Registry Doctor’s log.`;
}

export function requestFailed(): Phrase {
  return say`Something went wrong, and I don’t know whether your request was saved. Check the thread before you try again. Details are in Registry Doctor’s log.`;
}

/** The answer to a request that came while the record could not be used. */
export function requestNotRecorded(): Phrase {
  return say`I can’t use my audit record right now, so your request isn’t recorded and nothing was done. Try again in a minute.`;
}

/** The answer to a click on a button that this version does not know. */
export function otherVersion(): Phrase {
  return say`This button belongs to another version of Registry Doctor. Nothing was done. ${code(`${COMMAND} diagnose HOST`)} creates a new card.`;
}

/** What else mutes the host: no command ends it. */
function stillMuted(others: readonly MuteSource[]): Phrase {
  return others.length === 0 ? [] : say` Something else still mutes it: ${allOf(others.map(muteSource))}.`;
}

const RECORD_DOUBTS: Record<Extract<PrivateAnswer, { kind: 'record-failed' }>['why'], string> = {
  'plan-not-as-shown': 'the stored plan is not the one that was shown and signed',
  'plan-not-as-sealed': 'the stored plan is not the one that was sealed',
  'plan-not-on-record': 'the stored plan is not the one that was put on record',
  'approval-not-on-record': 'an earlier approval is not the one that was put on record',
};

function unknownHost({ asked, nearest, known }: Extract<PrivateAnswer, { kind: 'unknown-host' }>): readonly Phrase[] {
  const name = code(asked === '' ? ' ' : asked);
  if (nearest.length > 0) {
    return [say`There’s no host ${name} in the config. Did you mean ${anyOf(nearest.map((host) => [code(host)]))}?`];
  }
  if (known.length === 0)
    return [say`There’s no host ${name} in the config, and no other that you can request a diagnosis of here.`];
  return [say`There’s no host ${name} in the config. Hosts: ${hostList(known)}.`];
}

/** "1 more person needs", "2 more people need". */
function morePeople(amount: number): string {
  return amount === 1 ? '1 more person needs' : `${amount} more people need`;
}

function earlierLapsed({ planId, by, why }: Extract<PrivateAnswer, { kind: 'earlier-approval-lapsed' }>): Phrase {
  const who = actorName(by);
  if (why !== null) {
    return say`${who} approved plan ${planId} earlier, and I couldn’t check whether they still are an approver (${personDoubt(why)}). Nothing was done. Try again in a minute.`;
  }
  return say`${who} approved plan ${planId} earlier but is no longer an approver. Nothing was done. Diagnose again for a new plan.`;
}

function wrongChannel({ host, channels }: Extract<PrivateAnswer, { kind: 'wrong-channel' }>): Phrase {
  const shown = channels.slice(0, MAX_CHANNELS).map((channel): Phrase => [{ kind: 'channel', channel }]);
  const more = channels.length > MAX_CHANNELS ? [say`${channels.length - MAX_CHANNELS} more`] : [];
  const where = anyOf([...shown, ...more]);
  return say`You can’t use Registry Doctor${host === null ? '' : ` for ${host}`} in this channel. Nothing was done. Go to ${where}.`;
}

const MAX_CHANNELS = 20;

const OWN_PLAN = {
  diagnosis: 'You requested this diagnosis, so someone else has to approve the fix.',
  undo: 'You requested this undo, so someone else has to approve it.',
} as const;

function whoMay(answer: Extract<PrivateAnswer, { kind: 'may-not-decide' | 'own-plan' }>): Phrase {
  const people = peopleList(answer.approvers, answer.approverGroups);
  if (people === null)
    return say`No one can approve plans for ${answer.host}: the config names no ${code('approvers')}.`;
  return say`Approvers: ${people}.`;
}

function whoElseMay(answer: Extract<PrivateAnswer, { kind: 'own-plan' }>): Phrase {
  const nobodyElse = peopleList(answer.approvers, answer.approverGroups) === null;
  if (!nobodyElse) return whoMay(answer);
  return say`No one else can: the config names no other ${code('approvers')} for ${answer.host}.`;
}

function askAgain(): Phrase {
  return say`${code(`${COMMAND} diagnose HOST`)} creates a new one.`;
}

/** Where the incident is, if not in the channel of the request. */
function inChannel({ channel }: Extract<PrivateAnswer, { kind: 'joined-incident' | 'already-diagnosing' }>): Phrase {
  return channel === undefined ? [] : say` in ${{ kind: 'channel', channel }}`;
}

function channel({ channel }: Extract<PrivateAnswer, { kind: 'opened' }>): Run {
  return { kind: 'channel', channel };
}

function notInChannel(): readonly Phrase[] {
  return [
    say`I’m not in this channel, so I can’t post here. Nothing was started.`,
    say`Type ${code('/invite @registry-doctor')}, then try again.`,
  ];
}

function notAChannel(): readonly Phrase[] {
  return [
    say`I don’t work in direct messages: an incident is for a team. Nothing was started.`,
    say`Type the command in a channel that I’m in.`,
  ];
}

const CANNOT_UNDO: Record<Extract<PrivateAnswer, { kind: 'cannot-undo' }>['why'], (planId: PlanId) => string> = {
  'not-applied': (planId) => `plan ${planId} was not applied, or is itself an undo, so there is nothing to undo.`,
  'states-unknown': (planId) =>
    `the record does not hold everything that plan ${planId} found, so it can’t be undone exactly. Its card shows what it changed; restore that by hand.`,
  'opens-to-everybody': (planId) =>
    `before plan ${planId} something was world-writable, and I never make anything world-writable.`,
  'undone-already': (planId) => `plan ${planId} has already been undone. Diagnose again for a new plan.`,
  'undo-waits': (planId) =>
    `an undo of plan ${planId} is already proposed or running; see the newest messages in this thread.`,
  'other-place': (planId) =>
    `the config now points to a different registry on this host than the one that plan ${planId} changed.`,
};

/** What a plan "still waits", "was rejected already", …: the rest of a sentence about it. */
export function planStateWords(state: PlanState): string {
  return PLAN_STATES[state];
}

const PLAN_STATES: Record<PlanState, string> = {
  proposed: 'is still waiting for a decision',
  approved: 'is already approved and about to run',
  executing: 'is already running',
  applied: 'has already run; a plan runs once',
  undone: 'has already run and was rolled back',
  failed: 'has already failed; a plan runs once',
  stale: 'is out of date: the host changed after it was made. Diagnose again for a new one',
  rejected: 'has already been rejected',
  withdrawn: 'was withdrawn by its requester. Diagnose again for a new one',
  expired: 'has expired: a plan is valid for only a few minutes. Diagnose again for a new one',
  superseded: 'was replaced: something newer is known about its host. See the newest messages about it',
};
