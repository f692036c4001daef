import { absent, type Fact, known, unknown } from '../../../model/fact.ts';
import type { Supervision } from '../../../model/host/service-state.ts';
import type { StateLines } from './state-lines.ts';

const NO_UNIT = unknown('no-unit-known');

/** What the service manager reports about the registry. `takenAt`: the host's clock, in Unix seconds. */
export function supervisionIn(lines: StateLines, takenAt: number): Fact<Supervision> {
  const told = lines.told('supervision') ?? unknown('not-told');
  if (told.state !== 'known') return told;
  const [, uptime] = /^systemd (\S+)$/.exec(told.value) ?? [];
  if (uptime !== undefined) return underSystemd(lines.all('unit'), takenAt - Number.parseFloat(uptime));
  return underRunit(told.value);
}

/** `supervise/stat` of runsv(8): "run", "down", "finish", and the wanted state after a comma. */
function underRunit(line: string): Fact<Supervision> {
  const [, since = '', unit = '', state = ''] = /^runit (\d{1,12}|-) (\S+) (.*)$/.exec(line) ?? [];
  if (unit === '') return unknown('not-understood');
  return known({
    manager: 'runit',
    unit,
    state: stateUnderRunit(state),
    restarts: absent,
    result: null,
    since: since === '-' ? unknown('not-understood') : known(Number(since)),
  });
}

function stateUnderRunit(state: string): Supervision['state'] {
  if (/^run\b/.test(state)) return 'running';
  // runsv waits a second before it restarts a service that is wanted up.
  return /^finish\b|want up/.test(state) ? 'restarting' : 'stopped';
}

/** The state of the installed unit, from `systemctl show` of one or several units separated by empty lines. */
function underSystemd(lines: readonly string[], bootedAt: number): Fact<Supervision> {
  const unit = unitsIn(lines).find((candidate) => candidate.get('LoadState') === 'loaded');
  if (unit === undefined) return NO_UNIT;
  const restarts = unit.get('NRestarts') ?? '';
  const since = Number(unit.get('StateChangeTimestampMonotonic')) / 1e6;
  return known({
    manager: 'systemd',
    unit: (unit.get('Id') ?? '').slice(0, 256),
    state: stateUnderSystemd(unit.get('ActiveState'), unit.get('SubState')),
    // systemd counts restarts since version 235.
    restarts: /^\d{1,9}$/.test(restarts) ? known(Number(restarts)) : absent,
    result: (unit.get('Result') ?? '').slice(0, 40) || null,
    since: since > 0 && Number.isFinite(bootedAt) ? known(Math.round(bootedAt + since)) : unknown('systemd-silent'),
  });
}

function unitsIn(lines: readonly string[]): ReadonlyMap<string, string>[] {
  const units: Map<string, string>[] = [new Map()];
  for (const line of lines) {
    const equals = line.indexOf('=');
    if (equals < 0) units.push(new Map());
    else units.at(-1)?.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return units;
}

/** systemd's states. See the D-Bus interface of a unit (org.freedesktop.systemd1(5)). */
function stateUnderSystemd(active: string | undefined, sub: string | undefined): Supervision['state'] {
  if (sub?.startsWith('auto-restart')) return 'restarting';
  if (active === 'failed') return 'failed';
  return active === 'inactive' ? 'stopped' : 'running';
}
