import type { PlanState } from '../../model/plan/plan.ts';
import type { MuteSource } from '../../model/quiet/mute.ts';
import type { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { COMMAND, hostList, usage } from './commands.ts';
import { cannotPostRecord, recordPosted, recordWaits } from './files.ts';
import { withStop } from './full-stop.ts';
import { listOf } from './list.ts';
import { muteSource } from './mutes.ts';
import { noAnswer } from './no-answer.ts';
import { actorName, peopleList } from './people.ts';
import { signatureProblem } from './signatures.ts';
import { personDoubt } from './slack-failure.ts';
import { leading } from './spacing.ts';

/** A private answer to one person, one paragraph an entry. */
export function privateAnswer(answer: PrivateAnswer): readonly Phrase[] {
  switch (answer.kind) {
    case 'usage':
      return usage(answer.problem, answer.hosts);
    case 'unknown-host':
      return unknownHost(answer);
    case 'may-not-request':
      return [
        say`你没有在此发起诊断的权限，未开始任何诊断。如需权限，请让 Registry Doctor 的管理员把你加入其配置项 ${code('requesters')}。`,
      ];
    case 'wrong-channel':
      return [wrongChannel(answer)];
    case 'already-diagnosing':
      return [say`${answer.host} 正在诊断中（故障 ${answer.incidentId}${inChannel(answer)}），未开始新的诊断。`];
    case 'joined-incident':
      return [
        say`${answer.host} 已有未关闭的故障（${answer.incidentId}${inChannel(answer)}），正在其中重新诊断。结果见其消息列。`,
      ];
    case 'muted':
      return [
        say`${answer.host} 已静音至 ${dateAndTime(answer.until)}。${answer.isWatched ? '我会继续检查，但' : '我'}不主动发送有关它的消息，结束时汇总。`,
        say`用 ${code(`${COMMAND} unmute ${answer.host}`)} 可提前解除。`,
      ];
    case 'unmuted':
      return [say`${answer.host} 已解除静音。${stillMuted(answer.others)}`];
    case 'not-muted':
      return [say`${answer.host} 没有被任何人静音，未做任何修改。${stillMuted(answer.others)}`];
    case 'may-not-decide':
      return [say`你不是 ${answer.host} 的审批人，未做任何修改。${whoMay(answer)}`];
    case 'own-plan':
      return [say`${OWN_PLAN[answer.askedFor]}未做任何修改。${whoElseMay(answer)}`];
    case 'cannot-check-person':
      return [say`无法向 Slack 核实你的权限（${personDoubt(answer.why)}），因此未做任何操作。请一分钟后重试。`];
    case 'not-requester':
      return [say`方案 ${answer.planId} 只能由其发起人撤回，未做任何修改。审批人请用“驳回”。`];
    case 'plan-not-open':
      return [say`方案 ${answer.planId} ${planStateWords(answer.state)}。你的点击未做任何修改。`];
    case 'approved-before':
      return [say`你已批准过方案 ${answer.planId}，未做任何修改。该方案还差 ${answer.missing} 人批准。`];
    case 'earlier-approval-lapsed':
      return [earlierLapsed(answer)];
    case 'cannot-undo':
      return [say`未做任何修改：${CANNOT_UNDO[answer.why](answer.planId)}`];
    case 'signature-refused':
      return [
        say`方案 ${answer.planId} 未获批准：${signatureProblem(answer.why)}未做任何修改。请再次点击批准按钮，获取要签名的文本。`,
      ];
    case 'host-not-asked':
      return [
        say`未做任何修改：无法查看 ${answer.host} 的当前状态，而撤销必须与当前状态相符。原因：${withStop(noAnswer(answer.why))}请在主机可达后重试。`,
      ];
    case 'plan-unknown':
      return [say`找不到该方案，未做任何修改。${askAgain()}`];
    case 'incident-unknown':
      return [say`找不到该故障，未做任何修改。用 ${code(`${COMMAND} diagnose HOST`)} 可重新诊断。`];
    case 'incident-over':
      return [say`故障 ${answer.incidentId} 已结束，无需接手。未做任何修改。`];
    case 'acknowledged-before':
      return [say`故障 ${answer.incidentId} 已由你处理，未做任何修改。`];
    case 'may-not-acknowledge':
      return [
        say`你没有接手 ${answer.host} 的故障的权限，未做任何修改。如需权限，请让 Registry Doctor 的管理员把你加入其配置项 ${code('requesters')}。`,
      ];
    case 'other-plan':
      return [
        say`未做任何修改。这张卡片来自更早的审计记录：当前记录中的方案 ${answer.planId} 是另一个方案。${askAgain()}`,
      ];
    case 'host-busy':
      return [say`${answer.host} 上正在执行另一个方案，未做任何修改。请等它完成后重试。`];
    case 'record-failed':
      return [say`无法写入审计记录（${RECORD_DOUBTS[answer.why]}），因此未做任何操作。`];
    case 'record-at-terminal':
      return [cannotPostRecord(answer.incidentId)];
    case 'record-waits':
      return [recordWaits(answer)];
    case 'record-posted':
      return [recordPosted(answer.incidentId)];
    case 'not-in-channel':
      return notInChannel();
    case 'not-a-channel':
      return notAChannel();
    case 'opened':
      return [say`正在诊断 ${answer.host}（故障 ${answer.incidentId}），结果会发到 ${channel(answer)} 频道。`];
  }
}

/** The answer to a request that the bot could not read, or that failed by a fault of its own. */
export function requestRefused(): Phrase {
  return say`无法理解这个请求，因此未做任何操作。详情见 Registry Doctor 的日志。`;
}

export function requestFailed(): Phrase {
  return say`处理时出错，不确定你的请求是否已保存。重试之前请先查看消息列。详情见 Registry Doctor 的日志。`;
}

/** The answer to a request that came while the record could not be used. */
export function requestNotRecorded(): Phrase {
  return say`我现在无法使用审计记录，因此您的请求没有记录，也没有执行任何操作。请一分钟后重试。`;
}

/** The answer to a click on a button that this version does not know. */
export function otherVersion(): Phrase {
  return say`这个按钮属于 Registry Doctor 的另一个版本。未做任何操作。用 ${code(`${COMMAND} diagnose HOST`)} 可生成新卡片。`;
}

/** What else mutes the host: no command ends it. */
function stillMuted(others: readonly MuteSource[]): Phrase {
  return others.length === 0 ? [] : say`仍被以下来源静音：${listOf(others.map(muteSource))}。`;
}

const RECORD_DOUBTS: Record<Extract<PrivateAnswer, { kind: 'record-failed' }>['why'], string> = {
  'plan-not-as-shown': '保存的方案不是当时显示并签名的方案',
  'plan-not-as-sealed': '保存的方案不是当初封存的方案',
  'plan-not-on-record': '保存的方案不是当初写入记录的方案',
  'approval-not-on-record': '先前的一次批准不是当初写入记录的批准',
};

function unknownHost({ asked, nearest, known }: Extract<PrivateAnswer, { kind: 'unknown-host' }>): readonly Phrase[] {
  const missing = say`配置中没有主机 ${code(asked === '' ? ' ' : asked)}`;
  if (nearest.length > 0) {
    const meant = listOf(
      nearest.map((host) => [code(host)]),
      'or',
    );
    return [say`${missing}，你要找的是 ${meant} 吗？`];
  }
  if (known.length === 0) return [say`${missing}，也没有你可以在此发起诊断的其他主机。`];
  return [say`${missing}。主机：${hostList(known)}。`];
}

function earlierLapsed({ planId, by, why }: Extract<PrivateAnswer, { kind: 'earlier-approval-lapsed' }>): Phrase {
  const who = leading(actorName(by));
  if (why !== null) {
    return say`${who}此前批准过方案 ${planId}，但无法核实其现在是否仍是审批人（${personDoubt(why)}）。未做任何操作。请一分钟后重试。`;
  }
  return say`${who}此前批准过方案 ${planId}，但已不再是审批人。未做任何操作。请重新诊断以获得新方案。`;
}

function wrongChannel({ host, channels }: Extract<PrivateAnswer, { kind: 'wrong-channel' }>): Phrase {
  const shown = channels.slice(0, MAX_CHANNELS).map((channel): Phrase => [{ kind: 'channel', channel }]);
  const more = channels.length > MAX_CHANNELS ? [say`另外 ${channels.length - MAX_CHANNELS} 个频道`] : [];
  const where = listOf([...shown, ...more], 'or');
  return say`不能在这个频道中使用 Registry Doctor${host === null ? '' : ` 诊断 ${host}`}。未做任何操作。请前往 ${where}。`;
}

const MAX_CHANNELS = 20;

const OWN_PLAN = {
  diagnosis: '这次诊断是你发起的，修复方案须由他人批准。',
  undo: '这次撤销是你发起的，须由他人批准。',
} as const;

function whoMay(answer: Extract<PrivateAnswer, { kind: 'may-not-decide' | 'own-plan' }>): Phrase {
  const people = peopleList(answer.approvers, answer.approverGroups);
  if (people === null) {
    return say`没有人可以批准 ${answer.host} 的方案：配置中没有设置 ${code('approvers')}。`;
  }
  return say`审批人：${people}。`;
}

function whoElseMay(answer: Extract<PrivateAnswer, { kind: 'own-plan' }>): Phrase {
  const nobodyElse = peopleList(answer.approvers, answer.approverGroups) === null;
  if (!nobodyElse) return whoMay(answer);
  return say`没有其他人可以批准：配置中没有为 ${answer.host} 设置其他 ${code('approvers')}。`;
}

function askAgain(): Phrase {
  return say`用 ${code(`${COMMAND} diagnose HOST`)} 可生成新方案。`;
}

/** Where the incident is, if not in the channel of the request. */
function inChannel({ channel }: Extract<PrivateAnswer, { kind: 'joined-incident' | 'already-diagnosing' }>): Phrase {
  return channel === undefined ? [] : say`，在 ${{ kind: 'channel', channel }} 中`;
}

function channel({ channel }: Extract<PrivateAnswer, { kind: 'opened' }>): Run {
  return { kind: 'channel', channel };
}

function notInChannel(): readonly Phrase[] {
  return [
    say`我不在这个频道中，无法在此发消息。未开始任何诊断。`,
    say`请输入 ${code('/invite @registry-doctor')}，然后重试。`,
  ];
}

function notAChannel(): readonly Phrase[] {
  return [say`我不在私信中工作：故障由团队共同处理。未开始任何诊断。`, say`请在我所在的频道中输入该命令。`];
}

const CANNOT_UNDO: Record<Extract<PrivateAnswer, { kind: 'cannot-undo' }>['why'], (planId: PlanId) => string> = {
  'not-applied': (planId) => `方案 ${planId} 未曾执行，或它本身就是撤销方案，因此没有可撤销的内容。`,
  'states-unknown': (planId) =>
    `审计记录中没有方案 ${planId} 执行前的全部状态，因此无法准确撤销。它的卡片上列有所做的修改，请手动恢复。`,
  'opens-to-everybody': (planId) => `在方案 ${planId} 之前，有内容是所有人可写的，而我绝不会把任何内容设为所有人可写。`,
  'undone-already': (planId) => `方案 ${planId} 已撤销。请重新诊断以获得新方案。`,
  'undo-waits': (planId) => `方案 ${planId} 的撤销方案已经提出或正在执行，请查看本消息列中的最新消息。`,
  'other-place': (planId) => `配置现在指向这台主机上的另一个 Registry，不是方案 ${planId} 修改的那个。`,
};

/** What a plan 仍在等待审批, 已驳回, …: the rest of a sentence about it. */
export function planStateWords(state: PlanState): string {
  return PLAN_STATES[state];
}

const PLAN_STATES: Record<PlanState, string> = {
  proposed: '仍在等待审批',
  approved: '已批准，即将执行',
  executing: '正在执行',
  applied: '已执行过；一个方案只执行一次',
  undone: '已执行过，并已自动回滚',
  failed: '已执行失败；一个方案只执行一次',
  stale: '已失效：方案生成后主机状态有变。请重新诊断以获得新方案',
  rejected: '已驳回',
  withdrawn: '已由发起人撤回。请重新诊断以获得新方案',
  expired: '已过期：方案的有效期只有几分钟。请重新诊断以获得新方案',
  superseded: '已被取代：该主机有更新的情况，请查看关于它的最新消息',
};
