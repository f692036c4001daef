import { z } from 'zod';
import { ChannelId, type HostName, TeamId, UserId } from '../../../model/record/ids.ts';
import type { Person } from '../../../workflow/requests.ts';
import { answerCard, privateCard } from '../../cards/private/private-card.ts';
import type { CommandNeeds } from '../command-needs.ts';
import { replyWithCard } from '../private-reply.ts';
import { requestKeyOf } from '../request-key.ts';
import { openDiagnoseForm } from './open-diagnose-form.ts';
import { startDiagnosis } from './start-diagnosis.ts';
import { textsInMessage } from './texts-in-message.ts';

/** The shortcuts as manifest.yml declares them: one for everywhere, and one for a message. */
export const SHORTCUTS = { global: 'diagnose_registry', message: 'diagnose_from_message' } as const;

const TriggerId = z.string().min(1).max(255);

/** The global shortcut. It comes from no channel. */
export const GlobalShortcut = z.object({
  user: z.object({ id: UserId, team_id: TeamId }),
  trigger_id: TriggerId,
});
export type GlobalShortcut = z.infer<typeof GlobalShortcut>;

/** The shortcut of a message. Of the message only its texts are read. */
export const MessageShortcut = z
  .object({
    /** Slack leaves the person's workspace out where it is that of the app. */
    user: z.object({ id: UserId, team_id: TeamId.optional() }),
    team: z.object({ id: TeamId }).nullish(),
    trigger_id: TriggerId,
    response_url: z.url({ protocol: /^https?$/ }).max(2_000),
    channel: z.object({ id: ChannelId }),
    message: z.unknown(),
  })
  .transform((shortcut, context) => {
    const team = shortcut.user.team_id ?? shortcut.team?.id;
    if (team !== undefined) return { ...shortcut, by: { team, user: shortcut.user.id } satisfies Person };
    context.addIssue({ code: 'custom', message: 'it does not say in which workspace the person is' });
    return z.NEVER;
  });
export type MessageShortcut = z.infer<typeof MessageShortcut>;

/** Opens the form. Its incident will be in the incident channel. If Slack doesn't open it, there is no place for an answer. */
export async function runGlobalShortcut({ user, trigger_id }: GlobalShortcut, needs: CommandNeeds): Promise<void> {
  const by = { team: user.team_id, user: user.id };
  await openDiagnoseForm({ by, triggerId: trigger_id, channel: null, responseUrl: null }, needs);
}

/**
 * Diagnoses the one host that the message names. If it names none or several, the form asks. An incident is for a team, so that of a
 * direct message is in the incident channel.
 */
export async function runMessageShortcut(shortcut: MessageShortcut, needs: CommandNeeds): Promise<void> {
  const { by, trigger_id: triggerId, response_url: responseUrl } = shortcut;
  const isDirect = (await needs.membership.of(shortcut.channel.id)) === 'direct';
  const channel = isDirect ? needs.requests.incidentChannel : shortcut.channel.id;
  const named = await needs.requests.hostsNamedIn({ text: textsInMessage(shortcut.message), by, channel });
  const [host] = named;
  if (host !== undefined && named.length === 1) return diagnoseNamed(shortcut, { host, channel }, needs);
  // Where the incident is not in sight, the form itself tells what becomes of the request.
  const place = isDirect ? { channel: null, responseUrl: null } : { channel, responseUrl };
  if (await openDiagnoseForm({ by, triggerId, ...place, named }, needs)) return;
  const words = await needs.wordsOf(by.user);
  await replyWithCard({ responseUrl, threadTs: null }, privateCard([words.diagnoseForm.notOpened()], words), needs);
}

async function diagnoseNamed(
  { by, trigger_id, response_url: responseUrl }: MessageShortcut,
  { host: hostText, channel }: { readonly host: HostName; readonly channel: ChannelId },
  needs: CommandNeeds,
): Promise<void> {
  const requestKey = requestKeyOf(by.team, trigger_id);
  const outcome = await startDiagnosis({ hostText, by, channel, requestKey }, needs);
  const words = await needs.wordsOf(by.user);
  const answer =
    outcome.kind === 'answer'
      ? outcome.answer
      : ({ kind: 'opened', host: outcome.incident.host, incidentId: outcome.incident.id, channel } as const);
  await replyWithCard({ responseUrl, threadTs: null }, answerCard(answer, words), needs);
}
