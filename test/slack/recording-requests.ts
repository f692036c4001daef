import { ChannelId, HostName, IncidentId, TeamId, UserId } from '../../src/model/record/ids.ts';
import type { Incident } from '../../src/model/record/incident.ts';
import type { PrivateAnswer } from '../../src/model/record/messages/private-answer.ts';
import type { DecisionOutcome, HomeOutcome, LookedUp, Requests } from '../../src/workflow/requests.ts';

type Asked =
  | { readonly kind: 'requestDiagnosis'; readonly request: Parameters<Requests['requestDiagnosis']>[0] }
  | { readonly kind: 'lookUp'; readonly request: Parameters<Requests['lookUp']>[0] }
  | { readonly kind: 'diagnoseAgain'; readonly request: Parameters<Requests['diagnoseAgain']>[0] }
  | { readonly kind: 'mute'; readonly request: Parameters<Requests['mute']>[0] }
  | { readonly kind: 'unmute'; readonly request: Parameters<Requests['unmute']>[0] }
  | { readonly kind: 'decide'; readonly request: Parameters<Requests['decide']>[0] }
  | { readonly kind: 'chooseNarrower'; readonly request: Parameters<Requests['chooseNarrower']>[0] }
  | { readonly kind: 'postRecord'; readonly request: Parameters<Requests['postRecord']>[0] }
  | { readonly kind: 'acknowledge'; readonly request: Parameters<Requests['acknowledge']>[0] }
  | { readonly kind: 'withdraw'; readonly request: Parameters<Requests['withdraw']>[0] }
  | { readonly kind: 'undo'; readonly request: Parameters<Requests['undo']>[0] };

/** The workflows' side of the port, which keeps what it was asked and answers as told. */
export class RecordingRequests implements Requests {
  readonly asked: Asked[] = [];
  /** Null: all is accepted. */
  answer: PrivateAnswer | null = null;
  /** What a decision still needs of the person; null: nothing. */
  asks: Extract<DecisionOutcome, { kind: 'ask-reason' | 'ask-signature' }> | null = null;
  /** Awaited before every answer. */
  before: () => Promise<void> = () => Promise.resolve();

  async requestDiagnosis(request: Parameters<Requests['requestDiagnosis']>[0]) {
    return this.#open({ kind: 'requestDiagnosis', request });
  }

  readonly incidentChannel = ChannelId.parse('C0INCIDENTS');
  hosts = [HostName.parse('git01'), HostName.parse('git02')];
  /** What a text names, whatever it says. */
  named: readonly HostName[] = [];
  /** The texts in which hosts were looked for. */
  readonly texts: string[] = [];
  found: LookedUp = { kind: 'fleet', answer: { kind: 'incidents', incidents: [] } };
  home: HomeOutcome = { kind: 'page', page: { hosts: [], incidents: [], plans: [] } };
  /** Who opened a home tab. */
  readonly homesOf: string[] = [];

  async hostsToAsk() {
    return this.hosts;
  }

  async hostsNamedIn({ text }: Parameters<Requests['hostsNamedIn']>[0]) {
    this.texts.push(text);
    return this.named;
  }

  async lookUp(request: Parameters<Requests['lookUp']>[0]): Promise<LookedUp> {
    this.asked.push({ kind: 'lookUp', request });
    await this.before();
    return this.found;
  }

  async homePage(by: Parameters<Requests['homePage']>[0]): Promise<HomeOutcome> {
    this.homesOf.push(by.user);
    const { home } = this;
    await this.before();
    return home;
  }

  async diagnoseAgain(request: Parameters<Requests['diagnoseAgain']>[0]) {
    return this.#open({ kind: 'diagnoseAgain', request });
  }

  async mute(request: Parameters<Requests['mute']>[0]): Promise<PrivateAnswer> {
    await this.#take({ kind: 'mute', request });
    return (
      this.answer ?? {
        kind: 'muted',
        host: HostName.parse('git01'),
        until: '2026-11-23T16:02:10.000Z',
        isWatched: true,
      }
    );
  }

  async unmute(request: Parameters<Requests['unmute']>[0]): Promise<PrivateAnswer> {
    await this.#take({ kind: 'unmute', request });
    return this.answer ?? { kind: 'unmuted', host: HostName.parse('git01'), others: [] };
  }

  async decide(request: Parameters<Requests['decide']>[0]): Promise<DecisionOutcome> {
    const outcome = await this.#take({ kind: 'decide', request });
    return this.asks ?? outcome;
  }

  async chooseNarrower(request: Parameters<Requests['chooseNarrower']>[0]) {
    return this.#take({ kind: 'chooseNarrower', request });
  }

  async postRecord(request: Parameters<Requests['postRecord']>[0]) {
    return this.#take({ kind: 'postRecord', request });
  }

  async acknowledge(request: Parameters<Requests['acknowledge']>[0]) {
    return this.#take({ kind: 'acknowledge', request });
  }

  async withdraw(request: Parameters<Requests['withdraw']>[0]) {
    return this.#take({ kind: 'withdraw', request });
  }

  async undo(request: Parameters<Requests['undo']>[0]) {
    return this.#take({ kind: 'undo', request });
  }

  async #take(asked: Asked) {
    this.asked.push(asked);
    await this.before();
    return this.answer === null ? ({ kind: 'accepted' } as const) : ({ kind: 'answer', answer: this.answer } as const);
  }

  async #open(asked: Asked) {
    this.asked.push(asked);
    await this.before();
    return this.answer === null
      ? ({ kind: 'opened', incident: INCIDENT, answer: null } as const)
      : ({ kind: 'answer', answer: this.answer } as const);
  }
}

const INCIDENT: Incident = {
  id: IncidentId.parse(142),
  host: HostName.parse('git01'),
  channel: ChannelId.parse('C0INCIDENTS'),
  openedBy: { kind: 'slack-user', team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0ALICE') },
  openedAt: '2026-11-23T14:02:10.000Z',
  requestKey: 'test',
  state: 'diagnosing',
  verdict: null,
  currentPlan: null,
  closedAt: null,
};
