import type { ChannelId } from '../../../model/record/ids.ts';
import type { PrivateAnswer } from '../../../model/record/messages/private-answer.ts';
import type { FleetQuestion, Person } from '../../../workflow/requests.ts';
import type { Card } from '../../cards/parts/card.ts';
import { answerCard } from '../../cards/private/private-card.ts';
import { sectionCard } from '../../cards/private/section-card.ts';
import { usageCard } from '../../cards/private/usage-card.ts';
import type { CommandNeeds } from '../command-needs.ts';
import { type FormRequest, openDiagnoseForm } from '../diagnose/open-diagnose-form.ts';
import { startDiagnosis } from '../diagnose/start-diagnosis.ts';
import { parseRegistryCommand } from './registry-command-text.ts';

/** The command as manifest.yml declares it. */
export const REGISTRY_COMMAND = '/registry';

/** A command, whether typed after `/registry` or after a mention of the bot. */
export type TypedCommand = {
  readonly text: string;
  readonly by: Person;
  readonly channel: ChannelId;
  readonly isDirect: boolean;
  readonly requestKey: string;
  /** The incident's own message will not be in sight. */
  readonly isInThread: boolean;
  /** What opens a form. Null: nothing does. */
  readonly form: FormRequest | null;
  /** Shows the person, and no one else, an answer. Never rejects. */
  readonly answer: (card: Card) => Promise<void>;
};

/** Runs a command, after Slack has its acknowledgement. */
export async function runRegistryCommand(command: TypedCommand, needs: CommandNeeds): Promise<void> {
  const asked = parseRegistryCommand(command.text);
  switch (asked.kind) {
    case 'diagnose':
      return diagnose(command, asked.hostText, needs);
    case 'form':
      if (command.form !== null && (await openDiagnoseForm(command.form, needs))) return;
      return answerUsage(command, { kind: 'usage', problem: null }, needs);
    case 'usage':
      return answerUsage(command, asked, needs);
    case 'record': {
      const { by, channel, requestKey } = command;
      const { incidentIdText } = asked;
      const posted = await needs.requests.postRecord({ incidentIdText, by, channel, requestKey });
      if (posted.kind === 'answer') await answerPrivately(command, posted.answer, needs);
      return;
    }
    case 'mute': {
      const { hostText, lengthText, reason } = asked;
      const { by, channel, requestKey } = command;
      const muting = { hostText, lengthText, reason, by, channel, requestKey };
      return answerPrivately(command, await needs.requests.mute(muting), needs);
    }
    case 'unmute': {
      const { by, channel, requestKey } = command;
      const unmuting = { hostText: asked.hostText, by, channel, requestKey };
      return answerPrivately(command, await needs.requests.unmute(unmuting), needs);
    }
    default:
      return lookUp(command, asked, needs);
  }
}

async function diagnose(command: TypedCommand, hostText: string, needs: CommandNeeds): Promise<void> {
  const { by, channel, isDirect, requestKey } = command;
  const outcome = await startDiagnosis({ hostText, by, channel, isDirect, requestKey }, needs);
  if (outcome.kind === 'answer') return answerPrivately(command, outcome.answer, needs);
  if (outcome.answer !== null) return answerPrivately(command, outcome.answer, needs);
  if (!command.isInThread) return;
  const { id: incidentId, host } = outcome.incident;
  await answerPrivately(command, { kind: 'opened', host, incidentId, channel }, needs);
}

type Usage = Omit<Extract<PrivateAnswer, { kind: 'usage' }>, 'hosts'>;

async function answerUsage(command: TypedCommand, usage: Usage, needs: CommandNeeds): Promise<void> {
  const { by, channel } = command;
  const [words, hosts] = await Promise.all([needs.wordsOf(by.user), needs.requests.hostsToAsk({ by, channel })]);
  await command.answer(usageCard({ ...usage, hosts: [...hosts] }, words));
}

async function lookUp(command: TypedCommand, question: FleetQuestion, needs: CommandNeeds): Promise<void> {
  const { by, channel } = command;
  const found = await needs.requests.lookUp({ question, by, channel });
  if (found.kind === 'answer') return answerPrivately(command, found.answer, needs);
  const words = await needs.wordsOf(by.user);
  await command.answer(sectionCard(words.fleet.fleetAnswer(found.answer), words));
}

async function answerPrivately(command: TypedCommand, answer: PrivateAnswer, { wordsOf }: CommandNeeds): Promise<void> {
  const words = await wordsOf(command.by.user);
  await command.answer(answerCard(answer, words));
}
