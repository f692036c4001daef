import type { PlanOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { Review } from '../../model/plan/decision.ts';
import type { Plan, PlanDraft, PlanState, PlanStep } from '../../model/plan/plan.ts';
import type { UserId } from '../../model/record/ids.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { grouped, timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { isFileStep, onlyPassThrough } from '../step-rights.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { lastingFix } from './durability.ts';
import { endReason } from './end-reason.ts';
import { textList } from './list.ts';
import { actorName, actorNames, peopleList } from './people.ts';
import { stepGain } from './plan.ts';
import { kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { entryMark } from './record.ts';
import { between, dotted, leading } from './spacing.ts';
import { gainsAgain } from './undo-gains.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/** Which plan this is, what it risks, and until when it can be approved. */
export function planTitle({ plan, state }: PlanMessage): Phrase {
  const life = state === 'proposed' ? [say`${timeOfDay(plan.expiresAt)} 前有效`] : [];
  return dotted([...nameAndRisk(plan), ...life]);
}

/** The same where there is no card. */
export function planTitleOf(plan: Plan): Phrase {
  return dotted([...nameAndRisk(plan), say`哈希 ${code(shortHash(plan.hash))}`]);
}

/** Who gains access and what stops working are two things: an undo of low access risk breaks the registry. */
function nameAndRisk(plan: Plan): readonly Phrase[] {
  if (plan.undoes === undefined) return [[bold(`方案 ${plan.id}（${plan.host}）`)], say`${RISKS[plan.risk]}`];
  const name = bold(`方案 ${plan.id}：撤销方案 ${plan.undoes.id}`);
  return [[name], [bold(IMPACT_OF_UNDO[impactOf(plan)])], say`${RISKS[plan.risk]}`];
}

const RISKS: Record<Plan['risk'], string> = {
  low: '权限风险：低',
  high: '权限风险：高，请逐行审查',
};

/** Without its storage the registry is broken; without another file or directory it may be. */
function impactOf({ also }: PlanDraft): 'breaks' | 'can-break' {
  return also === undefined ? 'breaks' : 'can-break';
}

const IMPACT_OF_UNDO = {
  breaks: '会使 Registry 再次出现故障',
  'can-break': '可能使 Registry 再次出现故障',
} as const;

/** What the plan proposes in one sentence, for notifications and screen readers. */
export function planSentence(message: PlanMessage): Phrase {
  const { plan } = message;
  return say`方案 ${plan.id} 将修改 ${plan.host} 上的 ${placesOf(plan.steps)}。${standOf(message)}`;
}

function standOf(message: PlanMessage): Phrase {
  if (message.decision !== null) return planRecord(message);
  const parts = [approvalsSoFar(message), planCallsOn(message)].filter((part) => part !== null);
  return parts.length === 0 ? planState(message) : parts.flat();
}

/** While it waits: who can decide and has not approved it yet. Null if the config names no one, or it waits no more. */
export function planCallsOn({ state, approvers, review }: PlanMessage): Phrase | null {
  if (state !== 'proposed' || approvers === undefined) return null;
  const hasApproved = (user: UserId) => review.approvals.some(({ by }) => by.kind === 'slack-user' && by.user === user);
  const users = approvers.users.filter((user) => !hasApproved(user));
  const people = peopleList(users, approvers.groups, 'or');
  return people === null ? null : say`${bold('待')}${between(people)}批准。`;
}

/** While it is open: how many have approved it, and how many more have to. Null if one approval is enough. */
export function approvalsSoFar({ state, review }: PlanMessage): Phrase | null {
  if (state !== 'proposed' || review.needed === 1) return null;
  const { needed, approvals } = review;
  if (approvals.length === 0) return say`需要 ${bold(`${needed} 人`)}批准。`;
  return say`${bold(`需要 ${needed} 人批准，已有 ${approvals.length} 人：`)}${approversOf(review)}，还差 ${needed - approvals.length} 人。`;
}

function approversOf({ approvals }: Review): Phrase {
  return actorNames(approvals.map(({ by }) => by));
}

/** What a step's directory or file was before, after its command. */
export function stepBefore(step: PlanStep): string {
  return `# 原为 ${step.from}`;
}

type PlanToTell = PlanDraft & Pick<Plan, 'undoes'>;

/** Who gains access by the plan. */
export function gainsSentence(plan: PlanDraft): Phrase {
  const { steps, host } = plan;
  if (!steps.every(onlyPassThrough)) return say`${bold('权限变化：')}${gainsInFull(plan)}。`;
  const these = steps.length === 1 ? '这个目录' : `这 ${grouped(steps.length)} 个目录`;
  return say`${bold('权限变化：')}${host} 上的所有账号都能穿过${these}，但不会多出列目录或修改的权限。`;
}

/** The gains directory by directory, if {@link gainsSentence} summed them up. */
export function exactGains(plan: PlanDraft): Phrase | null {
  return plan.steps.every(onlyPassThrough) ? say`${bold('具体变化：')}${gainsInFull(plan)}。` : null;
}

function gainsInFull(plan: PlanDraft): Phrase {
  return separated(
    gainsOf(plan).map(({ gain, steps }) => say`${whereOf(steps, plan)}${gain}`),
    '；',
  );
}

/** What is expected once the plan has run: of the path, of the registry, and of the next reboot. */
export function expectedSentence({ clearsEveryBlocker }: PlanDraft, outlook: PlanOutlook | undefined): Phrase {
  if (!clearsEveryBlocker) {
    return say`${bold('预期结果：')}以上所列的阻碍会消除，但仍有其他因素阻碍 Registry，或有内容未能检查。`;
  }
  const recovers = outlook?.recoversAlone ? '，Registry 会自行恢复，无需重启' : '';
  const lasting = outlook?.durability == null ? null : lastingFix(outlook.durability);
  return say`${bold('预期结果：')}之后没有其他阻碍${recovers}。${lasting ?? []}`;
}

/** What an undo brings back and what that breaks. */
export function undoSentence(plan: PlanToTell): Phrase {
  const user = code(visibleText(plan.identity.user));
  const beside = usedBeside(plan);
  const loss =
    beside === null
      ? say`${user} 会失去对存储目录的访问，Registry 将返回 503。`
      : say`之后 ${user} 无法使用${beside}，与原先一样。`;
  return say`恢复原先的${stateOf(plan.steps)}。${loss}${gainsAgain(plan.steps)}。`;
}

/** They begin and end in Chinese, so without a space beside them. */
const STATES_OF = { chmod: '权限位', chown: '属主', setfacl: '访问控制列表（ACL）' } as const;

function stateOf(steps: readonly PlanStep[]): string {
  const states = new Set(steps.map(({ action }) => STATES_OF[action]));
  return textList([...states]);
}

/** How an undo makes sure that it undoes that plan and nothing else. */
export function undoLimits({ steps }: PlanDraft, undone: Plan['id']): Phrase {
  const lists = steps.some((step) => step.action !== 'setfacl' && step.tree) ? '只恢复当时在主机上列出的条目。' : '';
  return say`每个${kindsOf(steps)}都会恢复到方案 ${undone} 之前的状态，顺序与当时相反。恢复前会逐个比对：只要有一个与方案 ${undone} 执行后的状态不同，就不做任何修改。${lists}`;
}

/** Where the plan is carried out and tested, unless both is plainly on the host. */
export function placeSentence({ enteredBy, process, host }: PlanDraft): Phrase | null {
  if (enteredBy) {
    return say`${bold('在内部执行：')}通过 ${code(visibleText(enteredBy.join(' ')))} 进入后执行，使用在其中有效的路径。`;
  }
  if (!process) return null;
  return say`${bold('在主机上执行：')}按 ${host} 上的路径修改，然后以 Registry 进程（pid ${process.pid}）的身份测试。Registry 一旦重启，该方案即失效。`;
}

type Gain = { readonly gain: Phrase; readonly steps: readonly PlanStep[] };

/** The gains of all steps, the same ones together. */
function gainsOf(plan: PlanDraft): readonly Gain[] {
  const same = Map.groupBy(plan.steps, (step) => plainText(stepGain(step, plan.host)));
  return [...same.values()].flatMap((steps) =>
    steps.slice(0, 1).map((step) => ({ gain: stepGain(step, plan.host), steps })),
  );
}

const MAX_PATH = 120;

function whereOf(steps: readonly PlanStep[], plan: PlanDraft): Phrase {
  const [first] = steps;
  // A gain on a file names it.
  if (plan.steps.length === 1 || first === undefined || isFileStep(first)) return [];
  if (steps.length === plan.steps.length) return say`对这 ${steps.length} 个目录中的每一个，`;
  if (steps.length > 1 || first.path.length > MAX_PATH) return say`对其中 ${steps.length} 个目录，`;
  return say`对 ${code(visiblePath(first.path))}，`;
}

/** Who decided on the plan and what became of it, on its card. */
export function planRecord(message: PlanMessage): Phrase {
  const { decision, review, state } = message;
  if (decision === null) return say`${planState(message)}${approvedByThen(review)}`;
  const reason = decision.reason === null ? [] : say`（理由：${decision.reason}）`;
  if (decision.verdict === 'rejected') {
    const who = leading(actorName(decision.by));
    return say`${who}已于 ${timeOfDay(decision.at)} ${bold('驳回')}${reason}。${approvedByThen(review)}`;
  }
  const stop = state === 'executing' ? '，' : '。';
  const who = leading(approversOf(review));
  return say`${who}已于 ${timeOfDay(decision.at)} ${bold('批准')}${reason}${stop}${planState(message)}`;
}

/** Who had approved a plan that was never approved by enough people. */
function approvedByThen(review: Review): Phrase {
  if (review.approvals.length === 0) return [];
  return say`当时需要 ${review.needed} 人批准，已有 ${review.approvals.length} 人：${approversOf(review)}。`;
}

function planState({
  plan,
  state,
  waitsFor,
  because,
  withdrawn,
}: Pick<PlanMessage, 'plan' | 'state' | 'waitsFor' | 'because' | 'withdrawn'>): Phrase {
  if (waitsFor !== undefined) {
    return say`${bold('排队中：')}${plan.host} 上正在执行方案 ${waitsFor}，之后自动开始。`;
  }
  const { label, more } = STATES[state];
  if (withdrawn !== undefined) {
    const who = leading(actorName(withdrawn.by));
    return say`${who}已于 ${timeOfDay(withdrawn.at)} ${bold('撤回')}。未做任何修改。`;
  }
  if (because !== undefined) return say`${bold(`${label}：`)}${endReason(because)}。未做任何修改。`;
  if (state === 'executing') return say`正在 ${plan.host} 上执行…`;
  if (state === 'undone') return say`${bold('已自动回滚：')}每个${kindsOf(plan.steps)}都已恢复到执行前的状态。`;
  return say`${bold(label)}${more}`;
}

const STATES: Record<PlanState, { readonly label: string; readonly more: string }> = {
  proposed: { label: '等待审批', more: '。' },
  approved: { label: '即将执行', more: '。' },
  executing: { label: '执行中', more: '。' },
  applied: { label: '已执行。', more: '结果见下方。' },
  undone: { label: '已自动回滚', more: '。' },
  failed: { label: '执行失败。', more: '结果见下方。' },
  stale: { label: '已失效', more: '：方案生成后主机状态有变。未做任何修改。' },
  rejected: { label: '已驳回', more: '。' },
  expired: { label: '已过期', more: '，未及执行。未做任何修改。请重新诊断以获得新方案。' },
  superseded: { label: '已被取代', more: '：有更新的诊断。未做任何修改。' },
  withdrawn: { label: '已撤回', more: '。未做任何修改。' },
};

/** What the button that approves says: whether the plan runs then, and what an undo does. */
export function approveLabel(plan: Plan, review: Review): string {
  if (!isLastApproval(review)) return `批准（${review.approvals.length + 1}/${review.needed}）`;
  if (plan.undoes === undefined) return '批准并执行';
  return impactOf(plan) === 'breaks' ? '撤销并使 Registry 再次故障' : `撤销方案 ${plan.undoes.id}`;
}

function isLastApproval({ approvals, needed }: Review): boolean {
  return approvals.length + 1 >= needed;
}

export const REJECT = '驳回';

export const WITHDRAW = '撤回';

export const USE_NARROWER = '改用范围更小的选项';

/** The dialog that asks before anything runs. `max`: how many characters Slack takes; the rest is on the card behind it. */
export function confirmation(plan: Plan, review: Review, max: number): Confirmation {
  const label = approveLabel(plan, review);
  const isLast = isLastApproval(review);
  const { change, effect } = plan.undoes ? undoInShort(plan) : changeInShort(plan);
  const counts = isLast ? '' : countsAs(review);
  const full = `${counts}${change.full}${effect}`;
  return {
    title: titleOf(plan, isLast),
    text: full.length <= max ? full : `${counts}${change.short}${MORE_ON_CARD}`,
    confirm: label,
    deny: '取消',
  };
}

function countsAs({ approvals, needed }: Review): string {
  return `你的批准是第 ${approvals.length + 1} 个，共需 ${needed} 个，尚不会执行。`;
}

function titleOf({ id, host, undoes }: Plan, isLast: boolean): string {
  if (undoes) return `撤销 ${host} 上的方案 ${undoes.id}？`;
  return isLast ? `在 ${host} 上执行方案 ${id}？` : `批准 ${host} 的方案 ${id}？`;
}

const MORE_ON_CARD = '全部修改和权限变化见卡片。';

type InShort = { readonly change: { readonly full: string; readonly short: string }; readonly effect: string };

function changeInShort(plan: Plan): InShort {
  const { steps, host } = plan;
  const changes = steps.map((step) => `${visiblePath(step.path)} 改为 ${step.to}`).join('，');
  const them = steps.length === 1 ? '它' : '它们';
  const effect = steps.every(onlyPassThrough)
    ? `${host} 上的所有账号将能穿过${them}。`
    : `权限变化：${plainText(gainsInFull(plan))}。`;
  return {
    change: { full: `将修改 ${placesOf(steps)}：${changes}。`, short: `将修改 ${host} 上的 ${placesOf(steps)}。` },
    effect,
  };
}

function undoInShort(plan: Plan): InShort {
  const loss =
    impactOf(plan) === 'breaks'
      ? '这会让 Registry 再次失去对存储目录的访问，重新出现故障。'
      : '之后 Registry 可能再次出现故障。';
  const change = `${loss}将恢复 ${placesOf(plan.steps)}原先的${stateOf(plan.steps)}。`;
  return { change: { full: change, short: change }, effect: `${gainsAgain(plan.steps)}。` };
}

type Confirmation = {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
};

/** On the card of a plan whose commands or buttons Slack does not show. */
export function notApprovableHere(): Phrase {
  return say`Slack 拒绝显示此卡片的一部分，因此无法在这里批准该方案。运行 ${code('registry-doctor check')} 查看 Slack 拒绝的内容。`;
}

/** No one should approve what they can't see. */
export function planTooLong(hidden: number): Phrase {
  return say`方案过长，无法完整显示（有 ${grouped(hidden)} 步未显示），因此不能在此批准。请用 ${code('registry-doctor audit export')} 审阅。`;
}

/** The last line of a plan's card: what the approval binds to, the file with all of it if there is one, and the entry that the card tells of. */
export function planFooter({ plan, record }: PlanMessage, fileMark: Phrase | null = null): Phrase {
  const file = fileMark === null ? [] : say` · ${fileMark}`;
  return say`方案哈希 ${code(shortHash(plan.hash))}${file} · 记录 ${entryMark(record)}`;
}

/** Over the folds on a plan's card. */
export const PLAN_DETAILS_TITLE = '修改详情';
