import type { Finding, FindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path } from '../from-host.ts';
import { say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { CONNECTION_WORDS } from './connection-findings.ts';
import { CONTENTS_WORDS } from './contents-findings.ts';
import { DISK_WORDS } from './disk-findings.ts';
import { DURABILITY_WORDS } from './durability-findings.ts';
import { FAILED_REQUEST_WORDS } from './failed-request-findings.ts';
import { FILE_WORDS } from './file-findings.ts';
import { NAMESPACE_WORDS } from './namespace-findings.ts';
import { OBSTACLE_WORDS } from './obstacle-findings.ts';
import { SERVICE_CAUSE_WORDS } from './service-cause-findings.ts';
import { SERVICE_WORDS } from './service-findings.ts';
import { SERVICE_START_WORDS } from './service-start-findings.ts';
import { STORAGE_WORDS } from './storage-findings.ts';

/** What a finding says to people: what is wrong, why it is so, and what to do. */
export function findingWords(finding: Finding, diagnosis: FindingContext): FindingWords {
  const words = wordsFor(finding, diagnosis);
  if (finding.path === null || finding.hostPath === undefined) return words;
  const { hostPath } = finding;
  const note = hostPath === null ? say`只有 Registry 的进程能看到该路径` : say`该路径在主机上是 ${path(hostPath)}`;
  const place = visiblePath(finding.path);
  const namesPlace = words.title.some((run) => run.kind === 'code' && run.text === place);
  const title = namesPlace ? say`${words.title}；${note}` : words.title;
  if (hostPath === null) return { ...words, title };
  // What is to be done is done on the host, by its own name for the place.
  return { ...words, title, remedy: wordsFor({ ...finding, path: hostPath }, diagnosis).remedy };
}

/** What the first line says after the host's name where this finding leads; null: it's too small to lead. */
export function headlineOf<Id extends FindingId>(finding: FindingOf<Id> & { readonly id: Id }): string | null {
  const { headline } = WORDS[finding.id];
  return typeof headline === 'function' ? headline(finding) : headline;
}

function wordsFor<Id extends FindingId>(
  finding: FindingOf<Id> & { readonly id: Id },
  context: FindingContext,
): FindingWords {
  return WORDS[finding.id].words(finding, context);
}

/** A finding without words doesn't compile. */
const WORDS: WordsById = {
  ...STORAGE_WORDS,
  ...OBSTACLE_WORDS,
  ...CONTENTS_WORDS,
  ...FILE_WORDS,
  ...DISK_WORDS,
  ...DURABILITY_WORDS,
  ...SERVICE_CAUSE_WORDS,
  ...SERVICE_START_WORDS,
  ...FAILED_REQUEST_WORDS,
  ...SERVICE_WORDS,
  ...NAMESPACE_WORDS,
  ...CONNECTION_WORDS,
};
