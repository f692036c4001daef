import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { settingOf } from './listen-setting.ts';
import { allOf } from './lists.ts';
import { itSaid } from './said-words.ts';

const NO_PERMISSION = say`Storage permissions are not involved.`;
const RESTART = say`Then restart the registry.`;

/** Words for what keeps the registry from starting or running, apart from files. */
export const SERVICE_START_WORDS = {
  'address-unavailable': { headline: null, words: addressUnavailable },
  'port-not-permitted': { headline: null, words: portNotPermitted },
  'config-invalid': { headline: null, words: configInvalid },
  'upstream-unreachable': { headline: null, words: upstreamUnreachable },
  'umask-too-tight': { headline: null, words: umaskTooTight },
  'config-changed-since-start': { headline: null, words: configChangedSinceStart },
  'out-of-memory': { headline: null, words: outOfMemory },
  'redis-refuses-writes': { headline: null, words: redisRefusesWrites },
} satisfies Partial<WordsById>;

function addressUnavailable(finding: FindingOf<'address-unavailable'>): FindingWords {
  const { address, said } = finding;
  return {
    title: say`The registry can’t listen on ${address === null ? 'its address' : quoted(address)}: this host doesn’t have it`,
    because: say`No network interface has that address now, so the registry ends at every start.${itSaid(said)}`,
    remedy: say`Compare with ${code('ip addr')}. Bring the interface up, or correct ${settingOf(finding)}. ${RESTART} ${NO_PERMISSION}`,
  };
}

function portNotPermitted(finding: FindingOf<'port-not-permitted'>): FindingWords {
  const { port, unprivilegedPorts: first, said } = finding;
  const which = port === null ? say`its port` : say`port ${String(port)}`;
  const title = say`The registry isn’t allowed to listen on ${which}`;
  if (port !== null && first !== null && port >= first) {
    return {
      title,
      because: say`Ports from ${String(first)} on need no capability, so a security module denies it.${itSaid(said)}`,
      remedy: say`Check the audit log for the denial. With SELinux, allow the port: ${code(`semanage port -a -t http_port_t -p tcp ${port}`)}; or choose another in ${settingOf(finding)}. ${RESTART}`,
    };
  }
  const below = first === null ? say`Low ports` : say`Ports below ${String(first)}`;
  return {
    title,
    because: say`${below} need the capability ${code('CAP_NET_BIND_SERVICE')}, and its user has none.${itSaid(said)}`,
    remedy: say`Choose a higher port in ${settingOf(finding)} and let a reverse proxy serve the low one. Or give the service the capability: ${code('AmbientCapabilities=CAP_NET_BIND_SERVICE')} in its systemd unit. ${RESTART} ${NO_PERMISSION}`,
  };
}

function umaskTooTight({ pid, umask }: FindingOf<'umask-too-tight'>): FindingWords {
  const mode = ((0o777 & ~Number.parseInt(umask, 8)) >>> 0).toString(8).padStart(4, '0');
  return {
    title: say`The registry can’t use the directories that it creates: its umask is ${code(umask)}`,
    because: say`Its process (pid ${pid}) creates directories with the mode ${code(mode)}, and needs all three permissions of their owner. So each push fails, while pulls can work.`,
    remedy: say`Set ${code('UMask=0022')} in its systemd unit, or correct ${code('umask')} where it is started. ${RESTART} Then diagnose again: what it created before keeps its mode.`,
  };
}

function configChangedSinceStart(finding: FindingOf<'config-changed-since-start'>): FindingWords {
  const { path: file, pid, startedAt, changedAt } = finding;
  return {
    title: say`The registry may still run with an older config than ${path(file)}`,
    because: say`Its process (pid ${pid}) started at ${moment(startedAt)} and reads its config only then. The file was written at ${moment(changedAt)}. It can use another storage root than the file sets now, so I propose no change.`,
    remedy: say`Check what was changed in the file, restart the registry, then diagnose again.`,
  };
}

function moment(seconds: number): Phrase {
  return say`${dateAndTime(new Date(seconds * 1000).toISOString())}`;
}

function configInvalid(finding: FindingOf<'config-invalid'>): FindingWords {
  const { file, line, said } = finding;
  const where = line === null ? [] : say`, line ${String(line)}`;
  const which = file === null ? say`its config` : say`${quoted(file)}${where}`;
  const { what, remedy } = ofProblem(finding);
  return {
    title: say`The registry doesn’t start with its config: ${what}`,
    because: say`It reads ${which} and its environment, and ends.${itSaid(said)}`,
    remedy: say`${remedy} ${RESTART} ${NO_PERMISSION}`,
  };
}

function ofProblem(finding: FindingOf<'config-invalid'>): { what: Phrase; remedy: Phrase } {
  const { problem, key, line, named } = finding;
  const place = line === null ? say`the config file` : say`line ${String(line)} of the config file`;
  const name = named.length === 1 && named[0] ? quoted(named[0].name) : say`it`;
  switch (problem) {
    case 'several-drivers':
      return { what: say`it names more than one storage driver`, remedy: keepOne(finding, 'REGISTRY_STORAGE_') };
    case 'several-kinds':
      return { what: say`it names more than one kind of authentication`, remedy: keepOne(finding, 'REGISTRY_AUTH_') };
    case 'no-driver':
      return {
        what: say`it names no storage driver`,
        remedy: say`Name the one that holds your images below ${code('storage:')}, as ${code('filesystem:')} with its ${code('rootdirectory:')}.`,
      };
    case 'unknown-driver':
      return {
        what: say`this registry has no storage driver ${name}`,
        remedy: say`Correct the name in ${place}. If it is right, install a registry that was built with that driver.`,
      };
    case 'unknown-auth':
      return {
        what: say`this registry has no authentication ${name}`,
        remedy: say`Correct the name in ${place}: ${code('htpasswd')} or ${code('token')}.`,
      };
    case 'driver-setting':
    case 'auth-setting':
      return {
        what: say`a setting of ${code(key ?? 'storage')} is missing or wrong`,
        remedy: say`Correct ${code(key ?? 'storage')} in ${place}: the registry’s words name the setting.`,
      };
    case 'syntax':
      return {
        what: say`it isn’t valid YAML`,
        remedy: say`Correct ${place}: no tabs in the indentation, and quotes around a value with ${code('&')}, ${code('*')}, ${code('%')}, ${code('@')} or a colon in it.`,
      };
    case 'value':
      return { what: say`a value is of the wrong kind`, remedy: say`Correct the value in ${place}.` };
    case 'version':
      return {
        what: say`it names no version that this registry knows`,
        remedy: say`Its first line must be ${code('version: 0.1')}.`,
      };
    case 'address':
      return {
        what: say`its address can’t be read or looked up`,
        remedy: say`Correct ${code('http.addr')} in ${place}: ${code('127.0.0.1:5000')} has the right form.`,
      };
    case 'other':
      return { what: say`it ends over it`, remedy: say`Correct what its words name.` };
  }
}

/** Which to keep, a person knows; what is not in the file comes from the environment. */
function keepOne({ named }: FindingOf<'config-invalid'>, prefix: string): Phrase {
  const all = named.map(({ name, line }) =>
    line === null
      ? say`${quoted(name)} (not in the file: from a variable ${code(`${prefix}${name.toUpperCase()}…`)})`
      : say`${quoted(name)} (line ${String(line)})`,
  );
  const which = all.length === 0 ? [] : say` It has ${allOf(all)}.`;
  return say`Keep the one that holds your data and remove the other.${which} Variables are set in the systemd unit, its environment file or the container’s settings.`;
}

function upstreamUnreachable({ upstream, said, severity }: FindingOf<'upstream-unreachable'>): FindingWords {
  const which = upstream === null ? say`its upstream` : say`its upstream ${quoted(upstream)}`;
  const effect =
    severity === 'fault'
      ? say`A pull-through cache asks its upstream as it starts, and ends without an answer.`
      : say`Images that it doesn’t have yet can’t be pulled; others can.`;
  return {
    title: say`The registry can’t reach ${which}`,
    because: say`${effect}${itSaid(said)}`,
    remedy: say`From this host, check the name, the route, the proxy and the certificate of that registry. If it is gone for long, remove ${code('proxy.remoteurl')} from the config: the registry then serves what it has. ${RESTART} ${NO_PERMISSION}`,
  };
}

function outOfMemory({ toldBy, said, severity }: FindingOf<'out-of-memory'>): FindingWords {
  const is =
    severity === 'fault'
      ? say`The registry ended because it ran out of memory`
      : say`The registry was killed because memory ran out, and runs again`;
  return {
    title: is,
    because: say`${MEMORY_TELLERS[toldBy]}${itSaid(said, 'The log')}`,
    remedy: say`Compare its limit with what it needs: ${code('systemctl show -p MemoryMax docker-registry')}, ${code('ulimit -v')}, the container’s memory limit, and ${code('free -m')}. Raise the limit or free memory, then start the registry. ${NO_PERMISSION}`,
  };
}

const MEMORY_TELLERS: Readonly<Record<FindingOf<'out-of-memory'>['toldBy'], Phrase>> = {
  log: say`Its own runtime got no memory from the kernel.`,
  'service-manager': say`systemd says that the kernel killed it (${code('oom-kill')}).`,
  kernel: say`The kernel’s log says that it killed it.`,
  'control-group': say`Its control group counts kills because memory ran out (${code('memory.events')}).`,
};

function redisRefusesWrites({ reason, said, severity }: FindingOf<'redis-refuses-writes'>): FindingWords {
  const effect =
    severity === 'fault' ? say`Requests fail over it.` : say`The registry goes on without its cache, slower.`;
  const { why, remedy } = REDIS_REASONS[reason];
  return {
    title: say`Redis refuses what the registry writes: ${why}`,
    because: say`${effect}${itSaid(said)}`,
    remedy: say`${remedy} ${NO_PERMISSION}`,
  };
}

const REDIS_REASONS: Readonly<Record<FindingOf<'redis-refuses-writes'>['reason'], { why: Phrase; remedy: Phrase }>> = {
  disk: {
    why: say`it can’t save to its disk`,
    remedy: say`Read the log of redis: its disk is full, or its directory isn’t writable for it. Once ${code('redis-cli bgsave')} works, it takes writes again.`,
  },
  memory: {
    why: say`its memory is full`,
    remedy: say`Compare ${code('used_memory')} and ${code('maxmemory')} in ${code('redis-cli info memory')}. Raise ${code('maxmemory')}, or set ${code('maxmemory-policy allkeys-lru')} if it is only a cache.`,
  },
  replica: {
    why: say`it is a read-only replica`,
    remedy: say`Point ${code('redis')} in the registry’s config at the primary: ${code('redis-cli info replication')} names it.`,
  },
  login: {
    why: say`it refuses the login`,
    remedy: say`Compare the password under ${code('redis')} in the registry’s config with the one that redis has, then restart the registry.`,
  },
  rights: {
    why: say`the registry’s redis user has no permission`,
    remedy: say`Give that user the commands and keys that it needs: ${code('redis-cli acl list')} shows what it has.`,
  },
};
