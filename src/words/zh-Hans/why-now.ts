import type {
  Evidence,
  EvidenceId,
  Hypothesis,
  HypothesisId,
  TimelineEntry,
  TimelineKind,
  WhyNow,
} from '../../model/diagnosis/why-now.ts';
import type { HostName } from '../../model/record/ids.ts';
import { shownWords } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { bold, type Phrase, plainText, type Run, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { evidenceClause, moment, shownPath } from './why-now-evidence.ts';

/** Over the whole story, if it is folded. */
export const STORY_TITLE = '时间线和其他可能的原因';

/** The longest that {@link whyNowLead} is, in characters of its plain text. */
export const LEAD_LIMIT = 600;

/** The answer in short, for a card: the most likely cause and what is unknown about it. */
export function whyNowAnswer(whyNow: WhyNow): Phrase {
  return say`${answer(whyNow)}${unknownSentence(whyNow, 1)}`;
}

/** The answer in a few sentences: what is likely or possible, what is unknown, what is ruled out. */
export function whyNowLead(whyNow: WhyNow): Phrase {
  const sentences = [
    answer(whyNow),
    doubtSentence(whyNow),
    alsoPossible(whyNow),
    unknownSentence(whyNow, 3),
    ruledOut(whyNow),
  ].filter((sentence) => sentence.length > 0);
  return fitting(sentences);
}

/** The whole story under the answer: what makes times doubtful, the timeline, and each possible cause with its evidence. In two groups. */
export function whyNowPhrases(whyNow: WhyNow, host: HostName): readonly (readonly Phrase[])[] {
  return [
    [
      ...whyNow.doubts.map((doubt) => say`${bold('时钟提示：')}${clause(whyNow, doubt)}。`),
      say`${bold('时间线')}来自 ${host} 的时钟和日志。能写日志的人就能伪造其中的条目：`,
      ...whyNow.timeline.map(timelineLine),
    ],
    [say`${bold('可能的原因：')}`, ...whyNow.hypotheses.map((hypothesis) => hypothesisLine(hypothesis, whyNow))],
  ];
}

/** One line of the story. */
export function timelineLine(entry: TimelineEntry): Phrase {
  const [when, sure, what, source] = timelineCells(entry);
  return say`${when}${sure === '' ? ' ' : `（${sure}）`}${what} ${say`[${source}]`}`;
}

/** The same in parts: when, how sure that is, what happened, who says so. */
export function timelineCells(entry: TimelineEntry): readonly [Run, string, Phrase, string] {
  return [moment(entry.at), SURENESS[entry.certainty], happened(entry), sourceOf(entry)];
}

/** Programs and files are named as on the host. */
function sourceOf({ source }: TimelineEntry): string {
  return SOURCES[source] ?? visibleText(source);
}

const SOURCES: Readonly<Record<string, string>> = { clock: '时钟', 'registry log': 'Registry 日志' };

/** One hypothesis with all that is known of it. */
export function hypothesisLine(hypothesis: Hypothesis, whyNow: WhyNow): Phrase {
  const [standing, name, known, missing] = hypothesisCells(hypothesis, whyNow);
  const evidence = known.length === 0 ? [] : say`（${known}）`;
  const open = missing.length === 0 ? [] : say`未知：${missing}。`;
  return say`${bold(`${standing}：`)}${name}${evidence}。${open}`;
}

/** The same in parts: how it stands, what may have happened, what speaks for or against it, what would decide it. */
export function hypothesisCells(hypothesis: Hypothesis, whyNow: WhyNow): readonly [string, Phrase, Phrase, Phrase] {
  const clauses = (of: readonly Evidence[]) =>
    separated(
      of.map((one) => clause(whyNow, one)),
      '；',
    );
  return [standingWord(hypothesis), nameOf(hypothesis), clauses(hypothesis.evidence), clauses(hypothesis.missing)];
}

function answer({ hypotheses, ...whyNow }: WhyNow): Phrase {
  const [first] = hypotheses;
  if (first?.standing !== 'supported') return say`${bold('原因：')}未知。主机上没有任何线索。`;
  const label = bold(first.strength === 'strong' ? '很可能的原因：' : '有可能的原因：');
  const short = say`${label}${nameOf(first)}`;
  const [evidence] = first.evidence;
  if (evidence === undefined) return say`${short}。`;
  const known = clause({ ...whyNow, hypotheses }, evidence);
  const long = SAYS_IT_ALL.has(evidence.id) ? say`${label}${known}` : say`${short}。依据：${known}`;
  return say`${plainText(long).length < LEAD_LIMIT ? long : short}。`;
}

/** Evidence that is the cause itself: naming that as well would say it twice. */
const SAYS_IT_ALL: ReadonlySet<EvidenceId> = new Set([
  'attributes-changed-after-boot',
  'attributes-changed-since-good-access',
  'changed-after-boot',
  'changed-since-good-access',
]);

function doubtSentence(whyNow: WhyNow): Phrase {
  const [doubt] = whyNow.doubts;
  return doubt === undefined ? [] : say`时钟提示：${clause(whyNow, doubt)}。`;
}

function alsoPossible({ hypotheses }: WhyNow): Phrase {
  const others = hypotheses.slice(1).filter(({ standing }) => standing === 'supported');
  return others.length === 0 ? [] : say`另外有可能：${names(others, 2)}。`;
}

function unknownSentence(whyNow: WhyNow, most: number): Phrase {
  const [first] = whyNow.hypotheses;
  const open = first?.standing === 'supported' ? first.missing : whyNow.hypotheses.flatMap(({ missing }) => missing);
  const clauses = [...new Map(open.map((one) => [one.id, one])).values()].slice(0, most);
  if (clauses.length === 0) return [];
  return say`未知：${separated(
    clauses.map((one) => clause(whyNow, one)),
    '；',
  )}。`;
}

function ruledOut({ hypotheses }: WhyNow): Phrase {
  const out = hypotheses.filter(({ standing }) => standing === 'refuted');
  return out.length === 0 ? [] : say`已排除：${names(out, 3)}。`;
}

function names(hypotheses: readonly Hypothesis[], most: number): Phrase {
  const hidden = hypotheses.length - most;
  const shown = hypotheses.slice(0, most).map(nameOf);
  return separated([...shown, ...(hidden > 0 ? [say`另有 ${grouped(hidden)} 项`] : [])], '；');
}

/** As many of the sentences, from the first on, as fit the limit. The first is always included. */
function fitting(sentences: readonly Phrase[]): Phrase {
  const shown: Phrase[] = [];
  let length = 0;
  for (const sentence of sentences) {
    length += plainText(sentence).length;
    if (shown.length > 0 && length > LEAD_LIMIT) continue;
    shown.push(sentence);
  }
  return shown.flat();
}

function clause({ timeline }: WhyNow, evidence: Evidence): Phrase {
  const bootedAt = timeline.findLast(({ kind }) => kind === 'boot')?.at ?? null;
  return evidenceClause(evidence, bootedAt);
}

/** "Likely" and "possible" are the most that evidence of this kind can give. */
function standingWord({ standing, strength }: Pick<Hypothesis, 'standing' | 'strength'>): string {
  if (standing === 'supported') return strength === 'strong' ? '很可能' : '有可能';
  return standing === 'refuted' ? '已排除' : '无法判断';
}

function nameOf({ id, evidence }: Pick<Hypothesis, 'id' | 'evidence'>): Phrase {
  if (id !== 'mode-changed') return say`${NAMES[id]}`;
  const path = evidence.find((one) => one.path !== null)?.path;
  return path === undefined || path === null ? say`${NAMES[id]}` : say`${shownPath(path)} 的权限位、属主或 ACL 被修改`;
}

/** Noun phrases: after "ruled out" a whole sentence would read as a fact. */
const NAMES: Record<HypothesisId, string> = {
  'mode-changed': '某个目录的权限位、属主或 ACL 被修改',
  'mounted-by-hand': '重启前手动挂载的磁盘',
  'bind-mount-replaced': '用符号链接取代原来的绑定挂载',
  'late-or-failed-mount': '磁盘挂载过晚或未挂载',
  'identity-changed': 'Registry 重启后换成另一个用户',
  'container-kept-mounts': 'Registry 的容器仍保留旧的挂载',
  'selinux-relabel': '安全模块现在拒绝访问',
  'pending-change': '早先的配置或软件包变更在重启后才生效',
  'boot-job-resets': '开机任务重置权限位或属主',
  'filesystem-recovery': '开机时的文件系统修复导致内容丢失',
  'device-renamed': '重启后磁盘的设备名改变',
  'broken-all-along': '重启前就有但无人发现的故障',
};

const SURENESS: Record<TimelineEntry['certainty'], string> = {
  recorded: '',
  derived: '估算',
  'at-latest': '不晚于此时',
};

function happened({ kind, path, text }: TimelineEntry): Phrase {
  const place = path === null ? [] : say` ${shownPath(path)}`;
  const words = text === '' ? [] : say`：${shownWords(text)}`;
  return say`${KINDS[kind]}${place}${words}`;
}

const KINDS: Record<TimelineKind, string> = {
  boot: '主机启动',
  shutdown: '正常关机',
  mount: '已挂载',
  unmount: '已卸载',
  'mount-failed': '挂载失败',
  fsck: '文件系统已修复',
  'fsck-clean': '文件系统检查无错误',
  'filesystem-error': '文件系统错误',
  'remounted-read-only': '文件系统变为只读',
  'service-start': '服务启动',
  'service-stop': '服务停止',
  'package-change': '软件包变更',
  reconfigure: '已执行 reconfigure',
  'config-change': '配置变更',
  'account-change': '账号变更',
  'mode-command': '设置权限位或属主',
  'mount-command': '执行挂载命令',
  'privileged-command': '以 root 身份执行',
  'security-denial': '被安全模块拒绝',
  'memory-kill': '因内存耗尽被终止',
  'clock-step': '时钟被重设',
  taken: '进行本次诊断',
  'first-bad-answer': 'Registry 开始返回错误',
  'last-good-storage-answer': '最后一次成功提供镜像',
  'inode-changed': '权限位、属主、链接数或内容被修改',
  'inode-born': '创建',
  'link-born': '符号链接创建',
  'process-started': 'Registry 进程启动',
};
