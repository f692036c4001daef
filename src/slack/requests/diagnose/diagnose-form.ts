import type { types } from '@slack/bolt';
import { z } from 'zod';
import { parsedJson } from '../../../model/json.ts';
import { ChannelId, HostName, TeamId, UserId } from '../../../model/record/ids.ts';
import type { Words } from '../../../words/index.ts';
import type { Phrase } from '../../../words/phrase.ts';
import { paragraphs, richText } from '../../blocks/rich-text.ts';

/** The form that asks for a host, by the id that Slack sends back. */
export const DIAGNOSE_FORM = 'diagnose_host';

/** Block and action of its one input. */
export const HOST_INPUT = { block: 'host', action: 'choose_host' } as const;

/** Slack's limit for a menu. The options of a longer list are loaded from the bot as the person types. */
const MAX_OPTIONS = 100;
/** This many names fit into the form's metadata together with a response_url. */
const MAX_NAMED = 10;

/** What the form carries. It is not trusted: who sent it is in the signed request itself, and the rest is checked again. */
export const FormContext = z.object({
  /** Null: none; the incident will be in the incident channel. */
  channel: ChannelId.nullable(),
  /** Null: answers are shown in the form itself. */
  responseUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable(),
  /** The hosts that stand first. */
  named: z.array(HostName).max(MAX_NAMED),
});
export type FormContext = z.infer<typeof FormContext>;

/** The form as Slack sends it back. */
export const HostSubmission = z.object({
  user: z.object({ id: UserId, team_id: TeamId }),
  trigger_id: z.string().min(1).max(255),
  view: z.object({
    id: z.string().min(1).max(64),
    private_metadata: z.string().max(3_000).transform(contextIn).pipe(FormContext),
    state: z.object({
      values: z.object({
        [HOST_INPUT.block]: z.object({
          [HOST_INPUT.action]: z.object({ selected_option: z.object({ value: HostName }) }),
        }),
      }),
    }),
  }),
});
export type HostSubmission = z.infer<typeof HostSubmission>;

/** Null if it is not JSON. What it holds is not checked here. */
export function contextIn(metadata: string): unknown {
  return parsedJson(metadata) ?? null;
}

export function chosenHost({ view }: HostSubmission): HostName {
  return view.state.values[HOST_INPUT.block][HOST_INPUT.action].selected_option.value;
}

type Choice = {
  readonly hosts: readonly HostName[];
  readonly named: readonly HostName[];
  readonly explanation: readonly Phrase[];
  readonly context: Omit<FormContext, 'named'>;
};

export function diagnoseForm({ hosts, named, explanation, context }: Choice, words: Words): types.ModalView {
  const { FORM } = words.diagnoseForm;
  const carried: FormContext = { ...context, named: named.slice(0, MAX_NAMED) };
  return {
    type: 'modal',
    callback_id: DIAGNOSE_FORM,
    private_metadata: JSON.stringify(carried),
    title: plain(FORM.title),
    submit: plain(FORM.submit),
    close: plain(FORM.close),
    blocks: [
      richText(...paragraphs(explanation)),
      { type: 'input', block_id: HOST_INPUT.block, label: plain(FORM.label), element: menu(hosts, named, words) },
    ],
  };
}

/** A form that only tells. */
export function noticeForm(told: readonly Phrase[], words: Words): types.ModalView {
  const { FORM } = words.diagnoseForm;
  return {
    type: 'modal',
    title: plain(FORM.title),
    close: plain(FORM.done),
    blocks: [richText(...paragraphs(told))],
  };
}

function menu(hosts: readonly HostName[], named: readonly HostName[], words: Words) {
  const common = {
    action_id: HOST_INPUT.action,
    placeholder: plain(words.diagnoseForm.FORM.placeholder),
    focus_on_load: true,
  };
  if (hosts.length > MAX_OPTIONS) return { ...common, type: 'external_select' as const, min_query_length: 0 };
  return { ...common, type: 'static_select' as const, ...hostOptions(hosts, named, words) };
}

type Options =
  | { readonly options: types.PlainTextOption[] }
  | { readonly option_groups: { label: types.PlainTextElement; options: types.PlainTextOption[] }[] };

/** The options of a menu, those that are named first. At most {@link MAX_OPTIONS}. */
export function hostOptions(hosts: readonly HostName[], named: readonly HostName[], words: Words): Options {
  const { FORM } = words.diagnoseForm;
  const first = named.filter((host) => hosts.includes(host));
  const others = hosts.filter((host) => !first.includes(host)).slice(0, MAX_OPTIONS - first.length);
  if (first.length === 0) return { options: others.map(option) };
  const groups = [
    { label: plain(FORM.named), options: first.map(option) },
    { label: plain(FORM.all), options: others.map(option) },
  ];
  return { option_groups: groups.filter(({ options }) => options.length > 0) };
}

function option(host: HostName): types.PlainTextOption {
  return { text: plain(host), value: host };
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
