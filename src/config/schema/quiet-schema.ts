import { z } from 'zod';
import { HostName } from '../../model/record/ids.ts';
import type { Expectation } from '../../model/settings/config-problem.ts';
import { parseLength } from '../../model/settings/length-of-time.ts';
import { type MaintenanceWindow, WEEKDAYS, type Weekday } from '../../model/settings/quiet-settings.ts';
import { leaf, wholeNumber } from './leaf.ts';
import type { HostGroup } from './policy-schema.ts';
import { timeZone } from './time-leaves.ts';

export const Incidents = z.strictObject({ reopenMinutes: wholeNumber(0, 1_440).default(30) });

const HOUR_MS = 3_600_000;
const WEEKDAY = WEEKDAYS.join('|');
const RECURRENCE = new RegExp(`^(day|(?:${WEEKDAY})(?:,(?:${WEEKDAY}))*) ([01]\\d|2[0-3]):([0-5]\\d)$`);

const recurrence = leaf(z.string().regex(RECURRENCE), { kind: 'recurrence' });
const length = leaf(
  z.string().refine((text) => parseLength(text) !== null),
  { kind: 'length-of-time' },
);
const name = leaf(HostName, { kind: 'host-name' });

export const Maintenance = z.strictObject({
  hosts: z.array(name).default([]),
  hostGroups: z.array(name).default([]),
  every: recurrence,
  for: length,
  zone: timeZone.default('UTC'),
});
export type Maintenance = z.output<typeof Maintenance>;

type Stray = { readonly path: readonly (string | number)[]; readonly allowed: Expectation };
type Known = {
  readonly hosts: Readonly<Record<string, unknown>>;
  readonly hostGroups: Readonly<Record<string, unknown>>;
};

/** Windows that name no host, or one that is not in the file, and those that would never close. */
export function strayMaintenance(windows: readonly Maintenance[], known: Known): readonly Stray[] {
  return windows.flatMap((window, index): readonly Stray[] => {
    const { hosts, hostGroups } = window;
    const path = ['maintenance', index];
    const hours = hoursUntilNextOpening(window);
    const isEndless = (parseLength(window.for) ?? 0) >= hours * HOUR_MS;
    const endless: readonly Stray[] = isEndless
      ? [{ path: [...path, 'for'], allowed: { kind: 'shorter-than-gap', hours } }]
      : [];
    if (hosts.length + hostGroups.length === 0) {
      return [...endless, { path: [...path, 'hosts'], allowed: { kind: 'at-least-one-host' } }];
    }
    return [
      ...endless,
      ...strayNames([...path, 'hosts'], hosts, known.hosts, { kind: 'known-host' }),
      ...strayNames([...path, 'hostGroups'], hostGroups, known.hostGroups, { kind: 'known-group' }),
    ];
  });
}

function strayNames(
  path: Stray['path'],
  names: readonly string[],
  known: Readonly<Record<string, unknown>>,
  allowed: Expectation,
): readonly Stray[] {
  return names.flatMap((one, index) => (Object.hasOwn(known, one) ? [] : [{ path: [...path, index], allowed }]));
}

/** Between two openings that follow each other, at least. */
function hoursUntilNextOpening({ every }: Maintenance): number {
  const open = daysOf(every).map((day) => WEEKDAYS.indexOf(day));
  const gaps = open.map((day, index) => (open[index + 1] ?? (open[0] ?? 0) + WEEKDAYS.length) - day);
  return Math.min(...gaps) * 24;
}

/** In the order of the week. */
function daysOf(every: string): readonly Weekday[] {
  const [, days = ''] = RECURRENCE.exec(every) ?? [];
  return days === 'day' ? WEEKDAYS : WEEKDAYS.filter((day) => days.split(',').includes(day));
}

/** A window with the hosts of its groups. */
export function maintenanceWindow(
  { hosts, hostGroups, every, for: length, zone }: Maintenance,
  groups: Readonly<Record<string, HostGroup>>,
): MaintenanceWindow {
  const [, , hour, minute] = RECURRENCE.exec(every) ?? [];
  return {
    hosts: [...new Set([...hosts, ...hostGroups.flatMap((group) => groups[group]?.hosts ?? [])])],
    every,
    days: daysOf(every),
    hour: Number(hour),
    minute: Number(minute),
    forMs: parseLength(length) ?? 0,
    zone,
  };
}
