import type { Finding } from '../../model/diagnosis/finding.ts';
import type {
  Drift,
  DriftLine,
  ExpiryLine,
  FindingLine,
  FleetMessage,
  FleetSection,
  HostWarnings,
  NotCheckedLine,
} from '../../model/fleet/fleet-look.ts';
import type { HostName } from '../../model/record/ids.ts';
import { path, quoted } from '../from-host.ts';
import { dateAndTime } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { threatSentence } from './durability.ts';
import { findingWords, headlineOf } from './findings.ts';
import { count } from './time.ts';

/** The result of a nightly look in one line, for notifications too. */
export function fleetTitle({ hosts, quiet, muted }: FleetMessage): string {
  if (hosts === 0 && muted > 0) return 'Nightly check: no host was checked';
  const checked = `Nightly check of ${count(hosts, 'host')}`;
  return quiet === hosts ? `${checked}: nothing to report` : `${checked}: ${hosts - quiet} to look at`;
}

/** The first lines of its post: one if there is nothing to report. */
export function fleetHead(message: FleetMessage): readonly Phrase[] {
  const title = bold(fleetTitle(message));
  const muted = mutedHosts(message);
  if (message.quiet === 0) return [[title], ...muted];
  if (message.quiet === message.hosts) return [say`${title}. ${quietHosts(message)}`, ...muted];
  return [[title], quietHosts(message), ...muted];
}

function mutedHosts({ muted }: FleetMessage): readonly Phrase[] {
  return muted === 0 ? [] : [say`${count(muted, 'host is', 'hosts are')} muted and left out.`];
}

/** Of the hosts that no section names: what that means, and what it doesn’t. */
function quietHosts({ quiet, unsure }: FleetMessage): Phrase {
  const all = `${count(quiet, 'host is', 'hosts are')} healthy: no fault, no warning, no change since the last nightly check and no certificate that I saw ends within 14 days.`;
  return unsure === 0 ? say`${all}` : say`${all} Unknown for ${unsure} of them: whether they survive a reboot.`;
}

/** Over what a deeper look saw on one host. */
export function hostWarningsTitle({ host }: HostWarnings): Phrase {
  return say`${bold(`${host}: healthy, with warnings`)}`;
}

/** Over the lines of a section. */
export function fleetHeading(section: FleetSection): Phrase {
  return say`${bold(HEADINGS[section])}`;
}

const HEADINGS: Record<FleetSection, string> = {
  broken: 'Broken now',
  notLasting: 'Healthy now, broken after the next reboot or reconfigure',
  warnings: 'Warnings',
  drift: 'Changed since the last nightly check',
  expiring: 'Certificates that end within 14 days',
  notChecked: 'Not checked',
};

/** A fault or a warning. */
export function fleetFinding({ host, finding }: FindingLine): Phrase {
  return say`${code(host)}: ${titleOf(host, finding)}`;
}

/** What will break it, and when. */
export function fleetNotLasting({ host, finding }: FindingLine): Phrase {
  if (finding.id !== 'breaks-at-next-reboot' && finding.id !== 'breaks-at-next-reconfigure') {
    return fleetFinding({ host, finding });
  }
  const when = finding.id === 'breaks-at-next-reboot' ? say`reboot` : say`${code('gitlab-ctl reconfigure')}`;
  return say`${code(host)}, at the next ${when}: ${separated(finding.threats.map(threatSentence), ' ')}`;
}

/** One change on a host. */
export function fleetDrift({ host, drift }: DriftLine): Phrase {
  const of = drift.path === null ? say`${DRIFTED[drift.what]}` : say`${DRIFTED[drift.what]} ${path(drift.path)}`;
  return say`${code(host)}: ${of}: ${shown(drift.from)} → ${shown(drift.to)}`;
}

const DRIFTED: Record<Drift['what'], string> = {
  account: 'account of the registry',
  'storage-root': 'storage directory in the registry’s config',
  mode: 'permissions of',
  owner: 'owner of',
  link: 'target of the symlink',
  mount: 'mounted at',
  fstab: 'line in /etc/fstab for',
};

function shown(value: string | null): Phrase {
  return value === null ? say`none` : [quoted(value)];
}

/** A certificate and its end. */
export function fleetExpiry({ host, what, endsAt }: ExpiryLine): Phrase {
  return say`${code(host)}: ${CERTIFICATES[what]} ends ${dateAndTime(endsAt)}`;
}

const CERTIFICATES: Record<ExpiryLine['what'], string> = {
  tls: 'the TLS certificate of the registry',
  token: 'the certificate that the registry verifies tokens with',
};

/** A host of which nothing can be said, and why. */
export function fleetNotChecked({ host, finding }: NotCheckedLine): Phrase {
  if (finding === null) return say`${code(host)}: left alone, because another diagnosis or a plan is running there`;
  const { title, because } = findingWords(finding, contextOf(host));
  return say`${code(host)}: ${headlineOf(finding) ?? title}. ${because}`;
}

/** After the lines that are shown. */
export function fleetMore(more: number): Phrase {
  return say`and ${count(more, 'more line')}`;
}

/** Where the whole of it is. */
export function fleetAdvice(): Phrase {
  return say`${bold('Next:')} run ${code('/registry diagnose HOST')} for the whole diagnosis and a plan. Nothing was changed.`;
}

function titleOf(host: HostName, finding: Finding): Phrase {
  return findingWords(finding, contextOf(host)).title;
}

function contextOf(host: HostName) {
  return { host, service: null, plan: null };
}
