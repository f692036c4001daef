import type { AboutCode, BareCode, BecauseCode, Reason } from '../../model/reason.ts';
import { path, quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { type Phrase, say } from '../phrase.ts';
import { listOf } from './list.ts';

/** Why something is not known, as a clause: it can stand behind a colon, in brackets or at the start of a sentence. */
export function reasonClause(reason: Reason): Phrase {
  if ('use' in reason) return say`${TRIED[reason.code](USES[reason.use])}（${reasonClause(reason.because)}）`;
  if ('because' in reason) return say`${BECAUSE[reason.code]}（${reasonClause(reason.because)}）`;
  if ('detail' in reason) return ABOUT[reason.code](reason.detail);
  return aloneOrWithValues(reason);
}

function aloneOrWithValues(reason: Exclude<Reason, { because: Reason } | { detail: string }>): Phrase {
  switch (reason.code) {
    case 'server-decides':
      return say`${mounted(reason)}由文件服务器判断访问权限，权限位不起决定作用`;
    case 'fuse-decides':
      return say`${mounted(reason)}由 FUSE 守护进程判断访问权限，权限位不起决定作用`;
    case 'modes-made-up':
      return say`${mounted(reason)}的权限位由挂载选项决定`;
    case 'owners-shifted':
      return say`${path(reason.mountPoint)} 的挂载会映射属主`;
    case 'module-confines':
      return confined(reason);
    case 'fstab-source-unsure':
      return say`/etc/fstab 中的 ${quoted(reason.source)} 是否就是挂载在 ${path(reason.path)} 的内容`;
    case 'maker-unsure':
      return say`${MAKERS[reason.maker]}下次启动时是否会挂载 ${path(reason.path)}`;
    case 'host-said':
      return [quoted(reason.said)];
    default:
      return say`${ALONE[reason.code]}`;
  }
}

function mounted({ filesystem, mountPoint }: Extract<Reason, { filesystem: string }>): Phrase {
  return say`${path(mountPoint)} 上的 ${quoted(filesystem)} `;
}

function confined({ module, label }: Extract<Reason, { code: 'module-confines' }>): Phrase {
  return label === null
    ? say`进程受${MODULES[module]}限制`
    : say`进程受${MODULES[module]}限制，标签是 ${quoted(label)}`;
}

/** With the spaces that Latin letters have beside Chinese. */
const MODULES = { selinux: ' SELinux ', apparmor: ' AppArmor ', other: '安全模块' } as const;
const MAKERS = {
  zfs: 'ZFS（按自己的属性挂载）',
  autofs: 'autofs ',
  container: '启动这个容器的程序',
} as const;

const USES = { stat: '访问', list: '列出', create: '创建文件' } as const;
const TRIED = {
  'use-not-tried': (use: string) => `未以服务的身份实测能否${use}`,
  'use-failed': (use: string) => `以服务的身份实测能否${use}时出错`,
} as const;

/** What stands before the reason behind it. */
const BECAUSE: Readonly<Record<BecauseCode, string>> = {
  'config-unread': '无法读取 Registry 的配置文件',
  'process-unknown': 'Registry 的进程未知',
  'account-unknown': 'Registry 的账号未知',
  'try-failed': '以服务的身份实测时出错',
  'nothing-tried': '无法以服务的身份做任何实测',
  'acl-unread': '无法读取它的 ACL',
  'link-protection-unread': '未读到 fs.protected_symlinks 是否启用',
  'fstab-unread': '/etc/fstab 的内容',
  'resets-unread': 'tmpfiles.d、cron 和 systemd 单元会重新设置哪些内容',
  'foreign-entries-untried': '其下有条目属于其他账号，而那里未做任何实测',
};

const ABOUT: Readonly<Record<AboutCode, (detail: string) => Phrase>> = {
  'not-permitted-at': (place) => say`对 ${quoted(place)} 没有权限`,
  'missing-on-host': (name) => say`这台主机上没有 ${quoted(name)}`,
  'login-not-root': (user) => say`没有权限，因为登录用户 ${quoted(user)} 不是 root`,
  'log-is-link': (file) => say`${quoted(file)} 是符号链接`,
  'journal-empty': (units) => say`journal 中没有 ${quoted(units)} 的记录`,
  'no-answer': (seconds) => say`${number(seconds)} 秒内没有响应`,
  'asked-in-vain': (tool) => say`用 ${quoted(tool)} 未得到响应`,
  'tools-failed': (tools) => say`用 ${quoted(tools)} 无法发出请求`,
  'status-for-list': (status) => say`查询列表时 Registry 返回 ${number(status)}`,
  'several-with-config': (found) => say`有 ${number(found)} 个 Registry 进程使用这份配置`,
  'several-in-containers': (found) => say`有 ${number(found)} 个 Registry 进程在容器中运行，各有一个这个名称的配置文件`,
  'several-unnamed': (found) => say`有 ${number(found)} 个 Registry 进程在运行，都未指明这份配置`,
  'none-with-config': (found) => {
    const [many = '', ...files] = found.split(' ');
    const used = files.length === 0 ? [] : say`，使用的是 ${listOf(files.map((file) => [quoted(file)]))}`;
    return say`有 ${number(many)} 个 Registry 进程在运行，但都不使用这份配置${used}`;
  },
  'way-too-long': (most) => say`路径超过 ${number(most)} 级`,
  'link-not-followed': (link) => say`存储根目录中的 ${quoted(link)} 是进程自己的目录树中的符号链接，未跟随它`,
  'too-many-resets': (most) => say`涉及存储路径上目录的配置超过 ${number(most)} 行`,
  'part-not-tried': (part) => say`${quoted(part)} 之后的内容未实测`,
  'path-not-tried': (used) => say`未以使用它的账号实测 ${quoted(used)}`,
  'unit-of-mount-unknown': (place) => say`启动时是否有 systemd 单元挂载 ${quoted(place)}`,
  'start-of-unit-unknown': (unit) => say`启动时是否有机制启动 ${quoted(unit)}`,
};

/** What a host sends is a number only if it looks like one. */
function number(text: string): Phrase {
  return /^\d{1,9}$/.test(text) ? say`${grouped(Number(text))}` : [quoted(text)];
}

const ALONE: Readonly<Record<BareCode, string>> = {
  'not-permitted': '没有权限',
  'not-there': '它不存在',
  'not-a-directory': '它不是目录',
  'is-a-directory': '它是目录',
  'not-a-regular-file': '它不是普通文件',
  'too-many-links': '符号链接的层数过多',
  'read-only-filesystem': '它所在的文件系统是只读的',
  'stale-handle': '文件句柄已失效（“stale file handle”）',
  unreadable: '无法读取',
  'path-unreadable': '无法读取它的路径',
  'cut-short': '未能读到末尾',
  'changed-meanwhile': '检查期间它有变化',
  'target-unread': '未读取它指向的目标',
  'path-too-long': '它指向的路径超过长度上限',
  'link-in-own-tree': '它是进程自己的目录树中的符号链接',
  'not-opened': '检查程序无法打开它',
  'root-unopened': '无法打开它的根目录',
  'mounts-unreadable': '无法读取挂载表',
  'no-reason': '主机未说明原因',
  'not-told': '主机未提供这项信息',
  'not-understood': '主机返回的内容无法解析',
  'systemd-silent': 'systemd 未提供这项信息',
  'systemctl-silent': 'systemctl 没有响应',
  'clock-not-told': '主机未提供时钟和时区',
  'not-asked': '未查询',
  'not-asked-of-links': '只查询目录和文件',
  'not-asked-below': '存储根目录之下不查询',
  'not-looked-at': '检查程序未检查它',
  'not-used-so': '它不以这种方式使用',
  'asked-inside-only': '只在存储内查询',
  'not-known': '未知',
  'clock-incomparable': '主机无法把自己的时钟与机器人的时钟对比',
  'boot-time-unknown': '启动时间未知',
  'connection-refused': '连接被拒绝',
  'empty-answer': '响应为空',
  'not-http': '响应不是 HTTP',
  'tls-failed': 'TLS 握手失败',
  'certificate-untrusted': '主机不信任它的 TLS 证书',
  'hung-up-over-tls': '它在 TLS 连接中挂断：可能要求客户端提供证书',
  'answer-hidden': 'wget 不显示这种响应',
  'name-unresolved': '地址中的域名无法解析',
  'loopback-address': '该地址指向机器人自己所在的机器',
  'token-wanted': 'Registry 要求提供令牌',
  'list-unreadable': '响应中没有能解析的列表',
  'address-unknown': 'Registry 的地址未知',
  'address-unreadable': '配置中的地址无法解析',
  'config-without-address': 'Registry 的配置中没有地址',
  'on-unix-socket': 'Registry 在 Unix 套接字上监听',
  'tls-without-url': 'Registry 使用 TLS，而设置中没有 url',
  'own-network-without-nsenter': 'Registry 有自己的网络，而这台主机上没有 nsenter',
  'own-network-not-permitted': 'Registry 有自己的网络，没有权限进入',
  'no-address-to-ask': '没有可以访问 Registry 的地址',
  'no-tool-to-ask': '这台主机上没有 curl、wget 或 bash',
  'config-missing': '预期的位置没有 Registry 的配置文件',
  'config-too-large': '它超过 64 KiB',
  'config-not-read': '未读取配置文件',
  'not-utf8': '它不是 UTF-8',
  'not-yaml': '它不是有效的 YAML',
  'not-a-registry-config': '它不是 Registry 的配置',
  'no-single-driver': '其中的存储驱动不是正好一个',
  'storage-overridden': '其进程的环境变量中有整个 storage 部分，其中可能有密钥，所以不读取',
  'root-not-absolute': '配置中的根目录不是绝对路径',
  'no-directory-named': 'Registry 的配置中没有目录',
  'own-processes-only': '没有权限，/proc 中只能看到自己的进程',
  'processes-unlisted': '无法列出进程',
  'ended-meanwhile': '检查期间它已退出',
  'registry-ended': '检查期间 Registry 的进程已退出',
  'registry-without-process': '有 Registry 响应，但未找到它的进程',
  'neither-process-nor-account': '没有 Registry 进程在运行，它的账号也不存在',
  'identity-not-known': '应以谁的权限为准，未知',
  'no-service-manager': '这台主机上没有我认识的服务管理器',
  'not-supervised': '这里的 runit 未管理 Registry',
  'no-unit-known': '没有我认识的 systemd 单元运行 Registry',
  'signer-unknown': '这台主机上由谁签发令牌，未知',
  'not-a-certificate': '它不是证书',
  'not-a-private-key': '它不是私钥',
  'key-unreadable': '无法读取其中的密钥',
  'date-unreadable': '无法读取其中的日期',
  'not-tried': '未实测',
  'not-tried-after-change': '修改之后未实测',
  'not-tried-as-service': '未以服务的身份做任何实测',
  'tried-as-other': '实测所用的身份与服务的身份不同',
  'identity-not-exact': '无法完全以服务的身份运行',
  'no-identity': '没有可用于实测的身份',
  'not-root': '没有权限，因为执行检查的登录用户不是 root',
  'setpriv-without-reuid': '这台主机上的 setpriv 无法以其他用户身份实测（util-linux 的可以）',
  'setpriv-too-old': '这台主机上的 setpriv 无法隔离实测（util-linux 2.31 起可以）',
  'ids-not-mapped': '它的 uid 和 gid 在其用户命名空间中未全部映射',
  'no-physical-path': '它的符号链接所指的位置没有对应的物理路径',
  'find-asks-no-kernel': '这台主机的 find 不向内核查询',
  'shell-asks-no-kernel': '这台主机的 shell 不向内核查询',
  'capabilities-not-triable': '服务的 capability 在这里无法实测',
  contradiction: '按权限判断的结果与内核实测的结果不一致',
  'mount-namespace-unread': '无法读取 Registry 的进程看到的挂载是否相同',
  'capabilities-count-less': '进程有自己的用户命名空间，其中 capability 只对已映射的属主有效',
  'acls-without-getfacl': '有 ACL，但这台主机上没有 getfacl',
  'acls-incomplete': 'getfacl 未返回全部目录的结果',
  'attributes-unread': 'lsattr 无法读取它',
  'own-mounts': 'Registry 有自己的挂载，主机上没有文件列出它们',
  'no-mount-table': '没有挂载表',
  'fstab-line-too-long': '有一行超过 4096 字节',
  'fstab-too-long': '超过 1024 行',
  'no-storage-root': '没有可供检查的存储根目录',
  'root-leads-nowhere': '通往存储根目录的路径已断开',
  'docker-leads-nowhere': '存储根目录中的 docker 是符号链接，不指向任何目录',
  'docker-not-a-directory': '存储根目录中的 docker 不是目录',
  'nothing-to-look-into': '没有可供检查的内容',
  'contents-not-in-time': '未能及时列出存储根目录之下的任何内容',
  'tags-not-in-time': '未能及时检查标签所指的内容',
  'write-places-not-in-time': '时间不够，未检查 Registry 写入的每个目录',
  'not-tried-in-time': '时间不够，未实测',
  'out-of-reach': '服务无权进入那里',
  'parts-not-looked-at': '存储在符号链接或挂载之后的部分未全部检查',
  'pull-through-cache': 'Registry 是拉取缓存（pull-through cache），缺少的内容会重新获取',
  'no-log-found': '未找到 Registry 的日志',
  'only-failures-logged': 'Registry 的日志只记录失败的请求',
  'nothing-tells-of-clock': '这台主机上没有任何信息说明这一点',
};
