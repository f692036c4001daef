import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingWords, WordsById } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { itSaid, LOGS } from './said-words.ts';
import { count } from './time.ts';

type FailedRequest = FindingOf<'pushes-failed' | 'pulls-failed'>;

/** Words for requests that failed by the log, and whose cause is not found. */
export const FAILED_REQUEST_WORDS = {
  'pushes-failed': { headline: null, words: failedRequest },
  'pulls-failed': { headline: null, words: failedRequest },
  'server-errors': { headline: null, words: serverErrors },
} satisfies Partial<WordsById>;

function failedRequest(finding: FailedRequest): FindingWords {
  const { count: times, path, request, said, severity } = finding;
  const isPush = finding.id === 'pushes-failed';
  const often = times === 1 ? [] : say` So far ${count(times, 'time')} of this kind.`;
  const where = path === null ? [] : say` at ${quoted(path)}`;
  const which: Phrase =
    request === null
      ? []
      : say` The last one: ${code(`${request.method} ${request.path}`)}, status ${String(request.status)}.`;
  const what = isPush ? say`Pushes fail` : say`Pulls fail`;
  return {
    title: severity === 'info' ? say`${what} by the registry’s log${where}` : say`${what}${where}, cause not found`,
    because: say`None has succeeded since.${which}${itSaid(said)}${often}`,
    remedy:
      severity === 'info'
        ? say`The findings above explain this.`
        : say`What I tested as the service was allowed, so it may be fixed already. ${isPush ? 'Push' : 'Pull'} an image. If that fails, read ${LOGS} and diagnose again.`,
  };
}

function serverErrors({ requests, failed, from, to, first, severity }: FindingOf<'server-errors'>): FindingWords {
  return {
    title: say`${grouped(failed)} of ${count(requests, 'request')} in the last 15 minutes ended with a server error`,
    because: say`By the registry’s log from ${timeOf(from)} to ${timeOf(to)}. Only requests for a repository count.${firstFailed(first)}`,
    remedy:
      severity === 'info'
        ? say`The findings above explain this.`
        : say`I found no cause. Read ${LOGS} for errors from that time. If requests still fail, diagnose again.`,
  };
}

function firstFailed(first: FindingOf<'server-errors'>['first']): Phrase {
  if (first === null) return [];
  const when = first.at === null ? [] : say` at ${timeOf(first.at)}`;
  return say` The first one failed${when}: ${code(`${first.method} ${first.path}`)}, status ${String(first.status)}.`;
}

function timeOf(at: number) {
  return dateAndTime(new Date(at * 1000).toISOString());
}
