import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import type { Said } from '../said.ts';
import { settingOf } from './listen-setting.ts';
import { itSaid, LOGS, lastWordsOf } from './said-words.ts';
import { count, duration } from './time.ts';

/** Words for what keeps the registry from serving, apart from permissions: mostly the registry's own. */
export const SERVICE_CAUSE_WORDS = {
  'restart-loop': { headline: null, words: restartLoop },
  'service-not-running': { headline: 'the registry is not running', words: serviceNotRunning },
  'port-taken': { headline: null, words: portTaken },
  'token-certificate-mismatch': { headline: null, words: tokenCertificateMismatch },
  'clock-skew': { headline: null, words: clockSkew },
  'maintenance-mode': { headline: null, words: maintenanceMode },
  'database-unreachable': { headline: null, words: databaseUnreachable },
  'lock-file': { headline: null, words: lockFile },
  'redis-unreachable': { headline: null, words: redisUnreachable },
  'object-storage-failing': { headline: null, words: objectStorageFailing },
} satisfies Partial<WordsById>;

function restartLoop({ manager, restarts, lastWords, severity }: FindingOf<'restart-loop'>): FindingWords {
  const by = manager === null ? [] : say` by ${code(manager === 'runit' ? 'runit' : 'systemd')}`;
  const times = restarts === null ? [] : say`, ${count(restarts, 'time')} so far`;
  return {
    title: say`The registry keeps exiting and restarting`,
    because: say`It is started again each time${by}${times}.${lastWordsOf(lastWords)}`,
    remedy: remedyOfEnd(severity, lastWords),
  };
}

function serviceNotRunning(finding: FindingOf<'service-not-running'>): FindingWords {
  const { serviceUser, state, lastWords, severity } = finding;
  const whose = serviceUser === null ? [] : say`; it would run as ${quoted(serviceUser)}`;
  const start = say`Start it (${code('gitlab-ctl start registry')}, or ${code('systemctl start docker-registry')})`;
  return {
    title: say`The registry is not running`,
    because: say`No registry process was found, and nothing answers in its place${whose}.${stateOf(state)}${lastWordsOf(lastWords)}`,
    remedy:
      lastWords === null
        ? say`${start}, and if it ends again, read ${LOGS}. Then diagnose again.`
        : say`${remedyOfEnd(severity, lastWords)} ${severity === 'info' ? [] : say`${start} then.`}`,
  };
}

function stateOf(state: FindingOf<'service-not-running'>['state']): Phrase {
  switch (state) {
    case 'failed':
      return say` The service manager has given up on it (failed).`;
    case 'stopped':
      return say` The service manager says that it was stopped.`;
    case 'restarting':
      return say` The service manager is about to start it again.`;
    case 'running':
    case null:
      return [];
  }
}

function remedyOfEnd(severity: string, lastWords: Said | null): Phrase {
  if (severity === 'info') return say`Caused by the problem above: fix that, and it stays up.`;
  return lastWords === null
    ? say`Read ${LOGS}: the last lines before each end say why.`
    : say`Fix the error in its last log line. A restart won’t help before that.`;
}

function portTaken({ port, pid, command, said, key, line, variable }: FindingOf<'port-taken'>): FindingWords {
  const which = port === null ? say`its port` : say`port ${String(port)}`;
  const what = key === 'http.debug.addr' || variable === 'REGISTRY_HTTP_DEBUG_ADDR' ? say` for its debug address` : [];
  const holder =
    pid === null
      ? []
      : say` ${command === null ? say`A process` : quoted(command)} (pid ${String(pid)}) listens there.`;
  const look = port === null ? code('ss -ltnp') : code(`ss -ltnp 'sport = :${port}'`);
  return {
    title: say`Another process is using ${which}, which the registry needs${what}`,
    because: say`The registry can’t listen there.${holder}${itSaid(said)}`,
    remedy: say`Check what it is with ${look}. Stop it, or give one of the two another port: ${settingOf({ key, line, variable })}. Storage permissions are not involved.`,
  };
}

function tokenCertificateMismatch(finding: FindingOf<'token-certificate-mismatch'>): FindingWords {
  const { certificatePath, signingKeyPath, said } = finding;
  const remedy = say`Write both again from one key pair: ${code('gitlab-ctl reconfigure')}, then ${code('gitlab-ctl restart registry')}. If GitLab runs on another host, copy its certificate to this one.`;
  if (signingKeyPath === null) {
    return {
      title: say`The registry refuses tokens: it doesn’t trust the key that signed them`,
      because: say`It checks them with ${quoted(certificatePath)}.${itSaid(said)} I couldn’t compare it with the signing key from here, and anyone can send such a token.`,
      remedy: say`If logins fail, compare the two: ${code(`openssl x509 -in ${certificatePath} -noout -pubkey`)} with the public key that signs the tokens. ${remedy}`,
    };
  }
  return {
    title: say`The registry’s token certificate doesn’t match GitLab’s signing key`,
    because: say`The public keys of ${quoted(certificatePath)} and ${quoted(signingKeyPath)} differ, so every login ends with 401.${itSaid(said)}`,
    remedy,
  };
}

function clockSkew(finding: FindingOf<'clock-skew'>, { host }: FindingContext): FindingWords {
  const { aheadSeconds, synchronised, said } = finding;
  const kept = synchronised === false ? say` Nothing synchronizes that clock, says the kernel.` : [];
  return {
    title: say`The clock of ${host} is off`,
    because: say`${skewOf(aheadSeconds, host)}${kept}${itSaid(said, 'The registry')} Tokens carry times, and are refused if clocks differ by more than a minute.`,
    remedy: say`Compare both clocks with a correct one (${code('date -u')}), and make sure that NTP runs on the wrong one (${code('timedatectl')}, ${code('chronyc tracking')}). After a clock jumps, GitLab and the registry can need a restart.`,
  };
}

function skewOf(aheadSeconds: number | null, host: string): Phrase {
  if (aheadSeconds === null) return say`The registry was given tokens that come from the future by this clock.`;
  const amount = duration(Math.abs(aheadSeconds) * 1000);
  return say`It is at least ${amount} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the clock of Registry Doctor’s machine. I can’t tell from ${host} which of the two is wrong.`;
}

function maintenanceMode({ refusedPushes }: FindingOf<'maintenance-mode'>): FindingWords {
  const refused =
    refusedPushes === 0 ? [] : say` Its log shows ${count(refusedPushes, 'refused push', 'refused pushes')}.`;
  return {
    title: say`The registry is in read-only maintenance`,
    because: say`${code('storage.maintenance.readonly')} is on in its config: pulls work, and every push gets 405.${refused}`,
    remedy: say`If a garbage collection or a move is running, wait until it ends. Otherwise turn it off in the registry’s config (on GitLab Omnibus in ${code("registry['storage']")} of ${code('/etc/gitlab/gitlab.rb')}), and restart the registry.`,
  };
}

function databaseUnreachable({ said, severity }: FindingOf<'database-unreachable'>): FindingWords {
  const still = severity === 'warning' ? say` It still answers ${code('/v2/')}, which needs no database.` : [];
  return {
    title: say`The registry can’t use its metadata database`,
    because: say`Without it, the registry serves no image and doesn’t start.${itSaid(said)}${still}`,
    remedy: say`Check the database first: ${code('gitlab-ctl status postgresql')}, host and port under ${code('database')} in the registry’s config. If migrations are pending: ${code('gitlab-ctl registry-database migrate up')}. Storage permissions are not involved.`,
  };
}

function lockFile({ said }: FindingOf<'lock-file'>): FindingWords {
  return {
    title: say`The registry doesn’t start because of a lock file in its storage`,
    because: say`Its config and the lock files below ${code('docker/registry/lockfiles')} disagree on where the metadata is: in the database or in the filesystem.${itSaid(said)}`,
    remedy: say`First find out which of the two holds the newer metadata. Then set ${code('database.enabled')} to match, or import the metadata. Deleting a lock file by hand can hide images.`,
  };
}

function redisUnreachable({ said }: FindingOf<'redis-unreachable'>): FindingWords {
  return {
    title: say`The registry can’t reach its redis`,
    because: say`It uses redis as a cache and works without it, slower.${itSaid(said)}`,
    remedy: say`Check whether redis runs, and listens on the address under ${code('redis')} in the registry’s config (${code('gitlab-ctl status redis')}).`,
  };
}

function objectStorageFailing({ driver, said }: FindingOf<'object-storage-failing'>): FindingWords {
  return {
    title: say`The registry’s object storage fails`,
    because: say`Its storage driver is ${quoted(driver)}, so no directory on this host is involved.${itSaid(said)}`,
    remedy: say`Check that service from this host: its address, the bucket, the credentials in the registry’s config, and this host’s clock (signed requests depend on it).`,
  };
}
