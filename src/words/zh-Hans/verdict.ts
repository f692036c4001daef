import type { WalkStep } from '../../model/diagnosis/access.ts';
import type { Diagnosis, JudgedService } from '../../model/diagnosis/diagnosis.ts';
import type { Finding, FindingId, FindingOf, Proof } from '../../model/diagnosis/finding.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { FindingWords } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { bold, code, emphasised, type Phrase, say, separated } from '../phrase.ts';
import { identity, subject, subjectAtStart } from './finding-words.ts';
import { listOf } from './list.ts';
import { diagnosisHeadline } from './status.ts';
import { duration } from './time.ts';

/** The title of a verdict that no finding leads. */
export function verdictTitle(diagnosis: Diagnosis): string {
  return `${diagnosis.host}：${diagnosisHeadline(diagnosis)}`;
}

/** The title of a finding as a sentence of its own. */
export function titleSentence(title: Phrase): Phrase {
  return emphasised(say`${title}。`);
}

/** The verdict for notifications and screen readers. `title`: of what leads; null: nothing does. */
export function verdictSentence(headline: string, incident: IncidentId, title: Phrase | null): Phrase {
  return say`${headline}（故障 ${incident}）。${title === null ? [] : say`${title}。`}`;
}

type BlockedAt = FindingOf<'untraversable-ancestor'>;

/** How many directories block the storage path, and why; the directories themselves follow. */
export function blockedSentence(blocked: readonly BlockedAt[], service: JudgedService | null): Phrase {
  return say`存储路径上有 ${grouped(blocked.length)} 个目录拦住它。${whyBlocked(blocked, service)}：`;
}

function whyBlocked(blocked: readonly BlockedAt[], service: JudgedService | null): Phrase {
  const user = subjectAtStart(service);
  const [first, ...others] = blocked;
  if (first === undefined || others.some(({ decidedBy }) => decidedBy !== first.decidedBy)) {
    return say`${user} 对其中任何一个都没有 ${code('x')} 权限`;
  }
  switch (first.decidedBy) {
    case 'owner':
      return say`${user} 是属主，而属主没有 ${code('x')} 权限`;
    case 'group':
      return say`${user} 在属组中，而属组没有 ${code('x')} 权限`;
    case 'other':
      return say`${user} 不是属主，不在属组中，其他用户没有 ${code('x')} 权限`;
    case 'named-user':
      return say`${subject(service)} 的 ACL 条目没有 ${code('x')} 权限`;
    case 'named-group':
      return say`${subject(service)} 所在组的 ACL 条目没有 ${code('x')} 权限`;
  }
}

/** Whose access was checked, and how that identity is known. */
export function identitySentence(service: JudgedService): Phrase {
  return say`检查所用的身份：${identity(service)}，${SOURCES[service.source](service)}。`;
}

const SOURCES: Record<JudgedService['source'], (service: JudgedService) => string> = {
  process: ({ pid }) => `即正在运行的 Registry 进程${pid === null ? '' : `（pid ${pid}）`}的用户`,
  account: () => '取自账号，因为无法确定 Registry 进程',
  config: () => '取自配置文件，因为既未找到 Registry 进程，也未找到其账号',
};

/** How it is known what the verdict says. */
export function proofSentence(diagnosis: Diagnosis): Phrase {
  const proofs = diagnosis.verdict === 'healthy' ? HEALTHY_PROOFS : FOUND_PROOFS;
  return proofs[proofOf(diagnosis)](diagnosis);
}

/** A healthy host is as well proven as the weakest step of the path to its storage. */
function proofOf({ verdict, findings, walk }: Diagnosis): Proof {
  if (verdict !== 'healthy') return findings[0]?.proof ?? 'unproven';
  if (walk.length === 0 || walk.some(({ proof }) => proof === 'unproven')) return 'unproven';
  return walk.some(({ proof, kind }) => proof === 'evaluated' && kind !== 'symlink') ? 'evaluated' : 'kernel';
}

type Proofs = Record<Proof, (diagnosis: Diagnosis) => Phrase>;

const FOUND_PROOFS: Proofs = {
  kernel: (diagnosis) =>
    say`${bold(`已在 ${diagnosis.host} 上实测：`)}${testedAs(diagnosis)}，${kernelAnswer(diagnosis.findings[0])}。`,
  evaluated: ({ host, findings }) => say`${bold('未实测：')}根据 ${host} 上的${sourceOf(findings[0])}推断。`,
  unproven: ({ host }) => say`${bold('未证实：')}未能在 ${host} 上实测，或实测结果不同。`,
};

/** What the kernel answered about the first finding: not every failed test was denied. */
function kernelAnswer(lead: Finding | undefined): string {
  if (lead?.id !== 'file-unusable') return '被内核拒绝';
  if (lead.cause === 'missing') return '它不存在';
  return lead.cause === 'is-a-directory' ? '它是目录' : '被内核拒绝';
}

const HEALTHY_PROOFS: Proofs = {
  kernel: (diagnosis) =>
    say`${bold(`已在 ${diagnosis.host} 上实测：`)}${testedAs(diagnosis)}，通往存储目录的路径没有阻碍。`,
  evaluated: ({ host }) => say`${bold('未实测：')}根据 ${host} 上的权限推断，通往存储目录的路径没有阻碍。`,
  unproven: ({ host }) => say`${bold('未证实：')}未在 ${host} 上实测通往存储目录的路径。`,
};

function testedAs({ service }: Diagnosis): Phrase {
  if (service === null) return say`以 Registry 用户的身份访问`;
  const uid = service.uid === null ? ' ' : `（uid ${service.uid}）`;
  return say`以 ${quoted(service.user)}${uid}的身份访问`;
}

function sourceOf(lead: Finding | undefined): string {
  return lead !== undefined && BY_PERMISSIONS.has(lead.id) ? '权限' : '读取结果';
}

const BY_PERMISSIONS: ReadonlySet<FindingId> = new Set([
  'untraversable-ancestor',
  'storage-root-unusable',
  'inner-directory-unusable',
  'inner-file-unusable',
  'wrong-owner',
  'file-unusable',
]);

/** What the registry says of itself. */
export function registrySentence({ v2, health }: Pick<Diagnosis, 'v2' | 'health'>): Phrase {
  const says = [
    ...(v2 === null ? [] : [say`${code('/v2/')} 返回 ${v2.status}`]),
    ...(health === null ? [] : [say`健康检查返回 ${health.status}`]),
  ];
  return says.length === 0 ? [] : say`Registry 的响应：${separated(says, '，')}。`;
}

/** The heading over one of the registry's answers. */
export function answerHeading({ url, status }: HttpAnswer): string {
  return `${url} → ${status}`;
}

export const RAW_ANSWERS_TITLE = 'Registry 响应（原文）';

/** The other directories and files that have what the first finding has. */
export function alsoThere(paths: readonly Phrase[]): Phrase {
  return paths.length === 0 ? [] : say`${bold('存在同样问题的还有：')}${listOf(paths)}。`;
}

/** What else was found, of another kind; its remedy only where no plan takes care of it. */
export function alsoFound(
  { title, because, remedy }: FindingWords,
  { severity }: Finding,
  withRemedy: boolean,
): Phrase {
  const found = say`${bold(SEVERITIES[severity])}${title}。${because}`;
  return withRemedy ? say`${found}${remedy}` : found;
}

const SEVERITIES: Record<Finding['severity'], string> = { fault: '另外：', warning: '警告：', info: '提示：' };

/** Over the other findings, if they are folded. */
export function moreFindingsTitle(amount: number): string {
  return `另有 ${grouped(amount)} 项诊断结果`;
}

/** What people try first in this situation, without success. */
export function inVainSentence(id: FindingId): Phrase {
  if (id !== 'untraversable-ancestor') return [];
  return say`${bold('以下做法没有用：')}对存储目录执行 ${code('chmod -R 777')}，或关闭健康检查。`;
}

export function tookSentence({ durationMs }: Diagnosis): string {
  return `诊断用时 ${duration(durationMs)}`;
}

/** Over the table of the path, where it is folded away: it says the result. */
export function pathCheckTitle(walk: readonly WalkStep[]): string {
  const blocked = walk.filter(({ access }) => access === 'denied').length;
  const unknown = walk.filter(({ access }) => access === 'unknown').length;
  const result = [
    ...(blocked > 0 || unknown === 0 ? [blocked === 0 ? '均未受阻' : `${grouped(blocked)} 步受阻`] : []),
    ...(unknown === 0 ? [] : [`${grouped(unknown)} 步未知`]),
  ];
  return `路径检查：共 ${grouped(walk.length)} 步，${result.join('，')}`;
}

/** The heading of the path's table. On a card the answer comes early; in a terminal one reads the facts first, the verdict on them last. */
export const WALK_HEADING = [' ', '路径', '访问', '权限位', '属主:属组', '类型'] as const;
export const READING_WALK_HEADING = ['', '路径', '类型', '权限位', '属主:属组', '访问'] as const;

/** The mark in front of a row, besides the words in it. */
export const WALK_MARKS: Record<WalkStep['access'], string> = { allowed: ' ', denied: '✖', unknown: '?' };

export function mayPass({ access }: WalkStep, because: string): string {
  return access === 'allowed' ? '可以' : `${access === 'denied' ? '受阻' : '未知'}：${because}`;
}

export function kindOf({ kind }: WalkStep, target: string | null): string {
  return kind === 'symlink' ? `${KINDS.symlink} → ${target ?? '?'}` : KINDS[kind];
}

const KINDS: Record<WalkStep['kind'], string> = {
  directory: '目录',
  symlink: '符号链接',
  file: '文件',
  missing: '不存在',
};

/** A step on the path, with what the host calls it where the registry's process sees another tree. */
export function placeText(place: string, hostPath: string | null | undefined): string {
  if (hostPath === undefined) return place;
  return `${place}（${hostPath === null ? '不在主机上' : `主机上是 ${hostPath}`}）`;
}

/** A row in place of several. */
export function stepsNotShown(amount: number, notAllowed: number): string {
  const steps = `另有 ${grouped(amount)} 步`;
  return notAllowed === 0 ? `… ${steps}，均可访问` : `… ${steps}，其中 ${grouped(notAllowed)} 步无法访问`;
}
