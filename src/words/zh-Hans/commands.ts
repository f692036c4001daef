import type { CommandName, UsageProblem } from '../../model/record/command.ts';
import type { HostName } from '../../model/record/ids.ts';
import { type FleetSection, flatSection } from '../fleet-section.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';

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
  const also = say`单独输入 ${code(COMMAND)} 会打开表单。在消息列中，请用 ${code(MENTION)} 代替 ${code(COMMAND)}。`;
  const known = hosts.length === 0 ? [] : [say`主机：${hostList(hosts)}。`];
  return flatSection('我能做什么', '', [...Object.values(COMMANDS), also, ...known]);
}

const COMMANDS: Record<CommandName, Phrase> = {
  diagnose: say`${code(`${COMMAND} diagnose HOST`)} 检查 HOST 上的 Registry，说明哪里出故障、为什么，并给出改动最小的修复方案。未经批准不会做任何修改。`,
  status: say`${code(`${COMMAND} status [HOST]`)} 显示监控结果、未结束的故障和待审批的方案。`,
  incidents: say`${code(`${COMMAND} incidents`)} 列出未结束的故障。`,
  history: say`${code(`${COMMAND} history [HOST]`)} 列出最近的故障，以及诊断结论、方案和结果。`,
  record: say`${code(`${COMMAND} record INCIDENT`)} 把故障的记录及其证明发布到其消息列。`,
  hosts: say`${code(`${COMMAND} hosts`)} 列出主机及其监控方式。`,
  mute: say`${code(`${COMMAND} mute HOST 2h REASON`)} 在这段时间内不主动发送有关 HOST 的消息。`,
  unmute: say`${code(`${COMMAND} unmute HOST`)} 提前解除静音。`,
  help: say`${code(`${COMMAND} help`)} 显示本说明。`,
};

const MAX_VERB = 40;

/** What is wrong with the text of a command. */
export const usageProblem = sentences<UsageProblem>({
  'host-missing': ({ command }) => `请输入主机名，例如：${COMMAND} ${command} git01${command === 'mute' ? ' 2h' : ''}`,
  'too-many-words': ({ command }) => `请只输入一个主机名：${COMMAND} ${command} git01`,
  'too-many-hosts': ({ command }) => `最多输入一个主机名：${COMMAND} ${command} git01`,
  'incident-missing': () => `请输入故障编号，例如：${COMMAND} record 12`,
  'mute-incomplete': () => `要静音多久？例如：${COMMAND} mute git01 2h 更换磁盘`,
  'not-a-length': ({ text }) =>
    `“${visibleText(text).slice(0, MAX_VERB)}”不是有效的时长（最长 7d），未做静音。例如：${COMMAND} mute git01 2h 更换磁盘`,
  'nothing-follows': ({ command }) => `该命令后不接任何内容：${COMMAND} ${command}`,
  'unknown-verb': ({ verb, nearest }) => {
    const meant = nearest === null ? '' : `你要用的是 ${COMMAND} ${nearest} 吗？`;
    return `未知的命令“${visibleText(verb).slice(0, MAX_VERB)}”。${meant}`;
  },
});

const MAX_HOSTS = 30;

/** The names of hosts; a long list is cut and says how many more there are. */
export function hostList(hosts: readonly HostName[]): Phrase {
  const shown = hosts.slice(0, MAX_HOSTS).map((host): Phrase => [code(host)]);
  const more = hosts.length > MAX_HOSTS ? [say`另外 ${hosts.length - MAX_HOSTS} 台`] : [];
  return separated([...shown, ...more], '、');
}
