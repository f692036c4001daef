import type { FleetAnswer, HomePage } from '../model/fleet/fleet.ts';
import type { Review } from '../model/plan/decision.ts';
import type { Plan } from '../model/plan/plan.ts';
import type { Actor } from '../model/record/actor.ts';
import type { ChannelId, HostName, Sha256, TeamId, UserId } from '../model/record/ids.ts';
import type { Incident } from '../model/record/incident.ts';
import type { PrivateAnswer } from '../model/record/messages/private-answer.ts';

/** Someone in Slack, as the signed request names them. */
export type Person = { readonly team: TeamId; readonly user: UserId };

/** Names the person as the record does. */
export function actorOf({ team, user }: Person): Extract<Actor, { kind: 'slack-user' }> {
  return { kind: 'slack-user', team, user };
}

/** The requests that people can make in Slack. `slack/` calls this, and the workflows implement it. */
export interface Requests {
  /**
   * `/registry diagnose HOST`. Opens the incident durably and starts the diagnosis in the background. The same
   * `requestKey` again opens nothing new and answers `opened` with the same incident.
   */
  requestDiagnosis(request: {
    readonly hostText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<RequestOutcome>;

  /** The hosts that this person can ask about in this channel, for the help. */
  hostsToAsk(request: { readonly by: Person; readonly channel: ChannelId }): Promise<readonly HostName[]>;

  /** Those of them that a text names: by their name, their address, or the labels of their alerts. */
  hostsNamedIn(request: {
    readonly text: string;
    readonly by: Person;
    readonly channel: ChannelId;
  }): Promise<readonly HostName[]>;

  /** `/registry status` and the other commands that only look. Nothing is started, and no host is asked. */
  lookUp(request: {
    readonly question: FleetQuestion;
    readonly by: Person;
    readonly channel: ChannelId;
  }): Promise<LookedUp>;

  /** The home tab of this person. */
  homePage(by: Person): Promise<HomeOutcome>;

  /** Where incidents are whose request came from no channel. */
  readonly incidentChannel: ChannelId;
  /**
   * `/registry mute HOST 2h reason`: nothing is told of the host for that time. The same `requestKey` again changes nothing, and has the same
   * answer.
   */
  mute(request: {
    readonly hostText: string;
    readonly lengthText: string;
    readonly reason: string | null;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<PrivateAnswer>;

  /** `/registry unmute HOST`. The same `requestKey` again is as for a mute. */
  unmute(request: {
    readonly hostText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<PrivateAnswer>;

  /** The button "Diagnose again" of an incident. */
  diagnoseAgain(request: {
    readonly incidentIdText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<RequestOutcome>;

  /**
   * `/registry record INCIDENT`, and the button under an incident that has ended: puts its record into the thread, as a file. The same
   * `requestKey` again puts no second one there.
   */
  postRecord(request: {
    readonly incidentIdText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<Proposed>;

  /**
   * Approve or Reject. Everything but the plan's id is looked up again, and the decision is compare-and-set. `ask-…`
   * names what the decision still needs from the person, once it is certain that they can decide. Nothing is decided
   * yet then.
   */
  decide(request: Decide): Promise<DecisionOutcome>;

  /** The button beside the narrower option of a plan that waits. The option replaces the plan that it was shown with. */
  chooseNarrower(request: Pick<Decide, 'planIdText' | 'planHash' | 'by' | 'channel'>): Promise<Proposed>;

  /** The button Acknowledge of an open incident: this person is on it. */
  acknowledge(request: {
    readonly incidentIdText: string;
    readonly by: Person;
    readonly channel: ChannelId;
  }): Promise<Proposed>;

  /** The button Withdraw of a plan that waits, for the person who requested it. */
  withdraw(request: Pick<Decide, 'planIdText' | 'planHash' | 'by' | 'channel'>): Promise<Proposed>;

  /** The button Undo of an applied plan: proposes the plan that undoes it. */
  undo(request: Pick<Decide, 'planIdText' | 'planHash' | 'by' | 'channel'>): Promise<Proposed>;
}

type Decide = {
  readonly planIdText: string;
  /**
   * The hash of the plan that the person was shown. Null if the card has none, which no card of ours does: nothing is
   * done.
   */
  readonly planHash: Sha256 | null;
  readonly verdict: 'approved' | 'rejected';
  readonly by: Person;
  readonly channel: ChannelId;
  /** Why it is rejected. */
  readonly reason?: string;
  /** The person's own SSH signature over the plan document, as pasted. */
  readonly signature?: string;
};

/** `hostText` is null for all hosts. */
export type FleetQuestion =
  | { readonly kind: 'hosts' | 'incidents' }
  | { readonly kind: 'status' | 'history'; readonly hostText: string | null };

export type LookedUp =
  | { readonly kind: 'fleet'; readonly answer: FleetAnswer }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

export type HomeOutcome =
  | { readonly kind: 'page'; readonly page: HomePage }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

export type RequestOutcome =
  /** `answer`: what the person is told beside it. Null: the channel tells it. */
  | { readonly kind: 'opened'; readonly incident: Incident; readonly answer: PrivateAnswer | null }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

export type Proposed = { readonly kind: 'accepted' } | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

export type DecisionOutcome =
  | Proposed
  | { readonly kind: 'ask-reason'; readonly plan: Plan }
  /** `document`: the text that the host requires the person's signature over. */
  | { readonly kind: 'ask-signature'; readonly plan: Plan; readonly review: Review; readonly document: string };
