import type { ChannelId, TeamId, UserId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import type { PrivateAnswer } from '../model/thread-message.ts';

/** Somebody in Slack, as the signed request names them. */
export type Person = { readonly team: TeamId; readonly user: UserId };

/** What people can ask for in Slack. `slack/` calls this; the workflows implement it. */
export interface Requests {
  /**
   * `/registry diagnose HOST`. Opens the incident durably and starts the diagnosis in the background.
   * The same `requestKey` again opens nothing new and answers `opened` with the same incident.
   */
  requestDiagnosis(request: {
    readonly hostText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<RequestOutcome>;

  /** The button "Diagnose again" of an incident. */
  diagnoseAgain(request: {
    readonly incidentIdText: string;
    readonly by: Person;
    readonly channel: ChannelId;
    readonly requestKey: string;
  }): Promise<RequestOutcome>;

  /** Approve or Reject. Everything but the plan's id is looked up again; the decision is compare-and-set. */
  decide(request: {
    readonly planIdText: string;
    readonly verdict: 'approved' | 'rejected';
    readonly by: Person;
    readonly channel: ChannelId;
  }): Promise<DecisionOutcome>;
}

export type RequestOutcome =
  | { readonly kind: 'opened'; readonly incident: Incident }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

export type DecisionOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };
