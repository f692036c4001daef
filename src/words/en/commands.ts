import type { CommandName, UsageProblem } from '../../model/record/command.ts';
import type { HostName } from '../../model/record/ids.ts';
import { type FleetSection, flatSection } from '../fleet-section.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { allOf } from './lists.ts';

/** The command as people type it; manifest.yml declares the same. */
export const COMMAND = '/registry';
/** The bot’s name in manifest.yml. */
const MENTION = '@registry-doctor';

/** What can be typed, after what is wrong with what was. */
export function usage(problem: UsageProblem | null, hosts: readonly HostName[]): readonly Phrase[] {
  const { title, lines } = usageSection(hosts);
  const what = problem === null ? [] : [say`${usageProblem(problem)}`];
  return [...what, say`${bold(title)}`, ...lines.map(({ head }) => head)];
}

/** The same as a list. */
export function usageSection(hosts: readonly HostName[]): FleetSection {
  const also = say`${code(COMMAND)} alone opens a form. In a thread, type ${code(MENTION)} in place of ${code(COMMAND)}.`;
  const known = hosts.length === 0 ? [] : [say`Hosts: ${hostList(hosts)}.`];
  return flatSection('What I can do', '', [...Object.values(COMMANDS), also, ...known]);
}

const COMMANDS: Record<CommandName, Phrase> = {
  diagnose: say`${code(`${COMMAND} diagnose HOST`)} checks the registry on HOST, shows what’s broken and why, and proposes the smallest fix. Nothing changes without approval.`,
  status: say`${code(`${COMMAND} status [HOST]`)} shows what monitoring sees, open incidents and waiting plans.`,
  incidents: say`${code(`${COMMAND} incidents`)} lists the open incidents.`,
  history: say`${code(`${COMMAND} history [HOST]`)} lists the latest incidents with verdict, plan and outcome.`,
  record: say`${code(`${COMMAND} record INCIDENT`)} posts the incident’s record with its proof in its thread.`,
  hosts: say`${code(`${COMMAND} hosts`)} lists the hosts and how each is monitored.`,
  mute: say`${code(`${COMMAND} mute HOST 2h REASON`)} keeps me from posting about HOST on my own for that time.`,
  unmute: say`${code(`${COMMAND} unmute HOST`)} ends that.`,
  help: say`${code(`${COMMAND} help`)} shows this.`,
};

const MAX_VERB = 40;

/** What is wrong with the text of a command. */
export const usageProblem = sentences<UsageProblem>({
  'host-missing': ({ command }) =>
    `Which host? For example: ${COMMAND} ${command} git01${command === 'mute' ? ' 2h' : ''}`,
  'too-many-words': ({ command }) => `Enter exactly one host name: ${COMMAND} ${command} git01`,
  'too-many-hosts': ({ command }) => `Enter one host name or none: ${COMMAND} ${command} git01`,
  'incident-missing': () => `Which incident? Enter its number: ${COMMAND} record 12`,
  'mute-incomplete': () => `For how long? For example: ${COMMAND} mute git01 2h disk replacement`,
  'not-a-length': ({ text }) =>
    `“${visibleText(text).slice(0, MAX_VERB)}” is not a length of time up to 7d. Nothing was muted. For example: ${COMMAND} mute git01 2h disk replacement`,
  'nothing-follows': ({ command }) => `Nothing follows this command: ${COMMAND} ${command}`,
  'unknown-verb': ({ verb, nearest }) => {
    const meant = nearest === null ? '' : ` Did you mean ${COMMAND} ${nearest}?`;
    return `Unknown command “${visibleText(verb).slice(0, MAX_VERB)}”.${meant}`;
  },
});

const MAX_HOSTS = 30;

/** The names of hosts; a long list is cut and says how many more there are. */
export function hostList(hosts: readonly HostName[]): Phrase {
  const shown = hosts.slice(0, MAX_HOSTS).map((host): Phrase => [code(host)]);
  const more = hosts.length > MAX_HOSTS ? [say`${hosts.length - MAX_HOSTS} more`] : [];
  return allOf([...shown, ...more]);
}
