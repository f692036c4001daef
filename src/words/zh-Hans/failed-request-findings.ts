import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingWords, WordsById } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { itSaid, LOGS } from './said-words.ts';

type FailedRequest = FindingOf<'pushes-failed' | 'pulls-failed'>;

/** Words for requests that failed by the log, and whose cause is not found. */
export const FAILED_REQUEST_WORDS = {
  'pushes-failed': { headline: null, words: failedRequest },
  'pulls-failed': { headline: null, words: failedRequest },
  'server-errors': { headline: null, words: serverErrors },
} satisfies Partial<WordsById>;

function failedRequest(finding: FailedRequest): FindingWords {
  const { count: times, path, request, said, severity } = finding;
  const what = finding.id === 'pushes-failed' ? '推送' : '拉取';
  const often = times === 1 ? [] : say`到目前为止，这样的失败有 ${grouped(times)} 次。`;
  const where = path === null ? [] : say`，位置是 ${quoted(path)}`;
  const which: Phrase =
    request === null
      ? []
      : say`最后一个失败的请求：${code(`${request.method} ${request.path}`)}，状态码 ${String(request.status)}。`;
  return {
    title: severity === 'info' ? say`Registry 的日志显示${what}失败${where}` : say`${what}失败${where}，原因未查明`,
    because: say`此后没有一次成功。${which}${itSaid(said)}${often}`,
    remedy:
      severity === 'info'
        ? say`上述诊断结果可以解释这一点。`
        : say`我以服务的身份实测过的访问均被允许，所以问题可能已经修复。请${what}一个镜像。如果失败，查看${LOGS}，然后重新诊断。`,
  };
}

function serverErrors({ requests, failed, from, to, first, severity }: FindingOf<'server-errors'>): FindingWords {
  return {
    title: say`最近 15 分钟的 ${grouped(requests)} 个请求中，有 ${grouped(failed)} 个以服务器错误结束`,
    because: say`依据 Registry 从 ${timeOf(from)} 到 ${timeOf(to)} 的日志，只统计针对仓库的请求。${firstFailed(first)}`,
    remedy:
      severity === 'info'
        ? say`上述诊断结果可以解释这一点。`
        : say`原因未查明。请查看${LOGS}中这段时间的错误。如果仍有请求失败，重新诊断。`,
  };
}

function firstFailed(first: FindingOf<'server-errors'>['first']): Phrase {
  if (first === null) return [];
  const when = first.at === null ? [] : say`（${timeOf(first.at)}）`;
  return say`第一个失败的请求${when}：${code(`${first.method} ${first.path}`)}，状态码 ${String(first.status)}。`;
}

function timeOf(at: number) {
  return dateAndTime(new Date(at * 1000).toISOString());
}
