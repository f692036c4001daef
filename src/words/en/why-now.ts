import type {
  Evidence,
  EvidenceId,
  Hypothesis,
  HypothesisId,
  TimelineEntry,
  TimelineKind,
  WhyNow,
} from '../../model/diagnosis/why-now.ts';
import type { HostName } from '../../model/record/ids.ts';
import { shownWords } from '../from-host.ts';
import { bold, type Phrase, plainText, type Run, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { allOf } from './lists.ts';
import { count } from './time.ts';
import { evidenceClause, moment, shownPath } from './why-now-evidence.ts';

/** Over the whole story, if it is folded. */
export const STORY_TITLE = 'Timeline and other possible causes';

/** The longest that {@link whyNowLead} is, in characters of its plain text. */
export const LEAD_LIMIT = 600;

/** The answer in short, for a card: the most likely cause and what is unknown about it. */
export function whyNowAnswer(whyNow: WhyNow): Phrase {
  const unknown = unknownSentence(whyNow, 1);
  const cause = answer(whyNow);
  return unknown.length === 0 ? cause : say`${cause} ${unknown}`;
}

/** The answer in a few sentences: what is likely or possible, what is unknown, what is ruled out. */
export function whyNowLead(whyNow: WhyNow): Phrase {
  const sentences = [
    answer(whyNow),
    doubtSentence(whyNow),
    alsoPossible(whyNow),
    unknownSentence(whyNow, 3),
    ruledOut(whyNow),
  ].filter((sentence) => sentence.length > 0);
  return fitting(sentences);
}

/** The whole story under the answer: what makes times doubtful, the timeline, and each possible cause with its evidence. In two groups. */
export function whyNowPhrases(whyNow: WhyNow, host: HostName): readonly (readonly Phrase[])[] {
  return [
    [
      ...whyNow.doubts.map((doubt) => say`${bold('Note on clocks:')} ${clause(whyNow, doubt)}.`),
      say`${bold('Timeline')} from ${host}’s clock and logs. Anyone who can write to a log can fake its entries:`,
      ...whyNow.timeline.map(timelineLine),
    ],
    [say`${bold('Possible causes:')}`, ...whyNow.hypotheses.map((hypothesis) => hypothesisLine(hypothesis, whyNow))],
  ];
}

/** One line of the story. */
export function timelineLine(entry: TimelineEntry): Phrase {
  const [when, sure, what, source] = timelineCells(entry);
  return say`${when} ${sure === '' ? [] : say`(${sure}) `}${what} ${say`[${source}]`}`;
}

/** The same in parts: when, how sure that is, what happened, who says so. */
export function timelineCells(entry: TimelineEntry): readonly [Run, string, Phrase, string] {
  return [moment(entry.at), SURENESS[entry.certainty], happened(entry), visibleText(entry.source)];
}

/** One hypothesis with all that is known of it. */
export function hypothesisLine(hypothesis: Hypothesis, whyNow: WhyNow): Phrase {
  const [standing, name, known, missing] = hypothesisCells(hypothesis, whyNow);
  const evidence = known.length === 0 ? [] : say` (${known})`;
  const open = missing.length === 0 ? [] : say` Unknown: ${missing}.`;
  return say`${bold(`${capitalised(standing)}:`)} ${name}${evidence}.${open}`;
}

/** The same in parts: how it stands, what may have happened, what speaks for or against it, what would decide it. */
export function hypothesisCells(hypothesis: Hypothesis, whyNow: WhyNow): readonly [string, Phrase, Phrase, Phrase] {
  const clauses = (of: readonly Evidence[]) =>
    separated(
      of.map((one) => clause(whyNow, one)),
      '; ',
    );
  return [standingWord(hypothesis), nameOf(hypothesis), clauses(hypothesis.evidence), clauses(hypothesis.missing)];
}

function answer({ hypotheses, ...whyNow }: WhyNow): Phrase {
  const [first] = hypotheses;
  if (first?.standing !== 'supported') {
    return say`${bold('Cause:')} unknown. Nothing on the host points to one.`;
  }
  const label = bold(first.strength === 'strong' ? 'Likely cause:' : 'Possible cause:');
  const short = say`${label} ${nameOf(first)}`;
  const [evidence] = first.evidence;
  if (evidence === undefined) return say`${short}.`;
  const known = clause({ ...whyNow, hypotheses }, evidence);
  const long = SAYS_IT_ALL.has(evidence.id) ? say`${label} ${known}` : say`${short}: ${known}`;
  return say`${plainText(long).length < LEAD_LIMIT ? long : short}.`;
}

/** Evidence that is the cause itself: naming that as well would say it twice. */
const SAYS_IT_ALL: ReadonlySet<EvidenceId> = new Set([
  'attributes-changed-after-boot',
  'attributes-changed-since-good-access',
  'changed-after-boot',
  'changed-since-good-access',
]);

function doubtSentence(whyNow: WhyNow): Phrase {
  const [doubt] = whyNow.doubts;
  return doubt === undefined ? [] : say`Note on clocks: ${clause(whyNow, doubt)}.`;
}

function alsoPossible({ hypotheses }: WhyNow): Phrase {
  const others = hypotheses.slice(1).filter(({ standing }) => standing === 'supported');
  return others.length === 0 ? [] : say`Also possible: ${names(others, 2)}.`;
}

function unknownSentence(whyNow: WhyNow, most: number): Phrase {
  const [first] = whyNow.hypotheses;
  const open = first?.standing === 'supported' ? first.missing : whyNow.hypotheses.flatMap(({ missing }) => missing);
  const clauses = [...new Map(open.map((one) => [one.id, one])).values()].slice(0, most);
  if (clauses.length === 0) return [];
  return say`Unknown: ${allOf(clauses.map((one) => clause(whyNow, one)))}.`;
}

function ruledOut({ hypotheses }: WhyNow): Phrase {
  const out = hypotheses.filter(({ standing }) => standing === 'refuted');
  return out.length === 0 ? [] : say`Ruled out: ${names(out, 3)}.`;
}

function names(hypotheses: readonly Hypothesis[], most: number): Phrase {
  const hidden = hypotheses.length - most;
  const shown = hypotheses.slice(0, most).map(nameOf);
  return allOf([...shown, ...(hidden > 0 ? [say`${count(hidden, 'more')}`] : [])]);
}

/** Keeps as many of the sentences, from the first on, as fit the limit. The first is always included. */
function fitting(sentences: readonly Phrase[]): Phrase {
  const shown: Phrase[] = [];
  let length = 0;
  for (const sentence of sentences) {
    length += plainText(sentence).length + 1;
    if (shown.length > 0 && length > LEAD_LIMIT) continue;
    shown.push(sentence);
  }
  return separated(shown, ' ');
}

function clause({ timeline }: WhyNow, evidence: Evidence): Phrase {
  const bootedAt = timeline.findLast(({ kind }) => kind === 'boot')?.at ?? null;
  return evidenceClause(evidence, bootedAt);
}

/** "Likely" and "possible" are the most that evidence of this kind can give. */
function standingWord({ standing, strength }: Pick<Hypothesis, 'standing' | 'strength'>): string {
  if (standing === 'supported') return strength === 'strong' ? 'likely' : 'possible';
  return standing === 'refuted' ? 'ruled out' : 'undetermined';
}

function nameOf({ id, evidence }: Pick<Hypothesis, 'id' | 'evidence'>): Phrase {
  if (id !== 'mode-changed') return say`${NAMES[id]}`;
  const path = evidence.find((one) => one.path !== null)?.path;
  return path === undefined || path === null
    ? say`${NAMES[id]}`
    : say`a change of mode, owner or ACL of ${shownPath(path)}`;
}

/** Noun phrases: after "ruled out" a whole sentence would read as a fact. */
const NAMES: Record<HypothesisId, string> = {
  'mode-changed': 'a change of mode, owner or ACL of a directory',
  'mounted-by-hand': 'a disk that was mounted by hand before the boot',
  'bind-mount-replaced': 'a symlink in place of an earlier bind mount',
  'late-or-failed-mount': 'a disk mounted late or not at all',
  'identity-changed': 'a registry that came back as another user',
  'container-kept-mounts': 'the registry’s container holding on to old mounts',
  'selinux-relabel': 'a security module that now denies access',
  'pending-change': 'an earlier change of config or package that took effect at the restart',
  'boot-job-resets': 'a boot job that resets the mode or owner',
  'filesystem-recovery': 'a filesystem repair at boot that lost something',
  'device-renamed': 'a new device name of the disk since the boot',
  'broken-all-along': 'a fault from before the boot that no one noticed',
};

const SURENESS: Record<TimelineEntry['certainty'], string> = {
  recorded: '',
  derived: 'estimated',
  'at-latest': 'no later than that',
};

function happened({ kind, path, text }: TimelineEntry): Phrase {
  const place = path === null ? [] : say` ${shownPath(path)}`;
  const words = text === '' ? [] : say`: ${shownWords(text)}`;
  return say`${KINDS[kind]}${place}${words}`;
}

const KINDS: Record<TimelineKind, string> = {
  boot: 'host booted',
  shutdown: 'clean shutdown',
  mount: 'mounted',
  unmount: 'unmounted',
  'mount-failed': 'could not be mounted:',
  fsck: 'filesystem repaired',
  'fsck-clean': 'filesystem found clean',
  'filesystem-error': 'filesystem error',
  'remounted-read-only': 'filesystem made read-only',
  'service-start': 'service started',
  'service-stop': 'service stopped',
  'package-change': 'package changed',
  reconfigure: 'reconfigured',
  'config-change': 'settings changed',
  'account-change': 'accounts changed',
  'mode-command': 'mode or owner set on',
  'mount-command': 'mount command for',
  'privileged-command': 'run as root',
  'security-denial': 'denied by a security module',
  'memory-kill': 'killed: memory ran out',
  'clock-step': 'clock set',
  taken: 'this diagnosis was made',
  'first-bad-answer': 'the registry’s bad answers began',
  'last-good-storage-answer': 'an image was last served',
  'inode-changed': 'changed (mode, owner, links or contents):',
  'inode-born': 'created:',
  'link-born': 'symlink created:',
  'process-started': 'the registry’s process started',
};

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
