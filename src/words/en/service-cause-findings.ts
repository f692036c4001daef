import { code, type Phrase, say } from '../phrase.ts';
import { type Around, type FindingOf, type FindingWords, quoted, type WordsById } from './finding-words.ts';
import { settingOf } from './listen-setting.ts';
import { itSaid, LOGS, lastWordsOf, type Said } from './said-words.ts';
import { count, duration } from './time.ts';

/** Words for what keeps the registry from serving and is no matter of permissions: mostly the registry's own. */
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
    title: say`The registry ends again and again`,
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
    because: say`No process of it was found, and nothing answers in its place${whose}.${stateOf(state)}${lastWordsOf(lastWords)}`,
    remedy:
      lastWords === null
        ? say`${start}, and where it ends again by itself, read ${LOGS}. Then diagnose again.`
        : say`${remedyOfEnd(severity, lastWords)} ${severity === 'info' ? [] : say`${start} then.`}`,
  };
}

function stateOf(state: FindingOf<'service-not-running'>['state']): Phrase {
  switch (state) {
    case 'failed':
      return say` The service manager has given it up as failed.`;
    case 'stopped':
      return say` The service manager holds it stopped: somebody or something stopped it.`;
    case 'restarting':
      return say` The service manager is about to start it again.`;
    case 'running':
    case null:
      return [];
  }
}

function remedyOfEnd(severity: string, lastWords: Said | null): Phrase {
  if (severity === 'info') return say`This follows from what is said before: mend that, and it stays up.`;
  return lastWords === null
    ? say`Read ${LOGS}: its last words before each end say why.`
    : say`Mend what its last words name. A restart alone brings it to the same point.`;
}

function portTaken({ port, pid, command, said, key, line, variable }: FindingOf<'port-taken'>): FindingWords {
  const which = port === null ? say`its port` : say`port ${String(port)}`;
  const what = key === 'http.debug.addr' || variable === 'REGISTRY_HTTP_DEBUG_ADDR' ? say` for its debug address` : [];
  const holder = pid === null ? [] : say` ${quoted(command ?? 'a process')} (pid ${String(pid)}) listens there.`;
  const look = port === null ? code('ss -ltnp') : code(`ss -ltnp 'sport = :${port}'`);
  return {
    title: say`Another process holds ${which}, which the registry needs${what}`,
    because: say`The registry cannot listen there.${holder}${itSaid(said)}`,
    remedy: say`See who it is with ${look}. Stop it, or give one of the two another port: ${settingOf({ key, line, variable })}. No permission of the storage plays a part.`,
  };
}

function tokenCertificateMismatch(finding: FindingOf<'token-certificate-mismatch'>): FindingWords {
  const { certificatePath, signingKeyPath, said } = finding;
  const remedy = say`Let both be written again from one pair: ${code('gitlab-ctl reconfigure')}, then ${code('gitlab-ctl restart registry')}. Where GitLab runs on another host, copy the certificate of its key to this one.`;
  if (signingKeyPath === null) {
    return {
      title: say`The registry refuses tokens as signed by a key that it does not trust`,
      because: say`It checks them with ${quoted(certificatePath)}.${itSaid(said)} Who signs them could not be compared from here, and anybody may send such a token.`,
      remedy: say`If logins fail, compare the two: ${code(`openssl x509 -in ${certificatePath} -noout -pubkey`)} with the public key of whoever signs the tokens. ${remedy}`,
    };
  }
  return {
    title: say`The registry checks tokens with the certificate of another key than GitLab signs them with`,
    because: say`The public keys of ${quoted(certificatePath)} and ${quoted(signingKeyPath)} differ, so each login ends in 401.${itSaid(said)}`,
    remedy,
  };
}

function clockSkew(finding: FindingOf<'clock-skew'>, { host }: Around): FindingWords {
  const { aheadSeconds, synchronised, said } = finding;
  const kept =
    synchronised === false ? say` Nothing keeps that clock in time: the kernel counts it as not synchronised.` : [];
  return {
    title: say`The clock of ${host} is off`,
    because: say`${skewOf(aheadSeconds, host)}${kept}${itSaid(said, 'The registry')} Tokens bear times and are refused where clocks differ by more than a minute.`,
    remedy: say`Compare both clocks with a good one (${code('date -u')}), and see that NTP runs where it is wrong (${code('timedatectl')}, ${code('chronyc tracking')}). A clock that is put right by a jump may need a restart of GitLab and the registry.`,
  };
}

function skewOf(aheadSeconds: number | null, host: string): Phrase {
  if (aheadSeconds === null) return say`The registry was given tokens that, by this clock, come from the future.`;
  const amount = duration(Math.abs(aheadSeconds) * 1000);
  return say`It is at least ${amount} ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the clock of the machine that asked; which of the two is wrong cannot be told from ${host}.`;
}

function maintenanceMode({ refusedPushes }: FindingOf<'maintenance-mode'>): FindingWords {
  const refused = refusedPushes === 0 ? [] : say` Its log shows ${count(refusedPushes, 'push', 'pushes')} refused so.`;
  return {
    title: say`The registry is in read-only maintenance`,
    because: say`${code('storage.maintenance.readonly')} is on in its config: pulls work, and each push answers 405.${refused}`,
    remedy: say`If nobody is at work on it (a garbage collection, a move), switch it off in the registry's config, in an Omnibus GitLab in ${code("registry['storage']")} of ${code('/etc/gitlab/gitlab.rb')}, and restart the registry. If somebody is, wait.`,
  };
}

function databaseUnreachable({ said, severity }: FindingOf<'database-unreachable'>): FindingWords {
  const still = severity === 'warning' ? say` It still answers ${code('/v2/')}, which needs no database.` : [];
  return {
    title: say`The registry cannot use its metadata database`,
    because: say`Without it, it serves no image, and does not start.${itSaid(said)}${still}`,
    remedy: say`Look at the database first: ${code('gitlab-ctl status postgresql')}, host and port under ${code('database')} in the registry's config. Where migrations are pending: ${code('gitlab-ctl registry-database migrate up')}. No permission of the storage plays a part.`,
  };
}

function lockFile({ said }: FindingOf<'lock-file'>): FindingWords {
  return {
    title: say`The registry does not start over a lock file in its storage`,
    because: say`Its config and the lock files below ${code('docker/registry/lockfiles')} disagree on where the metadata is: in the database or in the filesystem.${itSaid(said)}`,
    remedy: say`Make sure which of the two holds the newer metadata before anything else; then set ${code('database.enabled')} to match, or import the metadata. Removing a lock file by hand may hide images.`,
  };
}

function redisUnreachable({ said }: FindingOf<'redis-unreachable'>): FindingWords {
  return {
    title: say`The registry cannot reach its redis`,
    because: say`It uses redis as a cache and goes on without: pulls and pushes work, slower.${itSaid(said)}`,
    remedy: say`Look whether redis runs and listens where ${code('redis')} in the registry's config says (${code('gitlab-ctl status redis')}).`,
  };
}

function objectStorageFailing({ driver, said }: FindingOf<'object-storage-failing'>): FindingWords {
  return {
    title: say`The registry's object storage fails`,
    because: say`Its storage driver is ${quoted(driver)}, so no directory of this host plays a part.${itSaid(said)}`,
    remedy: say`Check that service from this host: its address, the bucket, the credentials in the registry's config, and this host's clock, which signed requests depend on.`,
  };
}
