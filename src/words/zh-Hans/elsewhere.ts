import type { ElsewhereNotice } from '../../model/record/messages/notices.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';
import { leading } from './spacing.ts';

/** A fault of a host whose incident is in another channel: who noticed it, and when. */
export function elsewhereTitle({ host, noticedBy, at }: ElsewhereNotice): Phrase {
  return say`${bold(`${host}：`)}${leading(actorName(noticedBy))}于 ${timeOfDay(at)} 发现异常。`;
}

/** Where its incident is. */
export function elsewherePlace({ incidentId, channel }: ElsewhereNotice): Phrase {
  return say`此故障已在 ${{ kind: 'channel', channel }} 中创建（${incidentId}），请在那里查看进展，这里不再新建。`;
}

/** What to do if this channel needs it. */
export function hereAdvice({ host, channel }: ElsewhereNotice): Phrase {
  return say`如需在本频道处理，请在此执行 ${code(`${COMMAND} diagnose ${host}`)}：将在此新建故障，并取代 ${{ kind: 'channel', channel }} 中待审批的方案。`;
}

/** The notification. */
export function elsewhereSentence({ host, noticedBy, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`${host}：${leading(actorName(noticedBy))}发现异常，已在 ${{ kind: 'channel', channel }} 中处理（故障 ${incidentId}）。`;
}
