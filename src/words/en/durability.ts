import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Durability, Threat } from '../../model/diagnosis/durability.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { path, quoted } from '../from-host.ts';
import { fstabLine } from '../fstab-line.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { allOf } from './lists.ts';
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
    ...told.map((threat) => say`${threatSentence(threat)} ${lastingChange(threat)}`),
  ];
}

/** The same in one clause, for a fix that lasts and about which there is nothing more to say. Null: there is more. */
export function lastingFix({ reboot, reconfigure, threats }: Durability): Phrase | null {
  if (reboot !== 'holds' || threats.length > 0) return null;
  if (reconfigure === 'holds') return say`The fix survives a reboot and ${code(RECONFIGURE)}.`;
  return reconfigure === 'not-applicable' ? say`The fix survives a reboot.` : null;
}

function outlook({ reboot, reconfigure, unknowns, threats }: Durability, isBroken: boolean): Phrase {
  const isOmnibus = reconfigure !== 'not-applicable';
  const question = bold(isOmnibus ? `Survives a reboot and ${RECONFIGURE}:` : 'Survives a reboot:');
  const breaking = [
    ...(reboot === 'breaks' ? ['the next reboot'] : []),
    ...(reconfigure === 'breaks' ? [`the next ${RECONFIGURE}`] : []),
  ];
  if (breaking.length > 0)
    return say`${question} no. It breaks${isBroken ? ' again' : ''} at ${breaking.join(' or ')}.${whyUnknown(unknowns)}`;
  if (reboot === 'unknown' || reconfigure === 'unknown') return say`${question} unknown.${whyUnknown(unknowns)}`;
  const caution = threats.length > 0 ? ' One thing to know:' : '';
  return say`${question} yes. Nothing on this host resets these permissions, and every mount on the path is permanent.${caution}`;
}

const RECONFIGURE = 'gitlab-ctl reconfigure';

function whyUnknown(unknowns: Durability['unknowns']): Phrase {
  if (unknowns.length === 0) return [];
  const whys = allOf(unknowns.map(reasonClause));
  return say` What I couldn’t see: ${whys}.`;
}

/** What will happen, and why. */
export function threatSentence(threat: Threat): Phrase {
  switch (threat.id) {
    case 'mount-not-permanent':
      return threat.noauto
        ? say`${path(threat.path)} is mounted now, and its line in /etc/fstab says ${code('noauto')}: no boot mounts it.`
        : say`${path(threat.path)} is mounted now (${quoted(threat.source)}), and neither /etc/fstab nor a systemd unit mounts it at a boot.`;
    case 'mount-differs-from-fstab':
      return say`At ${path(threat.path)}, /etc/fstab has ${NAMED[threat.differs]} ${quoted(threat.fstab)}, and mounted is ${quoted(threat.mounted)}: the next boot does as /etc/fstab says.`;
    case 'device-name-not-stable':
      return say`/etc/fstab names the disk for ${path(threat.path)} ${quoted(threat.source)}, and the kernel may give that name to another disk at a boot.`;
    case 'volatile-place':
      return VOLATILE[threat.why](threat.path);
    case 'mode-reset':
      return threat.understood
        ? say`${quoted(threat.file)} sets ${path(threat.path)} again, so that the registry is shut out: ${quoted(threat.line.trim())}.`
        : say`${quoted(threat.file)} changes ${path(threat.path)}, in a way that I do not understand: ${quoted(threat.line.trim())}.`;
    case 'contents-removed':
      return say`${quoted(threat.file)} has ${REMOVED[threat.what]} in ${path(threat.path)} removed: ${quoted(threat.line.trim())}.`;
    case 'reconfigure-resets':
      return threat.understood
        ? say`${code(RECONFIGURE)} sets ${path(threat.path)} to ${threat.to} ${quoted(`${threat.owner}:${threat.group}`)} again, and that shuts the registry out.`
        : say`${code(RECONFIGURE)} sets ${path(threat.path)} to ${threat.to} ${quoted(`${threat.owner}:${threat.group}`)}, and whether the registry may use it then I cannot tell.`;
    case 'nofail-stub':
      return say`The line of ${path(threat.path)} in /etc/fstab says ${code('nofail')}: if the disk is missing or slow, the host still boots and the registry writes to the directory under the mount point.`;
  }
}

const REMOVED = { everything: 'what lies', 'old-files': 'files that were not used for a while' } as const;
const NAMED = { source: 'the disk', filesystem: 'the filesystem', options: 'the options' } as const;

const VOLATILE: Readonly<Record<Extract<Threat, { id: 'volatile-place' }>['why'], (place: HostPath) => Phrase>> = {
  tmpfs: (place) => say`${path(place)} lies in memory (tmpfs): it is empty after a reboot.`,
  run: (place) => say`${path(place)} lies under /run, which is empty after a reboot.`,
  'removable-media': (place) =>
    say`${path(place)} is where a desktop mounts removable media, for the one user who is logged in: no boot does that.`,
};

/** The permanent change. */
export function lastingChange(threat: Threat): Phrase {
  switch (threat.id) {
    case 'mount-not-permanent':
      return threat.noauto ? say`To make it last, take ${code('noauto')} out of that line.` : newFstabLine(threat);
    case 'mount-differs-from-fstab':
      return say`To make it last, put what is right into /etc/fstab, then ${code('systemctl daemon-reload')} and ${code('findmnt --verify')}.`;
    case 'device-name-not-stable':
      return threat.uuid === null
        ? say`To make it last, name it there by its UUID (${code(`blkid ${shellQuote(threat.source)}`)}).`
        : say`To make it last, write ${code(`UUID=${threat.uuid}`)} there instead.`;
    case 'volatile-place':
      return say`To make it last, keep the storage, and every link on the way to it, on a disk that /etc/fstab mounts.`;
    case 'mode-reset':
    case 'contents-removed':
      return changeAt(threat);
    case 'reconfigure-resets':
      return say`To make it last, set it in /etc/gitlab/gitlab.rb: ${code("manage_storage_directories['enable'] = false")} leaves these directories to you; or keep the registry in the user and group that GitLab gives it (${code("registry['username']")}, ${code("registry['group']")}).`;
    case 'nofail-stub':
      return say`To rule that out, let the registry wait for it: ${code(`RequiresMountsFor=${threat.path}`)} in a drop-in of its unit (on GitLab Omnibus, of ${code('gitlab-runsvdir.service')}).`;
  }
}

function changeAt({ file, line }: { readonly file: string; readonly line: string }): Phrase {
  if (file === '/etc/fstab') return say`To make it last, change that option in /etc/fstab.`;
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (/^\/(usr|run)\/.*tmpfiles\.d\//.test(file)) {
    return say`To make it last, put a file of the same name into /etc/tmpfiles.d (${code(shellQuote(`/etc/tmpfiles.d/${base}`))}) with that line changed: it takes the place of the whole file.`;
  }
  if (/^\/usr\/lib\/systemd\//.test(file) || /^\s*Exec/.test(line)) {
    return say`To make it last, change that line (${code(`systemctl edit ${shellQuote(base)}`)}).`;
  }
  return say`To make it last, change that line in ${code(shellQuote(file))}.`;
}

function newFstabLine(threat: Extract<Threat, { id: 'mount-not-permanent' }>): Phrase {
  const line = fstabLine(threat);
  if (line === null) {
    return say`To make it last, add a line for it to /etc/fstab, with the options that ${quoted(threat.filesystem)} needs: I can’t see them all, so I show no line. Try it with ${code('findmnt --verify')} before the next boot.`;
  }
  const where =
    threat.bindOf === null
      ? []
      : say`, where DIRECTORY is the path of ${quoted(threat.bindOf)} on ${quoted(threat.source)}`;
  return say`To make it last, add to /etc/fstab ${code(line)}${where}, and try it with ${code('findmnt --verify')}.`;
}
