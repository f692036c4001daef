import type { types } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { OperatorError } from '../../model/operator-error.ts';
import { UserId } from '../../model/record/ids.ts';
import type { WorkInFlight } from '../../workflow/jobs/work-in-flight.ts';
import type { Log, Metrics } from '../../workflow/ports/bot.ts';
import type { Person, Requests } from '../../workflow/requests.ts';
import type { ActionId } from '../cards/parts/action-ids.ts';
import { privateCard } from '../cards/private/private-card.ts';
import { QuietMoment } from '../connection/quiet-moment.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';
import { ButtonClick, UnknownClick } from './button-click.ts';
import { Mention, mentionedCommand, postPrivately } from './commands/mention.ts';
import { runRegistryCommand } from './commands/registry-command.ts';
import { SeenEvents } from './commands/seen-events.ts';
import { SlashCommand, typedCommand } from './commands/slash-command.ts';
import { HostSubmission, type hostOptions } from './diagnose/diagnose-form.ts';
import { suggestHosts } from './diagnose/host-suggestion.ts';
import { GlobalShortcut, MessageShortcut, runGlobalShortcut, runMessageShortcut } from './diagnose/shortcut.ts';
import { answerForm, shownAfter, submitHost } from './diagnose/submit-host.ts';
import { FormSubmission } from './forms/form-submission.ts';
import { replyToForm } from './forms/reply-to-form.ts';
import { incompleteForm, problemInForm, runForm } from './forms/run-form.ts';
import { HomeOpened } from './home-opened.ts';
import { type Replying, replyPrivately } from './private-reply.ts';
import { runClick } from './run-click.ts';

type Acknowledge = () => Promise<void>;

type Needs = Replying & {
  readonly requests: Requests;
  readonly membership: ChannelMembership;
  /** Opens forms. */
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
  readonly homes: { opened(by: Person): Promise<void> };
  readonly inFlight: WorkInFlight;
  readonly metrics: Metrics;
};

/** Who gets the answer when a request fails. Nothing else is read from an unparsable payload. */
const Answerable = z.object({
  /** Absent from a form, which carries it in its metadata. */
  response_url: SlashCommand.shape.response_url.optional(),
  container: ButtonClick.shape.container,
  user_id: UserId.optional().catch(undefined),
  user: z.object({ id: UserId }).optional().catch(undefined),
  event: z.object({ user: UserId }).optional().catch(undefined),
});

/**
 * Handles each request of Slack: acknowledges it first, then parses it strictly, then does the work in the background.
 */
export class RequestIntake {
  readonly #needs: Needs;
  readonly #quiet = new QuietMoment();
  readonly #events = new SeenEvents();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  command(acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take('slash command', { acknowledge, body }, SlashCommand, (command, log) => {
      const needs = { ...this.#needs, log };
      return runRegistryCommand(typedCommand(command, needs), needs);
    });
  }

  /** An event is acknowledged by Bolt. Slack repeats one that it believes lost. */
  mention(body: unknown): Promise<void> {
    return this.#event('mention', body, Mention, async (mention, log) => {
      if (mention.event.bot_id !== undefined) return;
      await runRegistryCommand(mentionedCommand(mention, this.#needs.client, log), { ...this.#needs, log });
    });
  }

  homeOpened(body: unknown): Promise<void> {
    return this.#event('home tab', body, HomeOpened, async ({ team_id, event }) => {
      if (event.tab === 'home') await this.#needs.homes.opened({ team: team_id, user: event.user });
    });
  }

  globalShortcut(acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take('global shortcut', { acknowledge, body }, GlobalShortcut, (shortcut, log) =>
      runGlobalShortcut(shortcut, { ...this.#needs, log }),
    );
  }

  messageShortcut(acknowledge: Acknowledge, body: unknown): Promise<void> {
    return this.#take('message shortcut', { acknowledge, body }, MessageShortcut, (shortcut, log) =>
      runMessageShortcut(shortcut, { ...this.#needs, log }),
    );
  }

  /** The hosts for a menu: the only request whose acknowledgement is the answer itself. */
  async hostOptions(
    acknowledge: (answer: ReturnType<typeof hostOptions>) => Promise<void>,
    body: unknown,
  ): Promise<void> {
    await acknowledge(await suggestHosts(body, this.#needs));
  }

  /** `show` acknowledges with another view, which Slack shows in place of the form. */
  hostForm(acknowledge: Acknowledge, show: (view: types.ModalView) => Promise<void>, body: unknown): Promise<void> {
    const answer = async () => {
      const to = Answerable.safeParse(body).data;
      const view = shownAfter(body, this.#needs.requests, await this.#needs.wordsOf(to?.user?.id ?? null));
      await (view === null ? acknowledge() : show(view));
    };
    const acknowledged = Promise.withResolvers<void>();
    const answerOnce = () => answer().finally(acknowledged.resolve);
    return this.#take('host form', { acknowledge: answerOnce, body }, HostSubmission, (form, log) =>
      submitHost(form, acknowledged.promise, { ...this.#needs, log }),
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

  /** Nothing is done for an event that came before. */
  async #event<T extends { event_id: string }>(
    what: string,
    body: unknown,
    schema: z.ZodType<T>,
    run: (parsed: T, log: Log) => Promise<void>,
  ): Promise<void> {
    const { data } = schema.safeParse(body);
    if (data !== undefined && !this.#events.isNew(data.event_id)) return;
    await this.#take(what, { acknowledge: null, body }, schema, run);
  }

  async #take<T extends { trigger_id: string } | { event_id: string }>(
    what: string,
    /** `acknowledge` is null if Bolt has done that. */
    request: { readonly acknowledge: Acknowledge | null; readonly body: unknown },
    schema: z.ZodType<T>,
    run: (parsed: T, log: Log) => Promise<void>,
  ): Promise<void> {
    const cameAt = performance.now();
    const acknowledged = request.acknowledge?.();
    this.#quiet.requestCame();
    this.#needs.inFlight.start(what, async () => {
      await this.#quiet.wait();
      const parsed = schema.safeParse(request.body);
      const log = this.#needs.log.child({ request: parsed.success ? idOf(parsed.data) : null, what });
      if (!parsed.success) {
        log.warn({ problem: z.prettifyError(parsed.error) }, 'refused a request of Slack that does not parse');
        return this.#tell(request.body, 'requestRefused', log);
      }
      await run(parsed.data, log).catch((error: unknown) => {
        log.error({ err: error }, 'a request of Slack failed');
        return this.#tell(request.body, isNotRecorded(error) ? 'requestNotRecorded' : 'requestFailed', log);
      });
    });
    // Slack might send the same request again if it did not get the acknowledgement. That is harmless, because each
    // request counts once.
    const { log, metrics } = this.#needs;
    await acknowledged?.then(
      () => metrics.measure('acknowledgement', {}, (performance.now() - cameAt) / 1000),
      (error: unknown) => log.warn({ err: error, what }, 'not acknowledged'),
    );
  }

  async #tell(
    body: unknown,
    what: 'requestRefused' | 'requestFailed' | 'requestNotRecorded' | 'otherVersion',
    log: Log,
  ): Promise<void> {
    const to = Answerable.safeParse(body).data;
    const words = await this.#needs.wordsOf(to?.user_id ?? to?.user?.id ?? to?.event?.user ?? null);
    const paragraphs = [words.answers[what]()];
    const { client } = this.#needs;
    const replying = { log, stopping: this.#needs.stopping };
    const form = FormSubmission.safeParse(body);
    if (form.success) return replyToForm(form.data, paragraphs, { client, words, ...replying });
    const hostForm = HostSubmission.safeParse(body);
    if (hostForm.success) return answerForm(hostForm.data, paragraphs, words, { client, ...replying });
    const mention = Mention.safeParse(body);
    if (mention.success) return postPrivately(mention.data, privateCard(paragraphs, words), client, log);
    if (to?.response_url === undefined) return;
    const threadTs = to.container?.thread_ts ?? null;
    await replyPrivately({ responseUrl: to.response_url, threadTs }, paragraphs, words, replying);
  }
}

/** What Slack calls the request. */
function idOf(request: { trigger_id: string } | { event_id: string }): string {
  return 'trigger_id' in request ? request.trigger_id : request.event_id;
}

/** Whether the record could not be used, and it is known that nothing was written. */
function isNotRecorded(error: unknown): boolean {
  if (!(error instanceof OperatorError) || error.operatorProblem.code !== 'store') return false;
  return error.operatorProblem.problem.kind !== 'commit-unknown';
}
