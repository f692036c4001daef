import type { PlanState } from '../../../src/model/plan/plan.ts';
import { ChannelId, HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import type { Clock } from '../../../src/workflow/ports/bot.ts';
import type { RecordTransaction } from '../../../src/workflow/ports/record.ts';
import { editPlanCard, editStatus, postVerdict } from '../../../src/workflow/record/messages.ts';
import { ALICE, auditDraft, DIAGNOSIS, planCard, proposePlan, putDiagnosis, recordLine } from '../../store/samples.ts';
import type { SeededRandom } from '../random.ts';

const HOSTS = 8;
const MOST_LINES = 6;
const PLAN_STATES: readonly PlanState[] = ['approved', 'executing', 'rejected', 'expired'];

/** Incidents that are opened, told and edited at random, as the workflows would put it into the record. */
export class RandomThreadActs {
  readonly #random: SeededRandom;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #channel: ChannelId;
  readonly #incidents: { readonly incident: Incident; readonly plan: Awaited<ReturnType<typeof proposePlan>> }[] = [];

  constructor(random: SeededRandom, clock: Pick<Clock, 'now'>, channel: string) {
    this.#random = random;
    this.#clock = clock;
    this.#channel = ChannelId.parse(channel);
  }

  async next(tx: RecordTransaction): Promise<void> {
    if (this.#incidents.length === 0 || this.#random.chance(40)) return this.#open(tx);
    const { incident, plan } = this.#random.pick(this.#incidents);
    switch (this.#random.int(3)) {
      case 0:
        return editStatus(tx, incident.id, { stage: this.#random.pick(['connecting', 'judging', 'done']) });
      case 1:
        await editPlanCard(tx, plan.id, { state: this.#random.pick(PLAN_STATES) });
        return;
      default:
        for (let line = this.#random.int(MOST_LINES); line >= 0; line -= 1)
          await recordLine(tx, auditDraft(incident.id, 'plan-endorsed', plan));
    }
  }

  async #open(tx: RecordTransaction): Promise<void> {
    const now = this.#clock.now();
    const host = HostName.parse(`git0${this.#random.int(HOSTS)}`);
    const requestKey = `story-${this.#incidents.length}`;
    const request = { host, channel: this.#channel, openedBy: ALICE, requestKey, now };
    const { incident } = await openIncident(tx, request);
    await postVerdict(tx, DIAGNOSIS, await putDiagnosis(tx, incident, DIAGNOSIS));
    const plan = await proposePlan(tx, incident, now);
    await tx.putMessage(planCard(plan, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan))));
    this.#incidents.push({ incident, plan });
  }
}
