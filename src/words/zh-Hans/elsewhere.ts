import type { ElsewhereNotice } from '../../model/record/messages/thread-message.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { COMMAND } from './commands.ts';
import { actorName } from './people.ts';
import { between } from './spacing.ts';

/** A broken host whose incident is in another channel, in one line. */
export function elsewhereTitle({ host, incidentId }: ElsewhereNotice): Phrase {
  return say`${bold(`${host} 出现故障`)} · ${incidentId}`;
}

/** Who noticed it, and where its incident is. */
export function elsewherePlace({ noticedBy, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`由${between(actorName(noticedBy))}发现。故障 ${incidentId} 已在 ${{ kind: 'channel', channel }} 中打开，诊断和方案都在那里，因此不另建故障。`;
}

/** What to do if this channel needs it. */
export function hereAdvice({ host }: ElsewhereNotice): Phrase {
  return say`在此执行 ${code(`${COMMAND} diagnose ${host}`)} 会在本频道新建故障，那里待审批的方案随即被取代。`;
}

/** The notification. */
export function elsewhereSentence({ host, incidentId, channel }: ElsewhereNotice): Phrase {
  return say`${host} 出现故障：故障 ${incidentId} 已在 ${{ kind: 'channel', channel }} 中打开。`;
}
