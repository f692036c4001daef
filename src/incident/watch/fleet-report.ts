import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Finding } from '../../model/diagnosis/finding.ts';
import {
  type Drift,
  type ExpiryLine,
  FLEET_LINES,
  type FleetMessage,
  type FleetSection,
  type HostWarnings,
} from '../../model/fleet/fleet-look.ts';
import type { HostName } from '../../model/record/ids.ts';

/** A certificate that ends earlier is told. Let's Encrypt renews 30 days before the end, so by then that has failed. */
const SOON_MS = 14 * 24 * 60 * 60_000;

/** What a look found out about one host. */
export type HostLook = {
  readonly host: HostName;
  /** Null: the host was being worked on, so it was left alone. */
  readonly diagnosis: Pick<Diagnosis, 'verdict' | 'findings' | 'durability'> | null;
  /** What changed since the last look. */
  readonly drift: readonly Drift[];
  /** The certificates whose end is known. */
  readonly certificates: readonly Omit<ExpiryLine, 'host'>[];
};

type Lines = { readonly [Section in FleetSection]: readonly FleetMessage[Section]['lines'][number][] };

/** The one message about all hosts but `muted` ones: each section shows its first lines and counts the others. */
export function fleetReport(looks: readonly HostLook[], endedAt: Date, muted = 0): FleetMessage {
  const found = looks.map((look) => ({ look, lines: linesOf(look, endedAt) }));
  const quiet = found.filter(({ lines }) => Object.values(lines).every(({ length }) => length === 0));
  return {
    kind: 'fleet-look',
    endedAt: endedAt.toISOString(),
    hosts: looks.length,
    quiet: quiet.length,
    unsure: quiet.filter(({ look }) => isUnsure(look)).length,
    muted,
    broken: shortened(found.flatMap(({ lines }) => lines.broken)),
    notLasting: shortened(found.flatMap(({ lines }) => lines.notLasting)),
    warnings: shortened(found.flatMap(({ lines }) => lines.warnings)),
    drift: shortened(found.flatMap(({ lines }) => lines.drift)),
    expiring: shortened(found.flatMap(({ lines }) => lines.expiring)),
    notChecked: shortened(found.flatMap(({ lines }) => lines.notChecked)),
  };
}

/** What a look at one host tells of it although it is healthy. Null: nothing. */
export function warningsOf(look: HostLook, now: Date): HostWarnings | null {
  const { broken, notLasting, warnings, expiring } = linesOf(look, now);
  if (broken.length > 0 || notLasting.length + warnings.length + expiring.length === 0) return null;
  const sections = { notLasting: shortened(notLasting), warnings: shortened(warnings), expiring: shortened(expiring) };
  return { kind: 'host-warnings', host: look.host, ...sections };
}

function shortened<Line>(lines: readonly Line[]): { lines: Line[]; more: number } {
  return { lines: lines.slice(0, FLEET_LINES), more: Math.max(0, lines.length - FLEET_LINES) };
}

function linesOf({ host, diagnosis, drift, certificates }: HostLook, now: Date): Lines {
  const lead = diagnosis === null ? null : leadOf(diagnosis);
  const told = (findings: readonly Finding[]) => findings.map((finding) => ({ host, finding: withoutWalk(finding) }));
  const isBroken = lead !== null && (diagnosis?.verdict === 'faulty' || FAILING.has(lead.id));
  const warnings = diagnosis === null || isBroken ? [] : diagnosis.findings.filter(isWarning(diagnosis));
  const isTold = isBroken || warnings.some((finding) => finding === lead);
  return {
    broken: isBroken ? told([lead]) : [],
    notLasting: told(warnings.filter(isAboutLasting)),
    warnings: told(warnings.filter((finding) => !isAboutLasting(finding))),
    drift: drift.map((one) => ({ host, drift: one })),
    expiring: certificates.filter(({ endsAt }) => endsSoon(endsAt, now)).map((one) => ({ host, ...one })),
    notChecked: isJudged(diagnosis) || isTold ? [] : [{ host, finding: lead && withoutWalk(lead) }],
  };
}

/** Seen to fail, whatever the cause: such a host is broken although the diagnosis is inconclusive. */
const FAILING: ReadonlySet<Finding['id']> = new Set(['pushes-failed', 'pulls-failed', 'registry-not-answering']);
/** Seen to fail now and then, or for what the registry only relays. */
const FAILING_IN_PART: ReadonlySet<Finding['id']> = new Set(['server-errors', 'upstream-unreachable']);

/** An inconclusive diagnosis has warnings that only say what could not be judged. */
function isWarning({ verdict }: Pick<Diagnosis, 'verdict'>): (finding: Finding) => boolean {
  return ({ id, severity }) => severity === 'warning' && (verdict === 'healthy' || FAILING_IN_PART.has(id));
}

function isJudged(diagnosis: HostLook['diagnosis']): boolean {
  return diagnosis !== null && diagnosis.verdict !== 'inconclusive';
}

/** The first finding is the one to act on. */
function leadOf({ findings }: Pick<Diagnosis, 'findings'>): Finding | null {
  return findings[0] ?? null;
}

function isAboutLasting({ id }: Finding): boolean {
  return id === 'breaks-at-next-reboot' || id === 'breaks-at-next-reconfigure';
}

function endsSoon(endsAt: string, now: Date): boolean {
  return Date.parse(endsAt) - now.getTime() < SOON_MS;
}

/** Of storage in a directory. Elsewhere there is nothing that a reboot could take away. */
function isUnsure({ diagnosis }: HostLook): boolean {
  const durability = diagnosis?.durability ?? null;
  return durability !== null && (durability.reboot === 'unknown' || durability.reconfigure === 'unknown');
}

/** The path walk is long, and the host's own diagnosis shows it. */
function withoutWalk(finding: Finding): Finding {
  if (!('walk' in finding)) return finding;
  const { walk: _, ...rest } = finding;
  return rest;
}
