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
import { dateAndTime, grouped } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { threatSentence } from './durability.ts';
import { findingWords, headlineOf } from './findings.ts';

/** The result of a nightly look in one line, for notifications too. */
export function fleetTitle({ hosts, quiet, muted }: FleetMessage): string {
  if (hosts === 0 && muted > 0) return '夜间检查：没有检查任何主机';
  const checked = `夜间检查（${grouped(hosts)} 台主机）`;
  return quiet === hosts ? `${checked}：没有需要报告的情况` : `${checked}：${grouped(hosts - quiet)} 台需要查看`;
}

/** The first lines of its post: one if there is nothing to report. */
export function fleetHead(message: FleetMessage): readonly Phrase[] {
  const title = bold(fleetTitle(message));
  const muted = mutedHosts(message);
  if (message.quiet === 0) return [[title], ...muted];
  if (message.quiet === message.hosts) return [say`${title}。${quietHosts(message)}`, ...muted];
  return [[title], quietHosts(message), ...muted];
}

function mutedHosts({ muted }: FleetMessage): readonly Phrase[] {
  return muted === 0 ? [] : [say`${grouped(muted)} 台主机已静音，未检查。`];
}

/** Of the hosts that no section names: what that means, and what it doesn’t. */
function quietHosts({ quiet, unsure }: FleetMessage): Phrase {
  const all = `${grouped(quiet)} 台主机正常：没有故障和警告，与上次夜间检查相比没有变化，已查看的证书在 14 天内都不会到期。`;
  return unsure === 0 ? say`${all}` : say`${all}其中 ${unsure} 台重启后是否仍然有效：未知。`;
}

/** Over what a deeper look saw on one host. */
export function hostWarningsTitle({ host }: HostWarnings): Phrase {
  return say`${bold(`${host}：正常，但有警告`)}`;
}

/** Over the lines of a section. */
export function fleetHeading(section: FleetSection): Phrase {
  return say`${bold(HEADINGS[section])}`;
}

const HEADINGS: Record<FleetSection, string> = {
  broken: '目前有故障',
  notLasting: '目前正常，下次重启或 reconfigure 后会出现故障',
  warnings: '警告',
  drift: '与上次夜间检查相比的变化',
  expiring: '14 天内到期的证书',
  notChecked: '未检查',
};

/** A fault or a warning. */
export function fleetFinding({ host, finding }: FindingLine): Phrase {
  return say`${code(host)}：${titleOf(host, finding)}`;
}

/** What will break it, and when. */
export function fleetNotLasting({ host, finding }: FindingLine): Phrase {
  if (finding.id !== 'breaks-at-next-reboot' && finding.id !== 'breaks-at-next-reconfigure') {
    return fleetFinding({ host, finding });
  }
  const when = finding.id === 'breaks-at-next-reboot' ? say`重启` : say`执行 ${code('gitlab-ctl reconfigure')} `;
  return say`${code(host)}，下次${when}时：${separated(finding.threats.map(threatSentence), '')}`;
}

/** One change on a host. */
export function fleetDrift({ host, drift }: DriftLine): Phrase {
  const of = drift.path === null ? say`${DRIFTED[drift.what]}` : say`${path(drift.path)} ${DRIFTED[drift.what]}`;
  return say`${code(host)}：${of}：${shown(drift.from)} → ${shown(drift.to)}`;
}

const DRIFTED: Record<Drift['what'], string> = {
  account: 'Registry 的账号',
  'storage-root': 'Registry 配置中的存储目录',
  mode: '的权限',
  owner: '的属主',
  link: '的符号链接目标',
  mount: '上的挂载',
  fstab: '在 /etc/fstab 中的行',
};

function shown(value: string | null): Phrase {
  return value === null ? say`无` : [quoted(value)];
}

/** A certificate and its end. */
export function fleetExpiry({ host, what, endsAt }: ExpiryLine): Phrase {
  return say`${code(host)}：${CERTIFICATES[what]}将于 ${dateAndTime(endsAt)} 到期`;
}

const CERTIFICATES: Record<ExpiryLine['what'], string> = {
  tls: 'Registry 的 TLS 证书',
  token: 'Registry 用来校验令牌的证书',
};

/** A host of which nothing can be said, and why. */
export function fleetNotChecked({ host, finding }: NotCheckedLine): Phrase {
  if (finding === null) return say`${code(host)}：未诊断，因为该主机上正在进行其他诊断或执行方案`;
  const { title, because } = findingWords(finding, contextOf(host));
  return say`${code(host)}：${headlineOf(finding) ?? title}。${because}`;
}

/** After the lines that are shown. */
export function fleetMore(more: number): Phrase {
  return say`另有 ${grouped(more)} 条`;
}

/** Where the whole of it is. */
export function fleetAdvice(): Phrase {
  return say`${bold('下一步：')}运行 ${code('/registry diagnose HOST')} 查看完整诊断和方案。未做任何改动。`;
}

function titleOf(host: HostName, finding: Finding): Phrase {
  return findingWords(finding, contextOf(host)).title;
}

function contextOf(host: HostName) {
  return { host, service: null, plan: null };
}
