import { aclEntries, isSameEntry } from '../../model/host/acl.ts';
import type { AclEntry } from '../../model/host/posix.ts';
import type {
  PlanDocument,
  PlanDocumentAlso,
  PlanDocumentHead,
  PlanDocumentStep,
} from '../../model/plan/plan-document.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { documentCommand } from '../step-command.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { listOf, textList } from './list.ts';

/**
 * A plan document in words, for the person who is asked to sign it. All of it is read from the text that is signed, and every bit that
 * the text changes is named, whatever a plan of ours would hold: the text can come from someone else.
 */
export function planDocumentLines({ head, also, steps }: PlanDocument, now: Date): readonly Phrase[] {
  return [
    say`${bold(`方案 ${head.plan}`)}（${bold(head.host)}${hostnameOf(head)}）· 哈希 ${code(shortHash(head.hash))} · ${RISKS[head.risk]}`,
    takesBack(head),
    goodUntil(head, now),
    ...steps.flatMap((step) => stepLines(step, head)),
    say`之后以 uid ${head.uid}、gid ${head.gid}、${groupsOf(head)}的身份实测：${listOf(testsOf(head, also))}。`,
  ];
}

const RISKS = { low: '风险：低', high: '风险：高，请逐行检查' } as const;

function hostnameOf({ hostname }: PlanDocumentHead): Phrase {
  return hostname === null ? [] : say`，主机自称 ${code(visibleText(hostname))}`;
}

function takesBack({ undoes }: PlanDocumentHead): Phrase {
  if (undoes === null) return say`它不撤销其他方案。`;
  return say`它撤销哈希为 ${code(shortHash(undoes))} 的方案。`;
}

function goodUntil({ expires, boot }: PlanDocumentHead, now: Date): Phrase {
  const over = Date.parse(expires) < now.getTime() ? say`${bold('按本机时钟，已经过期。')}` : [];
  const until = say`有效期至 ${dateAndTime(expires)}`;
  return boot === null ? say`${until}。${over}` : say`${until}，且仅限主机的本次启动。${over}`;
}

function groupsOf({ groups }: PlanDocumentHead): string {
  return groups.length === 0 ? '无其他组' : `其他组 ${groups.join('、')} `;
}

/** What has to be usable, or all is put back. */
function testsOf({ root }: PlanDocumentHead, also: readonly PlanDocumentAlso[]): readonly Phrase[] {
  const storage = root === null ? [] : [say`存储目录 ${code(visiblePath(root))}`];
  return [
    ...storage,
    ...also.map(({ use, at, secret }) => say`${USES[use]} ${code(visiblePath(at))}${secret ? '（机密）' : ''}`),
  ];
}

const USES = { read: '读取', write: '写入', directory: '列目录并写入' } as const;

function stepLines(step: PlanDocumentStep, head: PlanDocumentHead): readonly Phrase[] {
  return [
    say`${step.step}. ${code(documentCommand(step, head))}`,
    say`   ${step.from} → ${step.to}：${gainOf(step, head)}。`,
  ];
}

type StepOf<A extends PlanDocumentStep['action']> = Extract<PlanDocumentStep, { action: A }>;

function gainOf(step: PlanDocumentStep, head: PlanDocumentHead): string {
  switch (step.action) {
    case 'chmod':
      return modeGain(step, head);
    case 'chown':
      return ownerGain(step);
    case 'setfacl':
      return aclGain(step);
  }
}

const BITS = [
  { bit: 4, directory: '列出其内容', file: '读取' },
  { bit: 2, directory: '在其中创建和删除条目', file: '写入' },
  { bit: 1, directory: '穿过它', file: '运行' },
] as const;

const SPECIAL_BITS = '特殊权限位（setuid、setgid、sticky）有变化，而 Registry Doctor 的方案从不这样做';
const NO_GAIN = '没有人多出权限';

/** What each class of accounts can do afterwards that it could not, and the other way round. */
function modeGain(step: StepOf<'chmod'>, { host, uid }: PlanDocumentHead): string {
  const kind = step.kind ?? 'directory';
  const [owner = '', group = ''] = step.owner.split(':');
  const classes = [
    { who: `属主（uid ${step.entries === null ? owner : uid}）`, digit: 1 },
    { who: step.entries === null ? `属组（gid ${group}）的成员` : '属组的成员', digit: 2 },
    { who: `${host} 上的其他所有账号`, digit: 3 },
  ];
  const changes = classes.flatMap(({ who, digit }) => {
    const [before, after] = [Number(step.from[digit]), Number(step.to[digit])];
    const gained = abilities(after & ~before, kind, 'and');
    const lost = abilities(before & ~after, kind, 'or');
    return [...(gained ? [`${who}将能${gained}`] : []), ...(lost ? [`${who}将不能再${lost}`] : [])];
  });
  const special = step.from[0] === step.to[0] ? [] : [SPECIAL_BITS];
  const all = [...changes, ...special];
  return `${placeOf(step)}${all.length === 0 ? NO_GAIN : all.join('；')}`;
}

function abilities(bits: number, kind: 'directory' | 'file', word: 'and' | 'or'): string {
  const words = BITS.filter(({ bit }) => bits & bit).map((names) => names[kind]);
  return textList(words, word);
}

function placeOf({ entries, kind }: StepOf<'chmod'>): string {
  if (entries === null || kind === null) return '';
  return `对其中的每一个${kind === 'file' ? '文件' : '目录'}（共 ${grouped(entries)} 个）：`;
}

function ownerGain({ from, to, entries }: StepOf<'chown'>): string {
  const [uid, gid] = to.split(':');
  const what = entries === null ? '该目录' : `其中 ${grouped(entries)} 个条目（${from} 的全部条目）`;
  const group = from.endsWith(`:${gid}`) ? `；属组仍为 gid ${gid}` : `，属组变为 gid ${gid}`;
  return `uid ${uid} 成为${what}的属主${group}`;
}

/** Every entry that comes, changes or goes. */
function aclGain({ from, to }: StepOf<'setfacl'>): string {
  const [before, after] = [aclEntries(from), aclEntries(to)];
  const changed = after.flatMap((entry) => {
    const old = before.find((other) => isSameEntry(other, entry))?.permissions ?? '没有条目';
    return old === entry.permissions ? [] : [`${holderOf(entry)}为 ${entry.permissions}（之前：${old}）`];
  });
  const gone = before.filter((entry) => !after.some((other) => isSameEntry(other, entry)));
  const all = [...changed, ...gone.map((entry) => `${holderOf(entry)}不再有条目`)];
  return all.length === 0 ? NO_GAIN : all.join('；');
}

function holderOf({ tag, id }: AclEntry): string {
  if (id !== null) return tag === 'user' ? `uid ${id} ` : `gid ${id} `;
  return { user: '属主', group: '属组', mask: 'mask ', other: '其他所有人' }[tag];
}
