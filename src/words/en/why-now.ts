import type { HostName } from '../../model/ids.ts';
import type { Evidence, Hypothesis, HypothesisId, TimelineEntry, TimelineKind, WhyNow } from '../../model/why-now.ts';
import { bold, joined, type Phrase, plainText, type Run, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { count } from './time.ts';
import { evidenceClause, moment, shownPath, shownWords } from './why-now-evidence.ts';

/** Over the whole story, where it is folded away. */
export const STORY_TITLE = 'Why only now: what happened when, and what speaks for each cause';

/** The longest that {@link whyNowLead} is, in characters of its plain text. */
export const LEAD_LIMIT = 600;

/** The answer in a few sentences, for a card: what is likely or possible, what is not known, what is ruled out. */
export function whyNowLead(whyNow: WhyNow): Phrase {
  const sentences = [
    answer(whyNow),
    doubtSentence(whyNow),
    alsoPossible(whyNow),
    notKnown(whyNow),
    ruledOut(whyNow),
  ].filter((sentence) => sentence.length > 0);
  return fitting(sentences);
}

/** The whole story: the short answer, what makes times doubtful, the timeline, and each hypothesis with its evidence. */
export function whyNowPhrases(whyNow: WhyNow, host: HostName): readonly Phrase[] {
  return [
    whyNowLead(whyNow),
    ...whyNow.doubts.map((doubt) => say`${bold('Mind the clock:')} ${clause(whyNow, doubt)}.`),
    say`${bold('What happened')}, by the clock and the records of ${host}; what a log says, whoever may write to it may have written:`,
    ...whyNow.timeline.map(timelineLine),
    say`${bold('What may have brought it:')}`,
    ...whyNow.hypotheses.map((hypothesis) => hypothesisLine(hypothesis, whyNow)),
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
  const open = missing.length === 0 ? [] : say` Not known: ${missing}.`;
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
    return say`${bold('Why only now:')} not known. Nothing in the host’s records speaks for one cause.`;
  }
  const certainty = bold(first.strength === 'strong' ? 'likely' : 'possibly');
  const short = say`${bold('Why only now:')} ${certainty} ${nameOf(first)}`;
  const [evidence] = first.evidence;
  const long = evidence === undefined ? short : say`${short}: ${clause({ ...whyNow, hypotheses }, evidence)}`;
  return say`${plainText(long).length < LEAD_LIMIT ? long : short}.`;
}

function doubtSentence(whyNow: WhyNow): Phrase {
  const [doubt] = whyNow.doubts;
  return doubt === undefined ? [] : say`Mind the clock: ${clause(whyNow, doubt)}.`;
}

function alsoPossible({ hypotheses }: WhyNow): Phrase {
  const others = hypotheses.slice(1).filter(({ standing }) => standing === 'supported');
  return others.length === 0 ? [] : say`Also possible: ${names(others, 2)}.`;
}

function notKnown(whyNow: WhyNow): Phrase {
  const [first] = whyNow.hypotheses;
  const open = first?.standing === 'supported' ? first.missing : whyNow.hypotheses.flatMap(({ missing }) => missing);
  const clauses = [...new Map(open.map((one) => [one.id, one])).values()].slice(0, 3);
  if (clauses.length === 0) return [];
  return say`Not known: ${joined(
    clauses.map((one) => clause(whyNow, one)),
    'and',
  )}.`;
}

function ruledOut({ hypotheses }: WhyNow): Phrase {
  const out = hypotheses.filter(({ standing }) => standing === 'refuted');
  return out.length === 0 ? [] : say`Ruled out: ${names(out, 3)}.`;
}

function names(hypotheses: readonly Hypothesis[], most: number): Phrase {
  const hidden = hypotheses.length - most;
  const shown = hypotheses.slice(0, most).map(nameOf);
  return joined([...shown, ...(hidden > 0 ? [say`${count(hidden, 'more')}`] : [])], 'and');
}

/** As many of the sentences, from the first on, as the limit has room for; the first is always there. */
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
  return standing === 'refuted' ? 'ruled out' : 'open';
}

function nameOf({ id, evidence }: Pick<Hypothesis, 'id' | 'evidence'>): Phrase {
  if (id !== 'mode-changed') return say`${NAMES[id]}`;
  const path = evidence.find((one) => one.path !== null)?.path;
  return path === undefined || path === null
    ? say`${NAMES[id]}`
    : say`the mode, owner or ACL of ${shownPath(path)} was changed`;
}

const NAMES: Record<HypothesisId, string> = {
  'mode-changed': 'the mode, owner or ACL of a directory was changed',
  'mounted-by-hand': 'the disk was mounted by hand before, and now it is mounted otherwise or not at all',
  'bind-mount-replaced': 'a bind mount stood where a link stands now',
  'late-or-failed-mount': 'a disk was mounted late, or not at all',
  'identity-changed': 'the registry came back with another identity',
  'container-kept-mounts': 'the registry’s container kept the mounts of its start',
  'selinux-relabel': 'a security module denies what it allowed before',
  'pending-change': 'an earlier change of config or package took effect at the restart',
  'boot-job-resets': 'a job at boot sets the mode or owner',
  'filesystem-recovery': 'the filesystem was repaired at the boot and lost something',
  'device-renamed': 'the disk has another device name since the boot',
  'broken-all-along': 'it was broken before the boot, and nobody saw it',
};

const SURENESS: Record<TimelineEntry['certainty'], string> = {
  recorded: '',
  derived: 'by the present clock',
  'at-latest': 'at the latest',
};

function happened({ kind, path, text }: TimelineEntry): Phrase {
  const place = path === null ? [] : say` ${shownPath(path)}`;
  const words = text === '' ? [] : say`: ${shownWords(text)}`;
  return say`${KINDS[kind]}${place}${words}`;
}

const KINDS: Record<TimelineKind, string> = {
  boot: 'the host was started',
  shutdown: 'the host went down in order',
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
  'memory-kill': 'killed for lack of memory',
  'clock-step': 'clock set',
  taken: 'this diagnosis was made',
  'first-bad-answer': 'the registry’s bad answers began',
  'last-good-storage-answer': 'an image was last served',
  'inode-changed': 'inode changed:',
  'inode-born': 'directory made:',
  'link-born': 'link made:',
  'process-started': 'the registry’s process started',
};

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
