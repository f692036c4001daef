import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Durability, Threat } from '../../model/diagnosis/durability.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { path, quoted } from '../from-host.ts';
import { fstabLine } from '../fstab-line.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { textList } from './list.ts';
import { reasonClause } from './reasons.ts';

/**
 * Whether the state survives a reboot and `gitlab-ctl reconfigure`: the answer first, then what threatens it; nothing if it was not
 * checked. What a finding says already is not said twice. `isBroken`: the registry does not work now.
 */
export function durabilityPhrases({
  durability,
  findings,
  isBroken,
}: Pick<Diagnosis, 'durability' | 'findings'> & { readonly isBroken: boolean }): readonly Phrase[] {
  if (durability === null) return [];
  const isFound = findings.some(({ id }) => id === 'breaks-at-next-reboot' || id === 'breaks-at-next-reconfigure');
  const told = isFound ? [] : durability.threats;
  return [
    outlook(durability, isBroken),
    ...told.map((threat) => say`${threatSentence(threat)}${lastingChange(threat)}`),
  ];
}

/** The same in one clause, for a fix that lasts and about which there is nothing more to say. Null: there is more. */
export function lastingFix({ reboot, reconfigure, threats }: Durability): Phrase | null {
  if (reboot !== 'holds' || threats.length > 0) return null;
  if (reconfigure === 'holds') return say`重启和 ${code(RECONFIGURE)} 之后修复仍然有效。`;
  return reconfigure === 'not-applicable' ? say`重启后修复仍然有效。` : null;
}

function outlook({ reboot, reconfigure, unknowns, threats }: Durability, isBroken: boolean): Phrase {
  const isOmnibus = reconfigure !== 'not-applicable';
  const question = bold(isOmnibus ? `重启和 ${RECONFIGURE} 之后仍然有效：` : '重启后仍然有效：');
  const breaking = [
    ...(reboot === 'breaks' ? ['重启'] : []),
    ...(reconfigure === 'breaks' ? [`执行 ${RECONFIGURE} `] : []),
  ];
  if (breaking.length > 0)
    return say`${question}否。下次${textList(breaking, 'or')}时会${isBroken ? '再次' : ''}出现故障。${whyUnknown(unknowns)}`;
  if (reboot === 'unknown' || reconfigure === 'unknown') return say`${question}未知。${whyUnknown(unknowns)}`;
  const caution = threats.length > 0 ? '有一点需要注意：' : '';
  return say`${question}是。本机没有任何机制会重置这些权限，路径上的挂载也都会在启动时自动挂上。${caution}`;
}

const RECONFIGURE = 'gitlab-ctl reconfigure';

function whyUnknown(unknowns: Durability['unknowns']): Phrase {
  if (unknowns.length === 0) return [];
  return say`无法查明的部分：${separated(unknowns.map(reasonClause), '；')}。`;
}

/** What will happen, and why. */
export function threatSentence(threat: Threat): Phrase {
  switch (threat.id) {
    case 'mount-not-permanent':
      return threat.noauto
        ? say`${path(threat.path)} 现在已挂载，但它在 /etc/fstab 中的那一行带有 ${code('noauto')}：启动时不会自动挂载。`
        : say`${path(threat.path)} 现在已挂载（${quoted(threat.source)}），但 /etc/fstab 和 systemd 单元都不会在启动时挂载它。`;
    case 'mount-differs-from-fstab':
      return say`在 ${path(threat.path)}，/etc/fstab 中的${NAMED[threat.differs]}是 ${quoted(threat.fstab)}，实际挂载的是 ${quoted(threat.mounted)}：下次启动会以 /etc/fstab 为准。`;
    case 'device-name-not-stable':
      return say`/etc/fstab 用 ${quoted(threat.source)} 指定 ${path(threat.path)} 的磁盘，而内核在启动时可能把这个名称分配给另一块磁盘。`;
    case 'volatile-place':
      return VOLATILE[threat.why](threat.path);
    case 'mode-reset':
      return threat.understood
        ? say`${quoted(threat.file)} 会重新设置 ${path(threat.path)}，使 Registry 无法访问：${quoted(threat.line.trim())}。`
        : say`${quoted(threat.file)} 会修改 ${path(threat.path)}，其方式我无法判断：${quoted(threat.line.trim())}。`;
    case 'contents-removed':
      return say`${quoted(threat.file)} 会删除 ${path(threat.path)} 中的${REMOVED[threat.what]}：${quoted(threat.line.trim())}。`;
    case 'reconfigure-resets':
      return threat.understood
        ? say`${code(RECONFIGURE)} 会把 ${path(threat.path)} 重新设为 ${threat.to} ${quoted(`${threat.owner}:${threat.group}`)}，使 Registry 无法访问。`
        : say`${code(RECONFIGURE)} 会把 ${path(threat.path)} 设为 ${threat.to} ${quoted(`${threat.owner}:${threat.group}`)}，之后 Registry 能否使用它，我无法判断。`;
    case 'nofail-stub':
      return say`${path(threat.path)} 在 /etc/fstab 中的那一行带有 ${code('nofail')}：如果磁盘缺失或响应慢，主机照样启动，Registry 会写到挂载点下面的目录里。`;
  }
}

const REMOVED = { everything: '全部内容', 'old-files': '一段时间未使用的文件' } as const;
const NAMED = { source: '磁盘', filesystem: '文件系统', options: '选项' } as const;

const VOLATILE: Readonly<Record<Extract<Threat, { id: 'volatile-place' }>['why'], (place: HostPath) => Phrase>> = {
  tmpfs: (place) => say`${path(place)} 在内存中（tmpfs）：重启后会变空。`,
  run: (place) => say`${path(place)} 在 /run 之下，重启后会变空。`,
  'removable-media': (place) =>
    say`${path(place)} 是桌面环境为当前登录的用户挂载可移动介质的位置：启动时不会自动挂载。`,
};

/** The permanent change. */
export function lastingChange(threat: Threat): Phrase {
  switch (threat.id) {
    case 'mount-not-permanent':
      return threat.noauto ? say`要长期有效，从那一行去掉 ${code('noauto')}。` : newFstabLine(threat);
    case 'mount-differs-from-fstab':
      return say`要长期有效，把正确的内容写入 /etc/fstab，再执行 ${code('systemctl daemon-reload')} 和 ${code('findmnt --verify')}。`;
    case 'device-name-not-stable':
      return threat.uuid === null
        ? say`要长期有效，改用它的 UUID 指定（${code(`blkid ${shellQuote(threat.source)}`)}）。`
        : say`要长期有效，改写为 ${code(`UUID=${threat.uuid}`)}。`;
    case 'volatile-place':
      return say`要长期有效，把存储以及通往它的每个符号链接都放在由 /etc/fstab 挂载的磁盘上。`;
    case 'mode-reset':
    case 'contents-removed':
      return changeAt(threat);
    case 'reconfigure-resets':
      return say`要长期有效，在 /etc/gitlab/gitlab.rb 中设置：${code("manage_storage_directories['enable'] = false")} 会把这些目录交给你管理；或让 Registry 使用 GitLab 分配的用户和组（${code("registry['username']")}、${code("registry['group']")}）。`;
    case 'nofail-stub':
      return say`要排除这种情况，让 Registry 等待它挂载：在 Registry 单元的 drop-in 中写 ${code(`RequiresMountsFor=${threat.path}`)}（Omnibus GitLab 写在 ${code('gitlab-runsvdir.service')} 的 drop-in 中）。`;
  }
}

function changeAt({ file, line }: { readonly file: string; readonly line: string }): Phrase {
  if (file === '/etc/fstab') return say`要长期有效，在 /etc/fstab 中修改该选项。`;
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (/^\/(usr|run)\/.*tmpfiles\.d\//.test(file)) {
    return say`要长期有效，在 /etc/tmpfiles.d 中放一个同名文件（${code(shellQuote(`/etc/tmpfiles.d/${base}`))}），并修改其中的那一行：它会取代整个原文件。`;
  }
  if (/^\/usr\/lib\/systemd\//.test(file) || /^\s*Exec/.test(line)) {
    return say`要长期有效，修改那一行（${code(`systemctl edit ${shellQuote(base)}`)}）。`;
  }
  return say`要长期有效，在 ${code(shellQuote(file))} 中修改那一行。`;
}

function newFstabLine(threat: Extract<Threat, { id: 'mount-not-permanent' }>): Phrase {
  const line = fstabLine(threat);
  if (line === null) {
    return say`要长期有效，在 /etc/fstab 中为它加入一行，并带上 ${quoted(threat.filesystem)} 所需的选项：无法看到全部选项，因此不给出这一行。请在下次启动之前用 ${code('findmnt --verify')} 检查。`;
  }
  const where =
    threat.bindOf === null
      ? []
      : say`（其中 DIRECTORY 是 ${quoted(threat.source)} 上 ${quoted(threat.bindOf)} 的路径）`;
  return say`要长期有效，在 /etc/fstab 中加入 ${code(line)}${where}，并用 ${code('findmnt --verify')} 检查。`;
}
