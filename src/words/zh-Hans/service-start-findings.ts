import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { listOf } from './list.ts';
import { settingOf } from './listen-setting.ts';
import { itSaid } from './said-words.ts';
import { between } from './spacing.ts';

const NO_PERMISSION = say`与存储的权限无关。`;
const RESTART = say`然后重启 Registry。`;

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
    title: say`Registry 无法在${address === null ? '它的地址' : between([quoted(address)])}上监听：这台主机没有该地址`,
    because: say`现在没有网络接口使用该地址，所以 Registry 每次启动都会退出。${itSaid(said)}`,
    remedy: say`用 ${code('ip addr')} 对比。启用该网络接口，或改正地址：修改 ${settingOf(finding)}。${RESTART}${NO_PERMISSION}`,
  };
}

function portNotPermitted(finding: FindingOf<'port-not-permitted'>): FindingWords {
  const { port, unprivilegedPorts: first, said } = finding;
  const which = port === null ? say`它的端口` : say`端口 ${String(port)} `;
  const title = say`Registry 无权在${which}上监听`;
  if (port !== null && first !== null && port >= first) {
    return {
      title,
      because: say`从 ${String(first)} 起的端口不需要 capability，所以是安全模块拒绝的。${itSaid(said)}`,
      remedy: say`在审计日志中查找拒绝记录。使用 SELinux 时，允许该端口：${code(`semanage port -a -t http_port_t -p tcp ${port}`)}；或改用别的端口：修改 ${settingOf(finding)}。${RESTART}`,
    };
  }
  const below = first === null ? say`低位端口` : say`${String(first)} 以下的端口`;
  return {
    title,
    because: say`${below}需要 ${code('CAP_NET_BIND_SERVICE')} 这项 capability，而它的用户没有。${itSaid(said)}`,
    remedy: say`改用更高的端口，由反向代理提供低位端口：修改 ${settingOf(finding)}。或把这项 capability 授予该服务：在它的 systemd 单元中写 ${code('AmbientCapabilities=CAP_NET_BIND_SERVICE')}。${RESTART}${NO_PERMISSION}`,
  };
}

function umaskTooTight({ pid, umask }: FindingOf<'umask-too-tight'>): FindingWords {
  const mode = ((0o777 & ~Number.parseInt(umask, 8)) >>> 0).toString(8).padStart(4, '0');
  return {
    title: say`Registry 无法使用自己创建的目录：它的 umask 是 ${code(umask)}`,
    because: say`它的进程（pid ${pid}）创建的目录权限位是 ${code(mode)}，而它需要属主的全部三种权限。所以每次推送都会失败，拉取可能仍然正常。`,
    remedy: say`在它的 systemd unit 中设置 ${code('UMask=0022')}，或在启动它的地方改正 ${code('umask')}。${RESTART}再诊断一次：它之前创建的内容，权限位不会改变。`,
  };
}

function configChangedSinceStart(finding: FindingOf<'config-changed-since-start'>): FindingWords {
  const { path: file, pid, startedAt, changedAt } = finding;
  return {
    title: say`Registry 可能仍在使用比 ${path(file)} 更早的配置`,
    because: say`它的进程（pid ${pid}）于 ${moment(startedAt)} 启动，只在启动时读取配置。该文件写入于 ${moment(changedAt)}。它使用的存储根目录可能不是文件中现在的那个，所以我不提出方案。`,
    remedy: say`检查文件中的改动，重启 Registry，再诊断一次。`,
  };
}

function moment(seconds: number): Phrase {
  return say`${dateAndTime(new Date(seconds * 1000).toISOString())}`;
}

function configInvalid(finding: FindingOf<'config-invalid'>): FindingWords {
  const { file, line, said } = finding;
  const where = line === null ? say` ` : say` 第 ${String(line)} 行`;
  const which = file === null ? say`它的配置` : say` ${quoted(file)}${where}`;
  const { what, remedy } = ofProblem(finding);
  return {
    title: say`Registry 无法以现有配置启动：${what}`,
    because: say`它读取${which}和环境变量后退出。${itSaid(said)}`,
    remedy: say`${remedy}${RESTART}${NO_PERMISSION}`,
  };
}

function ofProblem(finding: FindingOf<'config-invalid'>): { what: Phrase; remedy: Phrase } {
  const { problem, key, line, named } = finding;
  const place = line === null ? say`配置文件中` : say`配置文件第 ${String(line)} 行`;
  const name = named.length === 1 && named[0] ? between([quoted(named[0].name)]) : say`它`;
  switch (problem) {
    case 'several-drivers':
      return { what: say`其中有多个存储驱动`, remedy: keepOne(finding, 'REGISTRY_STORAGE_') };
    case 'several-kinds':
      return { what: say`其中有多种认证方式`, remedy: keepOne(finding, 'REGISTRY_AUTH_') };
    case 'no-driver':
      return {
        what: say`其中没有存储驱动`,
        remedy: say`在 ${code('storage:')} 之下写明存放镜像的存储驱动，例如 ${code('filesystem:')} 和它的 ${code('rootdirectory:')}。`,
      };
    case 'unknown-driver':
      return {
        what: say`这个 Registry 没有名为${name}的存储驱动`,
        remedy: say`在${place}改正名称。如果名称没错，安装包含该驱动的 Registry。`,
      };
    case 'unknown-auth':
      return {
        what: say`这个 Registry 没有名为${name}的认证方式`,
        remedy: say`在${place}改正名称：${code('htpasswd')} 或 ${code('token')}。`,
      };
    case 'driver-setting':
    case 'auth-setting':
      return {
        what: say`${code(key ?? 'storage')} 的一个设置缺失或错误`,
        remedy: say`在${place}改正 ${code(key ?? 'storage')}：Registry 的输出指明是哪个设置。`,
      };
    case 'syntax':
      return {
        what: say`它不是有效的 YAML`,
        remedy: say`在${place}改正：缩进中不要用制表符；值中含有 ${code('&')}、${code('*')}、${code('%')}、${code('@')} 或冒号时要加引号。`,
      };
    case 'value':
      return { what: say`有一个值的类型不对`, remedy: say`在${place}改正该值。` };
    case 'version':
      return {
        what: say`其中没有这个 Registry 认识的版本号`,
        remedy: say`第一行必须是 ${code('version: 0.1')}。`,
      };
    case 'address':
      return {
        what: say`其中的地址无法解析`,
        remedy: say`在${place}改正 ${code('http.addr')}：正确的格式如 ${code('127.0.0.1:5000')}。`,
      };
    case 'other':
      return { what: say`它读取配置后退出`, remedy: say`按它的输出改正。` };
  }
}

/** Which to keep, a person knows; what is not in the file comes from the environment. */
function keepOne({ named }: FindingOf<'config-invalid'>, prefix: string): Phrase {
  const all = named.map(({ name, line }) =>
    line === null
      ? say`${quoted(name)}（不在文件中：来自变量 ${code(`${prefix}${name.toUpperCase()}…`)}）`
      : say`${quoted(name)}（第 ${String(line)} 行）`,
  );
  const which = all.length === 0 ? [] : say`现有 ${listOf(all)}。`;
  return say`保留存有数据的那一个，删除其余的。${which}变量在 systemd 单元、它的环境变量文件或容器的设置中设置。`;
}

function upstreamUnreachable({ upstream, said, severity }: FindingOf<'upstream-unreachable'>): FindingWords {
  const which = upstream === null ? say`它的上游` : say`它的上游 ${quoted(upstream)}`;
  const effect =
    severity === 'fault'
      ? say`拉取缓存（pull-through cache）启动时会请求上游，得不到响应就会退出。`
      : say`它还没有的镜像无法拉取；其他镜像可以拉取。`;
  return {
    title: say`Registry 无法连接${which}`,
    because: say`${effect}${itSaid(said)}`,
    remedy: say`从这台主机检查上游 Registry 的域名、路由、代理和证书。如果它会长期不可用，从配置中删除 ${code('proxy.remoteurl')}：之后 Registry 只提供它已有的镜像。${RESTART}${NO_PERMISSION}`,
  };
}

function outOfMemory({ toldBy, said, severity }: FindingOf<'out-of-memory'>): FindingWords {
  const is = severity === 'fault' ? say`Registry 因内存耗尽而退出` : say`Registry 曾因内存耗尽被终止，现在又在运行`;
  return {
    title: is,
    because: say`${MEMORY_TELLERS[toldBy]}${itSaid(said, '日志')}`,
    remedy: say`对比它的内存限制与实际需要：${code('systemctl show -p MemoryMax docker-registry')}、${code('ulimit -v')}、容器的内存限制，以及 ${code('free -m')}。提高限制或释放内存，再启动 Registry。${NO_PERMISSION}`,
  };
}

const MEMORY_TELLERS: Readonly<Record<FindingOf<'out-of-memory'>['toldBy'], Phrase>> = {
  log: say`它的运行时未能从内核得到内存。`,
  'service-manager': say`systemd 显示它是被内核终止的（${code('oom-kill')}）。`,
  kernel: say`内核日志显示它是被内核终止的。`,
  'control-group': say`它的控制组（cgroup）记录有因内存耗尽而终止的次数（${code('memory.events')}）。`,
};

function redisRefusesWrites({ reason, said, severity }: FindingOf<'redis-refuses-writes'>): FindingWords {
  const effect = severity === 'fault' ? say`请求因此失败。` : say`Registry 在没有缓存的情况下继续工作，只是较慢。`;
  const { why, remedy } = REDIS_REASONS[reason];
  return {
    title: say`redis 拒绝 Registry 的写入：${why}`,
    because: say`${effect}${itSaid(said)}`,
    remedy: say`${remedy}${NO_PERMISSION}`,
  };
}

const REDIS_REASONS: Readonly<Record<FindingOf<'redis-refuses-writes'>['reason'], { why: Phrase; remedy: Phrase }>> = {
  disk: {
    why: say`它无法保存到磁盘`,
    remedy: say`查看 redis 的日志：磁盘已满，或它对自己的目录没有写权限。${code('redis-cli bgsave')} 成功后，它会重新接受写入。`,
  },
  memory: {
    why: say`它的内存已满`,
    remedy: say`对比 ${code('redis-cli info memory')} 中的 ${code('used_memory')} 和 ${code('maxmemory')}。提高 ${code('maxmemory')}；如果它只是缓存，也可以设置 ${code('maxmemory-policy allkeys-lru')}。`,
  },
  replica: {
    why: say`它是只读副本`,
    remedy: say`把 Registry 配置中的 ${code('redis')} 指向主节点：${code('redis-cli info replication')} 会显示主节点。`,
  },
  login: {
    why: say`它拒绝登录`,
    remedy: say`对比 Registry 配置中 ${code('redis')} 下的密码与 redis 的密码，然后重启 Registry。`,
  },
  rights: {
    why: say`Registry 的 redis 用户没有权限`,
    remedy: say`把需要的命令和键授权给该用户：${code('redis-cli acl list')} 显示它现有的权限。`,
  },
};
