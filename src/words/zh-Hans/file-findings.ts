import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { PathRole } from '../../model/host/used-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { stepCommand } from '../step-command.ts';
import { lacking } from './access.ts';
import { identity, subjectAtStart } from './finding-words.ts';
import { listOf } from './list.ts';

type Unusable = FindingOf<'file-unusable'>;

/** Words for a file that the registry, or the GitLab beside it, can't use. */
export const FILE_WORDS = {
  'file-unusable': { headline: 'Registry 无法使用它需要的一个文件', words: fileUnusable },
} satisfies Partial<WordsById>;

function fileUnusable(finding: Unusable, context: FindingContext): FindingWords {
  return {
    title: say`${user(finding, context)} 无法${USES[finding.role](path(finding.path))}`,
    because: say`${causeWords(finding, context)}${consequence(finding)}${namedBy(finding)}`,
    remedy: remedyWords(finding, context),
  };
}

const USES: Readonly<Record<PathRole, (of: Run) => Phrase>> = {
  storage: (of) => say`使用存储目录 ${of}`,
  config: (of) => say`读取它的配置文件 ${of}`,
  htpasswd: (of) => say`读取 htpasswd 文件 ${of}`,
  'tls-certificate': (of) => say`读取 TLS 证书 ${of}`,
  'tls-key': (of) => say`读取 TLS 私钥 ${of}`,
  'tls-client-ca': (of) => say`读取 TLS 客户端的 CA 证书 ${of}`,
  'acme-cache': (of) => say`写入 Let’s Encrypt 缓存 ${of}`,
  'token-certificate': (of) => say`读取令牌证书 ${of}`,
  'token-key': (of) => say`读取签发令牌的私钥 ${of}`,
  'socket-directory': (of) => say`在 ${of} 中创建套接字`,
  'log-directory': (of) => say`把日志写入 ${of}`,
  'named-in-log': (of) => say`使用文件 ${of}`,
};

function user({ usedBy }: Unusable, { service }: FindingContext): Phrase {
  return usedBy === null ? subjectAtStart(service) : say`用户 ${quoted(usedBy)}`;
}

function causeWords(finding: Unusable, context: FindingContext): Phrase {
  const at = path(finding.blockedAt);
  switch (finding.cause) {
    case 'directory-closed':
      return say`拦住路径的是目录 ${at}${permissions(finding)}：${whyDenied(finding)}。${others(finding)}`;
    case 'no-permission':
      return say`${whoOf(finding, context)}无权访问 ${at}${permissions(finding)}：${whyDenied(finding)}。`;
    case 'missing':
      return say`${at} 不存在。`;
    case 'cannot-be-made':
      return say`该文件不存在，${whoOf(finding, context)}也无法创建：它没有 ${at} 的写权限。`;
    case 'is-a-directory':
      return finding.holdsOthers
        ? say`${at} 是目录。`
        : say`${at} 是目录。绑定挂载（bind mount）的源不存在时，Docker 会在那里创建目录。`;
    case 'not-a-directory':
      return say`${at} 不是目录，所以路径到此为止。`;
    case 'symlink-loop':
      return say`路径经过的符号链接超过 40 个，Linux 在 ${at} 处放弃。`;
    case 'read-only':
      return say`${at} 所在的文件系统以只读方式挂载。`;
    case 'immutable':
      return say`${at} 有不可变（immutable）属性。`;
    case 'append-only':
      return say`${at} 有仅追加（append-only）属性，其中的内容都无法修改。`;
    case 'nosymfollow':
      return say`Linux 不跟随符号链接 ${at}：它所在的文件系统以 ${code('nosymfollow')} 选项挂载。`;
    case 'protected-symlink':
      return say`Linux 不跟随符号链接 ${at}（${code('fs.protected_symlinks')}）：它在一个所有人可写、带粘滞位（sticky）的目录中，且属于另一个账号。`;
  }
}

/** It ends without a space before the Chinese that follows. */
function whoOf({ usedBy }: Unusable, { service }: FindingContext): Phrase {
  return usedBy === null ? identity(service) : say`${quoted(usedBy)} `;
}

function permissions({ mode, owner, group }: Unusable): Phrase {
  return mode === null ? [] : say`（${code(`${mode} ${owner}:${group}`)}）`;
}

function whyDenied({ decidedBy, group, lacking: letters }: Unusable): string {
  return decidedBy === null ? '没有权限' : lacking(decidedBy, group, letters.join(''));
}

function others({ alsoBlockedAt }: Unusable): Phrase {
  if (alsoBlockedAt.length === 0) return [];
  return say`同样拦住它的还有：${listOf(alsoBlockedAt.slice(0, 3).map((one) => [path(one)]))}。`;
}

function consequence({ role, cause, running }: Unusable): string {
  if (role === 'htpasswd' && cause === 'is-a-directory') return 'Registry 可以启动，但每次登录都会失败。';
  if (role === 'token-key') return '没有它，GitLab 无法签发令牌，每次登录和推送都会失败。';
  if (!running) return '没有它，Registry 无法启动。';
  if (role === 'htpasswd') return '该文件变化时 Registry 会重新读取，没有它就无法启动。';
  return '运行中的 Registry 使用的是启动时读到的内容。它将无法再次启动。';
}

function namedBy({ key, role }: Unusable): Phrase {
  if (role === 'named-in-log') return say`Registry 的最后一行日志提到该路径。`;
  if (key === null) return [];
  return key.startsWith('REGISTRY_')
    ? say`该路径由环境变量 ${code(key)} 指定。`
    : say`该路径由配置项 ${code(key)} 指定。`;
}

function remedyWords(finding: Unusable, context: FindingContext): Phrase {
  const steps = (context.plan?.steps ?? []).filter(
    (step) => step.path === finding.blockedAt || finding.alsoBlockedAt.includes(step.path),
  );
  if (steps.length > 0) {
    const commands = listOf(steps.map((step) => [code(stepCommand(step))]));
    return say`只补上缺少的权限：${commands}。下面的方案会在获批后执行。`;
  }
  switch (finding.cause) {
    case 'missing':
      return say`把文件放回原处，可从备份恢复，或从它的来源取得。对此我不提出方案。`;
    case 'is-a-directory':
      return placeOfFile(finding);
    case 'not-a-directory':
    case 'symlink-loop':
      return say`检查 ${path(finding.blockedAt)} 是什么，以及配置应当指向哪里。对此我不提出方案。`;
    case 'read-only':
      return say`查明它为什么只读（${code('journalctl -k')}），再以可写方式重新挂载。`;
    case 'immutable':
      return say`这是有人特意设置的：查明原因，再用 ${code(`chattr -i ${shellQuote(finding.blockedAt)}`)} 去掉它。`;
    case 'append-only':
      return say`这是有人特意设置的：查明原因，再用 ${code(`chattr -a ${shellQuote(finding.blockedAt)}`)} 去掉它。`;
    case 'nosymfollow':
    case 'protected-symlink':
      return say`在配置中填写该符号链接所指的路径。对此我不提出方案。`;
    case 'cannot-be-made':
      return say`请自行创建该文件，只对 ${whoOf(finding, context)}可读。对此我不提出方案。`;
    default:
      return byHand(finding, context);
  }
}

/** Where a file goes whose path is a directory. Only an empty one can be removed. */
function placeOfFile({ holdsOthers, key, blockedAt }: Unusable): Phrase {
  if (!holdsOthers)
    return say`如果该目录为空，将其删除（${code(`rmdir ${shellQuote(blockedAt)}`)}），把文件放到该位置，再启动 Registry。`;
  return key === null
    ? say`请保留该目录，其中还有其他文件。把一个文件的路径写入配置，再重启 Registry。`
    : say`请保留该目录，其中还有其他文件。把一个文件的路径写入 ${code(key)}，再重启 Registry。`;
}

/** The exact owner and mode, where no plan is made. */
function byHand(finding: Unusable, { service }: FindingContext): Phrase {
  const target = shellQuote(finding.blockedAt);
  const name = finding.usedBy ?? service?.user ?? 'USER';
  const group = finding.usedBy ?? service?.gid ?? 'GROUP';
  const why = NO_PLAN[finding.noChmod ?? 'other'] ?? NO_PLAN.other;
  if (finding.cause === 'directory-closed') {
    return say`${why}只让 ${quoted(String(name))} 穿过：${code(`setfacl -m u:${name}:--x ${target}`)}。`;
  }
  if (finding.role === 'socket-directory' || finding.role === 'log-directory' || finding.role === 'acme-cache') {
    return say`${why}把它的属主改为要写入的账号：${code(`chown ${name} ${target}`)}。`;
  }
  const secret = finding.secret ? '它是机密文件：绝不要让所有人可读。' : '';
  return say`${why}让服务的组可读：${code(`chgrp ${group} ${target} && chmod 0640 ${target}`)}，或只让该账号可读：${code(`setfacl -m u:${name}:r-- ${target}`)}。${secret}`;
}

const NO_PLAN: Readonly<Partial<Record<string, string>>> & { readonly other: string } = {
  'protected-path': '它在操作系统的目录中，我从不修改这类目录。',
  'readonly-mount': '它所在的文件系统以只读方式挂载，现在无法在那里做任何修改。',
  attribute: '它的不可变（immutable）或仅追加（append-only）属性禁止一切修改；查明是谁设置的、为什么。',
  'not-on-host': '只有 Registry 的容器能看到它，所以请在镜像或卷中修复。',
  'modes-not-kept': '它所在的文件系统不保存权限：请修改挂载选项。',
  other: '对此我不提出方案。',
};
