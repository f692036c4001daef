import { type Fact, known, knownValue, unknown } from '../../../model/fact.ts';
import { FileRole, type HostEvent, HostHistory } from '../../../model/host/history.ts';
import { HostPath } from '../../../model/host/host-path.ts';
import { textOf } from '../../frame/latin1.ts';
import { SectionFacts } from '../../frame/section-facts.ts';
import { denialEvents, type LogEvent, logMessageEvents } from './log-message.ts';
import { type LogClock, logClock, timedLine } from './log-time.ts';

const MAX_EVENTS = 512;
const MAX_TEXT = 300;
const MAX_SOURCES = 64;
const MAX_FILES = 32;

type Source = HostHistory['sources'][number];
type SourceState = Source['state'];
const SOURCE_STATES: ReadonlySet<string> = new Set<SourceState>(['read', 'absent', 'unreadable', 'cut']);
const SOURCE_NAME = /^(journal|wtmp|\/var\/log\/[a-z./0-9-]{1,80})$/;

/**
 * Parses the section `host_history`, whose lines `host-history.sh` describes. Unreadable lines are left out: a missing
 * record makes an answer less certain, but never different.
 */
export function parseHostHistory(section: Uint8Array): Fact<HostHistory> {
  // Decoded byte by byte, because a log can contain any bytes.
  const lines = Buffer.from(section).toString('latin1').split('\n');
  const clock = clockOf(lines);
  if (clock === null) return unknown('clock-not-told');
  const { sources, events } = readSources(lines, clock);
  return known(
    HostHistory.parse({
      events: [...events, ...reconfigureRuns(lines)].toSorted((a, b) => a.at - b.at).slice(-MAX_EVENTS),
      sources: sources.slice(0, MAX_SOURCES),
      files: changedFiles(lines).slice(0, MAX_FILES),
    }),
  );
}

function clockOf(lines: readonly string[]): LogClock | null {
  const told = new SectionFacts(lines).told('clock');
  const [, takenAt, offset = '', zone = ''] = /^(\d{1,12}) (\S+) ?(\S*)$/.exec(knownValue(told) ?? '') ?? [];
  return takenAt === undefined ? null : logClock(Number(takenAt), offset, zone);
}

function readSources(lines: readonly string[], clock: LogClock): { sources: Source[]; events: HostEvent[] } {
  const sources: Source[] = [];
  const events: HostEvent[] = [];
  let source: Source | null = null;
  for (const line of lines) {
    if (line.startsWith('s ')) {
      source = sourceOf(line);
      if (source) sources.push(source);
      continue;
    }
    if (source === null) continue;
    if (line.startsWith('^ ')) source.from = timedLine(line.slice(2), clock)?.at ?? null;
    if (line.startsWith(': ')) {
      const found = eventsOf(line.slice(2), source.name, clock);
      events.push(...found);
      const [first] = found;
      if (first) source.from = Math.min(first.at, source.from ?? first.at);
    }
  }
  return { sources, events };
}

function sourceOf(line: string): Source | null {
  const [, state = '', name = ''] = line.split(' ');
  return isSourceState(state) && SOURCE_NAME.test(name) ? { name, state, from: null } : null;
}

function isSourceState(state: string): state is SourceState {
  return SOURCE_STATES.has(state);
}

function eventsOf(line: string, source: string, clock: LogClock): readonly HostEvent[] {
  if (source === 'wtmp') return wtmpEvents(line, clock);
  const timed = timedLine(line, clock);
  if (timed === null) return [];
  return logEvents(timed.rest, source).flatMap((event) => hostEvent(event, timed.at, source));
}

function logEvents(rest: string, source: string): readonly LogEvent[] {
  if (source.includes('/audit.log')) return denialEvents(rest);
  if (/\/(dpkg|yum|dnf\.rpm)\.log/.test(source)) return [{ kind: 'package-change', text: rest, path: null }];
  return logMessageEvents(rest);
}

/** Lines of last(1), as `-x --time-format iso` prints them. */
function wtmpEvents(line: string, clock: LogClock): readonly HostEvent[] {
  const [, what, time = ''] = /^(reboot|shutdown) +system (?:boot|down) +\S+ +(\S+)/.exec(line) ?? [];
  const timed = timedLine(`${time} `, clock);
  if (what === undefined || timed === null) return [];
  return hostEvent({ kind: what === 'reboot' ? 'boot' : 'shutdown', text: what, path: null }, timed.at, 'wtmp');
}

function hostEvent({ kind, text, path }: LogEvent, at: number, source: string): readonly HostEvent[] {
  return [{ at, kind, text: textOf(text).slice(0, MAX_TEXT), path: path === null ? null : pathOf(path), source }];
}

function reconfigureRuns(lines: readonly string[]): readonly HostEvent[] {
  const source = '/var/log/gitlab/reconfigure';
  return lines
    .map((line) => /^r (\d{1,12})$/.exec(line)?.[1])
    .filter((at) => at !== undefined)
    .map((at) => ({ at: Number(at), kind: 'reconfigure', text: 'gitlab-ctl reconfigure', path: null, source }));
}

/**
 * The files with the times of their last change, from lines of `g ROLE FILE`, perhaps followed by the name to show,
 * then `f CTIME FILE`.
 */
function changedFiles(lines: readonly string[]): HostHistory['files'] {
  const changedAt = new Map<string, number>();
  for (const line of lines) {
    const [, seconds, file = ''] = /^f (\d{1,12}) (\/.*)$/.exec(line) ?? [];
    if (seconds !== undefined) changedAt.set(file, Number(seconds));
  }
  return lines.flatMap((line, index) => {
    const [, role, file = ''] = /^g ([a-z-]+) (\/.*)$/.exec(line) ?? [];
    const known = FileRole.safeParse(role);
    const at = changedAt.get(file);
    const path = pathOf(/^b (\/.*)$/.exec(lines[index + 1] ?? '')?.[1] ?? file);
    return known.success && at !== undefined && path !== null ? [{ path, role: known.data, changedAt: at }] : [];
  });
}

function pathOf(latin1: string): HostPath | null {
  return HostPath.safeParse(textOf(latin1)).data ?? null;
}
