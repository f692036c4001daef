import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { UserId } from '../../model/record/ids.ts';
import type { Log, Metrics } from '../../workflow/ports.ts';
import type { Requests } from '../../workflow/requests.ts';
import type { WorkInFlight } from '../../workflow/work-in-flight.ts';
import type { ActionId } from '../cards/action-ids.ts';
import { QuietMoment } from '../connection/quiet-moment.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';
import { ButtonClick, UnknownClick } from './button-click.ts';
import { FormSubmission } from './form-submission.ts';
import { replyPrivately } from './private-reply.ts';
import { runRegistryCommand } from './registry-command.ts';
import { replyToForm } from './reply-to-form.ts';
import { runClick } from './run-click.ts';
import { incompleteForm, problemInForm, runForm } from './run-form.ts';
import { SlashCommand } from './slash-command.ts';

type Acknowledge = () => Promise<void>;

type Needs = {
  readonly requests: Requests;
  readonly membership: ChannelMembership;
  /** Opens forms. */
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
  readonly inFlight: WorkInFlight;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Who gets the answer when a request fails. Nothing else is read from an unparsable payload. */
const Answerable = z.object({
  /** Absent from a form, which carries it in its metadata. */
  response_url: SlashCommand.shape.response_url.optional(),
  container: ButtonClick.shape.container,
  user_id: UserId.optional().catch(undefined),
  user: z.object({ id: UserId }).optional().catch(undefined),
});

/**
 * Handles each request of Slack: acknowledges it first, then parses it strictly, then does the work in the background.
 */
export class RequestIntake {
  readonly #needs: Needs;
  readonly #quiet = new QuietMoment();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  command(acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take('slash command', { acknowledge, body }, SlashCommand, (command, log) =>
      runRegistryCommand(command, { ...this.#needs, log }),
    );
  }

  click(actionId: ActionId, acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take(actionId, { acknowledge, body }, ButtonClick, (click, log) =>
      runClick(actionId, click, { ...this.#needs, log }),
    );
  }

  /** A button of another version of this program: it changes nothing, and its reader is told. */
  unknownClick(acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take('unknown button', { acknowledge, body }, UnknownClick, (_, log) =>
      this.#tell(body, 'otherVersion', log),
    );
  }

  /** `keepOpen` acknowledges with the form's problem. Slack then shows it and keeps the form open. */
  form(
    acknowledge: Acknowledge,
    keepOpen: (errors: Record<string, string>) => Promise<void>,
    body: unknown,
  ): Promise<void> {
    const incomplete = incompleteForm(body);
    const answer =
      incomplete === null
        ? acknowledge
        : async () => keepOpen(problemInForm(incomplete, await this.#needs.wordsOf(incomplete.user.id)));
    return this.#take('form', { acknowledge: answer, body }, FormSubmission, (form, log) =>
      runForm(form, { ...this.#needs, log }),
    );
  }

  async #take<T extends { trigger_id: string }>(
    what: string,
    request: { readonly acknowledge: Acknowledge; readonly body: unknown },
    schema: z.ZodType<T>,
    run: (parsed: T, log: Log) => Promise<void>,
  ): Promise<void> {
    const cameAt = performance.now();
    const acknowledged = request.acknowledge();
    this.#quiet.requestCame();
    this.#needs.inFlight.start(what, async () => {
      await this.#quiet.wait();
      const parsed = schema.safeParse(request.body);
      const log = this.#needs.log.child({ request: parsed.success ? parsed.data.trigger_id : null, what });
      if (!parsed.success) {
        log.warn({ problem: z.prettifyError(parsed.error) }, 'refused a request of Slack that does not parse');
        return this.#tell(request.body, 'requestRefused', log);
      }
      await run(parsed.data, log).catch((error: unknown) => {
        log.error({ err: error }, 'a request of Slack failed');
        return this.#tell(request.body, 'requestFailed', log);
      });
    });
    // Slack might send the same request again if it did not get the acknowledgement. That is harmless, because each
    // request counts once.
    const { log, metrics } = this.#needs;
    await acknowledged.then(
      () => metrics.measure('acknowledgement', {}, (performance.now() - cameAt) / 1000),
      (error: unknown) => log.warn({ err: error, what }, 'not acknowledged'),
    );
  }

  async #tell(body: unknown, what: 'requestRefused' | 'requestFailed' | 'otherVersion', log: Log): Promise<void> {
    const to = Answerable.safeParse(body).data;
    const words = await this.#needs.wordsOf(to?.user_id ?? to?.user?.id ?? null);
    const paragraphs = [words.answers[what]()];
    const form = FormSubmission.safeParse(body);
    if (form.success) return replyToForm(form.data, paragraphs, { client: this.#needs.client, words, log });
    if (to?.response_url === undefined) return;
    const threadTs = to.container?.thread_ts ?? null;
    await replyPrivately({ responseUrl: to.response_url, threadTs }, paragraphs, words, log);
  }
}
