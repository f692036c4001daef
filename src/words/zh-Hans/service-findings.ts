import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import { otherConfigs } from '../../model/reason.ts';
import { type FindingContext, type FindingWords, silenceOf, type WordsById } from '../finding-words.ts';
import { path, plain, quoted } from '../from-host.ts';
import { code, type Phrase, say, separated, withCode } from '../phrase.ts';
import { guardReason } from './guard-reasons.ts';
import { listOf } from './list.ts';
import { planAdvice } from './plan-advice.ts';
import { reasonClause } from './reasons.ts';

/** Words for what is wrong with the registry's service, or could not be learned of it. */
export const SERVICE_WORDS = {
  'identity-unknown': { headline: '不知道 Registry 以哪个用户运行', words: identityUnknown },
  'unexpected-service-user': { headline: null, words: unexpectedServiceUser },
  'foreign-registry-process': { headline: null, words: foreignRegistryProcess },
  'storage-root-unknown': {
    headline: ({ lacksOmnibus, why }) => {
      if (lacksOmnibus) return '主机上没有安装 GitLab Omnibus';
      return otherConfigs(why) === null ? '不知道 Registry 把镜像存放在哪里' : '不知道指的是哪个 Registry';
    },
    words: storageRootUnknown,
  },
  'no-plan-can-run': { headline: null, words: noPlanCanRun },
  'storage-not-on-disk': { headline: null, words: storageNotOnDisk },
  'health-check-off': { headline: null, words: () => HEALTH_CHECK_OFF },
  'registry-unwell': { headline: 'Registry 报告自身异常', words: registryUnwell },
  'registry-not-answering': {
    headline: ({ asked }) => (asked ? 'Registry 没有响应' : '无法向 Registry 发出请求'),
    words: registryNotAnswering,
  },
} satisfies Partial<WordsById>;

function identityUnknown({ why }: FindingOf<'identity-unknown'>, { host }: FindingContext): FindingWords {
  const configs = otherConfigs(why);
  return {
    title: say`Registry 以哪个用户运行，未知`,
    because: say`${reasonClause(why)}。用户数据库中的账号不能证明什么：进程可能有别的组。`,
    remedy:
      configs !== null
        ? whichConfig(configs, host)
        : say`如果 Registry 未运行，启动它。如果它在容器中运行，或用的是别的名称，在 Registry Doctor 的配置中设置 ${code('registry.serviceUser')}。${why.code === 'neither-process-nor-account' ? [] : say`为 ${host} 上的登录用户配置 sudo，我就能看到所有进程。`}`,
  };
}

function unexpectedServiceUser(finding: FindingOf<'unexpected-service-user'>): FindingWords {
  const { pid, user, uid, account, accountUid } = finding;
  return {
    title: say`Registry 以用户 ${quoted(user)} 运行，而预期是 ${quoted(account)}`,
    because: say`它的进程（pid ${pid}）的 uid 是 ${uid}，账号 ${quoted(account)} 的 uid 是 ${accountUid}。我检查的是这个进程，不为它提出方案。`,
    remedy: say`确认它是为用户提供服务的 Registry（${code(`ps -o pid,user,lstart,args -p ${pid}`)}），还是有人用同一份配置启动的另一个副本。如果 ${quoted(user)} 是对的，在 Registry Doctor 的配置中设置 ${code('registry.serviceUser')}。`,
  };
}

function foreignRegistryProcess({ pid, user, uid, account }: FindingOf<'foreign-registry-process'>): FindingWords {
  return {
    title: say`用户 ${quoted(user)} 运行着一个看起来像 Registry 的进程，已忽略它`,
    because: say`进程 ${pid} 有 Registry 的名称和配置，但 uid 是 ${uid}：既不是 root，也不是 ${quoted(account)}。它提供的任何信息在这里都不采信。`,
    remedy: say`检查它是什么（${code(`ps -o pid,user,lstart,args -p ${pid}`)}）。如果你的 Registry 以 ${quoted(user)} 运行，在 Registry Doctor 的配置中设置 ${code('registry.serviceUser')}，然后重新诊断。否则按可疑进程处理。`,
  };
}

function storageRootUnknown(
  { why, config, lacksOmnibus }: FindingOf<'storage-root-unknown'>,
  { host }: FindingContext,
): FindingWords {
  if (lacksOmnibus) return wrongLayout(host);
  const looked = config === null ? [] : say`查找的文件：${path(config)}。`;
  const configs = otherConfigs(why);
  if (configs !== null) {
    return {
      title: say`指的是 ${host} 上的哪个 Registry，未知`,
      because: say`${reasonClause(why)}。${looked}`,
      remedy: whichConfig(configs, host),
    };
  }
  const notOmnibus = why.code === 'config-missing' && config?.startsWith('/var/opt/gitlab/');
  return {
    title: say`Registry 把文件存放在哪里，未知`,
    because: say`${reasonClause(why)}。${looked}因此没有路径可供检查。`,
    remedy: say`${notOmnibus ? say`不是 GitLab Omnibus？请设置 ${code('layout: distribution')}。` : []}检查 Registry Doctor 配置中的 ${code('registry.config')}${why.code === 'config-missing' ? say`，它应当指向 Registry 自己的配置文件。` : say`，并让 ${host} 上的登录用户能读取该文件：${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容。`}`,
  };
}

/** Asks which registry is meant, with the line of the config for each. */
function whichConfig(configs: readonly string[], host: string): Phrase {
  const lines = configs.length === 0 ? ['config: FILE'] : configs.map((file) => `config: ${plain(file)}`);
  return say`指的是哪一个？请在 Registry Doctor 配置的 ${code(`hosts.${host}.registry`)} 下设置 ${listOf(
    lines.map((line) => [code(line)]),
    'or',
  )}。然后重新诊断。`;
}

function wrongLayout(host: string): FindingWords {
  return {
    title: say`${host} 上没有 Registry Doctor 的配置所要求的 GitLab Omnibus`,
    because: say`${code('/var/opt/gitlab')} 不存在，所以查找 Registry 的位置不对。`,
    remedy: say`在 Registry Doctor 的配置中为 ${host} 设置 ${code('registry: { layout: distribution }')}，然后重新诊断。`,
  };
}

function noPlanCanRun({ why }: FindingOf<'no-plan-can-run'>, { host }: FindingContext): FindingWords {
  return {
    title: say`${host} 上无法运行任何方案`,
    because: say`${guardReason(why)}。`,
    remedy: withCode(`${planAdvice(why, host)}。然后重新诊断。`),
  };
}

function storageNotOnDisk({ driver }: FindingOf<'storage-not-on-disk'>): FindingWords {
  return {
    title: say`Registry 把文件存放在别处，不在这台主机的目录中`,
    because: say`它的存储驱动是 ${quoted(driver)}：没有路径可供检查。`,
    remedy: say`用该存储自己的工具检查。我从这里只能向 Registry 发出请求。`,
  };
}

const HEALTH_CHECK_OFF: FindingWords = {
  title: say`Registry 的存储健康检查已关闭`,
  because: say`没有它，即使 Registry 无法访问存储目录，${code('/v2/')} 也返回 200：可以登录，但每次推送都会失败。`,
  remedy: say`存储恢复正常后重新打开它：Omnibus GitLab 设置 ${code("registry['health_storagedriver_enabled'] = true")}，其他环境在 Registry 的配置中设置 ${code('health.storagedriver.enabled: true')}。然后重启 Registry。`,
};

function registryUnwell({ v2, health, severity }: FindingOf<'registry-unwell'>): FindingWords {
  const answers = separated([...answerTo('/v2/', v2), ...answerTo('/debug/health', health)], '，');
  return {
    title: say`Registry 报告自身异常`,
    because: say`${answers}。`,
    remedy:
      severity === 'info'
        ? say`由上述问题引起。修复后，Registry 会在下一次健康检查时自行恢复，无需重启。`
        : say`我检查过的权限都无法解释这一点。查看上面 Registry 的响应和它日志的末尾，然后重新诊断。`,
  };
}

const MAX_BODY = 300;

function answerTo(place: string, answer: HttpAnswer | null): Phrase[] {
  if (answer === null) return [];
  const body = plain(answer.body.trim());
  const shown = body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body;
  return [say`${code(place)} 返回 ${answer.status}${shown === '' ? [] : say`（${code(shown)}）`}`];
}

function registryNotAnswering(finding: FindingOf<'registry-not-answering'>): FindingWords {
  const { why, page, severity } = finding;
  const { title, remedy } = NO_ANSWER[silenceOf(finding)];
  const where = page === null ? [] : say`${code(page)}：`;
  const because = say`${where}${reasonClause(why)}。`;
  return { title, because, remedy: severity === 'info' ? say`由上述问题引起。` : remedy };
}

const URLS = say`（配置中的 ${code('registry.url')}、${code('registry.debugUrl')}）`;

const NO_ANSWER = {
  silent: {
    title: say`Registry 没有响应`,
    remedy: say`检查它的进程是否卡住，以及是否在配置的地址上监听。日志末尾有更多信息。`,
  },
  unreadable: {
    title: say`无法解读 Registry 的响应`,
    remedy: say`该地址有响应，但不像是这个 Registry 的。检查地址以及 http 或 https 是否正确${URLS}，并查看是哪个程序在监听（在主机上执行 ${code('ss -ltnp')}）。`,
  },
  'not-asked': {
    title: say`无法向 Registry 发出请求`,
    remedy: say`因此它是否正常，未知。检查主机上是否有 curl 或 wget，以及地址是否正确${URLS}。`,
  },
} as const;
