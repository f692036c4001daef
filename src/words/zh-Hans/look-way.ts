import type { LookedBy, WayProblem } from '../../model/connection/look-way.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { recoveryDoubt } from './outcome-reasons.ts';
import { reasonClause } from './reasons.ts';
import { sshProblem } from './ssh.ts';

/** Which way a watched host is looked at, and why by no cheaper one. */
export function lookedBy({ way, url, blindBecause, failed }: LookedBy): string {
  if (blindBecause !== null) return `无法检查 Registry：${blind(blindBecause)}`;
  const why = failed.map((one) => problem(one.why));
  return `${ways[way](url)}${why.length === 0 ? '' : '。开销更小的方式都不可用：'}${why.join('')}`;
}

function blind(because: NonNullable<LookedBy['blindBecause']>): string {
  return because === 'unknown' ? '它的响应没有说明状态' : recoveryDoubt(because);
}

const ways: Record<LookedBy['way'], (url: string | null) => string> = {
  'from-bot': (url) => `从机器人所在的机器用 HTTP 访问${at(url)}，不在主机上运行任何程序`,
  'from-host': (url) => `经由 SSH 连接用 HTTP 访问${at(url)}，不在主机上运行任何程序`,
  guard: (url) => `在主机上运行 guard${url === null ? '' : `，访问${at(url)}`}`,
};

function at(url: string | null): string {
  return url === null ? '' : ` ${url}`;
}

const problem = sentences<WayProblem>({
  ssh: (one) => sshProblem(one.problem),
  'no-answer': ({ url, why }) => `已尝试 ${url}：${plainText(reasonClause(why))}。`,
  'not-a-registry': ({ url }) => `在 ${url} 响应的不是 Registry。`,
});
