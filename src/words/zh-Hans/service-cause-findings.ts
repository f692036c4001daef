import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import type { Said } from '../said.ts';
import { settingOf } from './listen-setting.ts';
import { itSaid, LOGS, lastWordsOf } from './said-words.ts';
import { duration } from './time.ts';

/** Words for what keeps the registry from serving, apart from permissions: mostly the registry's own. */
export const SERVICE_CAUSE_WORDS = {
  'restart-loop': { headline: null, words: restartLoop },
  'service-not-running': { headline: 'Registry 未运行', words: serviceNotRunning },
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
  const by =
    manager === null
      ? say`它每次退出后都被`
      : say`它每次退出后都由 ${code(manager === 'runit' ? 'runit' : 'systemd')} `;
  const times = restarts === null ? [] : say`，到目前为止有 ${grouped(restarts)} 次`;
  return {
    title: say`Registry 不断退出并重新启动`,
    because: say`${by}重新启动${times}。${lastWordsOf(lastWords)}`,
    remedy: remedyOfEnd(severity, lastWords),
  };
}

function serviceNotRunning(finding: FindingOf<'service-not-running'>): FindingWords {
  const { serviceUser, state, lastWords, severity } = finding;
  const whose = serviceUser === null ? [] : say`；它应当以用户 ${quoted(serviceUser)} 运行`;
  const start = say`启动它（${code('gitlab-ctl start registry')} 或 ${code('systemctl start docker-registry')}）`;
  return {
    title: say`Registry 未运行`,
    because: say`未找到 Registry 进程，它的地址上也没有任何响应${whose}。${stateOf(state)}${lastWordsOf(lastWords)}`,
    remedy:
      lastWords === null
        ? say`${start}；如果它再次退出，查看${LOGS}。然后重新诊断。`
        : say`${remedyOfEnd(severity, lastWords)}${severity === 'info' ? [] : say`然后${start}。`}`,
  };
}

function stateOf(state: FindingOf<'service-not-running'>['state']): Phrase {
  switch (state) {
    case 'failed':
      return say`服务管理器已放弃启动它（failed）。`;
    case 'stopped':
      return say`服务管理器显示它已被停止。`;
    case 'restarting':
      return say`服务管理器即将重新启动它。`;
    case 'running':
    case null:
      return [];
  }
}

function remedyOfEnd(severity: string, lastWords: Said | null): Phrase {
  if (severity === 'info') return say`由上述问题引起：修复后它就能保持运行。`;
  return lastWords === null
    ? say`查看${LOGS}：每次退出前的最后几行会说明原因。`
    : say`修复它最后一行日志中的错误。在此之前重启没有用。`;
}

function portTaken({ port, pid, command, said, key, line, variable }: FindingOf<'port-taken'>): FindingWords {
  const which = port === null ? say`它的端口` : say`端口 ${String(port)}`;
  const isDebug = key === 'http.debug.addr' || variable === 'REGISTRY_HTTP_DEBUG_ADDR';
  const what = isDebug ? say`Registry 的调试地址需要它` : say`Registry 需要它`;
  const holder =
    pid === null
      ? []
      : say`在那里监听的是${command === null ? say`一个进程` : say` ${quoted(command)}`}（pid ${String(pid)}）。`;
  const look = port === null ? code('ss -ltnp') : code(`ss -ltnp 'sport = :${port}'`);
  return {
    title: say`另一个进程占用${which}，而 ${what}`,
    because: say`Registry 无法在那里监听。${holder}${itSaid(said)}`,
    remedy: say`用 ${look} 检查它是什么。停止它，或给两者之一换一个端口：修改 ${settingOf({ key, line, variable })}。与存储的权限无关。`,
  };
}

function tokenCertificateMismatch(finding: FindingOf<'token-certificate-mismatch'>): FindingWords {
  const { certificatePath, signingKeyPath, said } = finding;
  const remedy = say`用同一个密钥对重新写入两者：先执行 ${code('gitlab-ctl reconfigure')}，再执行 ${code('gitlab-ctl restart registry')}。如果 GitLab 在另一台主机上运行，把它的证书复制到这台主机。`;
  if (signingKeyPath === null) {
    return {
      title: say`Registry 拒绝令牌：它不信任签发令牌的密钥`,
      because: say`它用 ${quoted(certificatePath)} 验证令牌。${itSaid(said)}从这里无法把它与签名密钥对比，而任何人都可能发来这样的令牌。`,
      remedy: say`如果登录失败，对比两者：${code(`openssl x509 -in ${certificatePath} -noout -pubkey`)} 的输出与签发令牌的公钥。${remedy}`,
    };
  }
  return {
    title: say`Registry 的令牌证书与 GitLab 的签名密钥不匹配`,
    because: say`${quoted(certificatePath)} 和 ${quoted(signingKeyPath)} 的公钥不同，所以每次登录都以 401 告终。${itSaid(said)}`,
    remedy,
  };
}

function clockSkew(finding: FindingOf<'clock-skew'>, { host }: FindingContext): FindingWords {
  const { aheadSeconds, synchronised, said } = finding;
  const kept = synchronised === false ? say`内核显示，没有任何服务在同步这个时钟。` : [];
  return {
    title: say`${host} 的时钟不准`,
    because: say`${skewOf(aheadSeconds, host)}${kept}${itSaid(said, 'Registry')}令牌带有时间，时钟相差超过一分钟就会被拒绝。`,
    remedy: say`把两个时钟都与准确的时间对比（${code('date -u')}），并确认不准的那台机器上 NTP 在运行（${code('timedatectl')}、${code('chronyc tracking')}）。时钟跳变之后，GitLab 和 Registry 可能需要重启。`,
  };
}

function skewOf(aheadSeconds: number | null, host: string): Phrase {
  if (aheadSeconds === null) return say`按这个时钟，Registry 收到的令牌来自未来。`;
  const amount = duration(Math.abs(aheadSeconds) * 1000);
  return say`它比 Registry Doctor 所在机器的时钟至少${aheadSeconds > 0 ? '快' : '慢'} ${amount}。从 ${host} 无法判断两者中哪一个不准。`;
}

function maintenanceMode({ refusedPushes }: FindingOf<'maintenance-mode'>): FindingWords {
  const refused = refusedPushes === 0 ? [] : say`它的日志中有 ${grouped(refusedPushes)} 次被拒绝的推送。`;
  return {
    title: say`Registry 处于只读维护模式`,
    because: say`它的配置中已打开 ${code('storage.maintenance.readonly')}：可以拉取，每次推送都返回 405。${refused}`,
    remedy: say`如果正在进行垃圾回收或迁移，等它结束。否则在 Registry 的配置中关闭它（Omnibus GitLab 在 ${code('/etc/gitlab/gitlab.rb')} 的 ${code("registry['storage']")} 中），并重启 Registry。`,
  };
}

function databaseUnreachable({ said, severity }: FindingOf<'database-unreachable'>): FindingWords {
  const still = severity === 'warning' ? say`它仍能响应 ${code('/v2/')}，后者不需要数据库。` : [];
  return {
    title: say`Registry 无法使用它的元数据数据库`,
    because: say`没有数据库，Registry 无法提供镜像，也无法启动。${itSaid(said)}${still}`,
    remedy: say`先检查数据库：${code('gitlab-ctl status postgresql')}，以及 Registry 配置中 ${code('database')} 下的主机和端口。如果有未执行的数据库迁移：${code('gitlab-ctl registry-database migrate up')}。与存储的权限无关。`,
  };
}

function lockFile({ said }: FindingOf<'lock-file'>): FindingWords {
  return {
    title: say`存储中的锁文件使 Registry 无法启动`,
    because: say`元数据是在数据库中还是在文件系统中，它的配置与 ${code('docker/registry/lockfiles')} 之下的锁文件不一致。${itSaid(said)}`,
    remedy: say`先查明两者中哪一个的元数据较新。然后相应地设置 ${code('database.enabled')}，或导入元数据。手动删除锁文件可能使镜像不可见。`,
  };
}

function redisUnreachable({ said }: FindingOf<'redis-unreachable'>): FindingWords {
  return {
    title: say`Registry 无法连接它的 redis`,
    because: say`它把 redis 用作缓存，没有 redis 也能工作，只是较慢。${itSaid(said)}`,
    remedy: say`检查 redis 是否在运行，以及是否在 Registry 配置中 ${code('redis')} 下的地址上监听（${code('gitlab-ctl status redis')}）。`,
  };
}

function objectStorageFailing({ driver, said }: FindingOf<'object-storage-failing'>): FindingWords {
  return {
    title: say`Registry 的对象存储出现故障`,
    because: say`它的存储驱动是 ${quoted(driver)}，所以与这台主机上的目录无关。${itSaid(said)}`,
    remedy: say`从这台主机检查该服务：它的地址、存储桶、Registry 配置中的凭据，以及这台主机的时钟（签名请求依赖时钟）。`,
  };
}
