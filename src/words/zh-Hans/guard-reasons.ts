import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { Reason } from '../../model/reason.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { visibleText } from '../visible-text.ts';
import { reasonClause } from './reasons.ts';

/** Why a host's guard refused a plan, or what kept the plan from being applied, as a clause without a full stop. */
export function guardReason(reason: GuardReason): string {
  return visibleText(clause(reason));
}

const say = (clause: string) => () => clause;
const reason = (because: Reason) => plainText(reasonClause(because));

const KINDS = { directory: '目录', file: '文件' } as const;

const clause = sentences<GuardReason>({
  // The request and the plan, as they are written.
  'request-too-long': say('请求过长'),
  'request-foreign-byte': say('请求中有不应出现的字节'),
  'request-malformed': say('请求的格式不是主机上的 guard 所接受的格式'),
  'unknown-act': say('主机上的 guard 不认识这个操作'),
  'plan-malformed': say('方案的格式不是主机上的 guard 所接受的格式'),
  'not-called-by-path': say('必须用完整路径调用 guard'),
  // Who stands for it, for which host and until when.
  'not-signed': say('方案未签名'),
  'unknown-signer': say('为方案签名的密钥不在该主机认可的密钥之中'),
  'approval-missing': say('方案是高风险方案，而没有审批人为它签名'),
  'unknown-approver': say('审批人签名所用的密钥不在该主机认可的密钥之中'),
  'no-ssh-keygen': say('该主机上没有 ssh-keygen'),
  'scope-missing': say('方案未写明用于哪台主机、哪次启动以及有效期'),
  'other-host': say('方案是为另一台主机生成的'),
  'host-restarted': say('方案生成后主机重启过'),
  'time-is-up': say('方案的有效期已过'),
  'risk-understated': say('方案标明风险为低，实际并非如此'),
  // What is refused whatever the plan says.
  'step-count': say('一个方案必须有 1 到 64 个步骤'),
  'two-steps-for-one': ({ what }) => `方案对同一个${KINDS[what]}有两个步骤`,
  'path-not-absolute': say('有路径不是绝对路径'),
  'path-not-physical': say('有路径不是物理路径'),
  'path-over-link': say('有路径经过符号链接'),
  'protected-directory': say('这是受保护的系统目录'),
  'protected-storage': say('Registry 的存储目录是受保护的系统目录'),
  'protected-use': say('服务所使用的是受保护的系统目录'),
  'step-contradicts-itself': say('有步骤自相矛盾'),
  'unknown-action': say('有步骤既不是 chmod、chown，也不是 setfacl'),
  'world-writable': say('会变成所有人可写'),
  'not-a-mode': say('有步骤要设置的值不是权限位'),
  'special-bits': say('绝不修改 setuid、setgid 和 sticky 位'),
  'not-an-owner': say('有步骤要设置的值不是属主'),
  'foreign-owner': say('属主会变成服务以外的账号'),
  'foreign-group': say('属组会变成不属于该服务的组'),
  'not-a-directory': say('有路径不是目录'),
  'not-a-file': say('有路径不是普通文件'),
  'unrelated-path': say('有路径既不在存储目录之上，也不在其下'),
  'passed-directory': say('服务只需穿过的目录会归它所有，或会变成更多账号可写'),
  'directory-beside-storage': say('有目录与存储目录并列，不在其 docker 目录中'),
  // What the host permits, and whom it trusts.
  'storage-not-permitted': ({ path }) => `${path} 中没有这个存储目录与该账号及其各组的组合`,
  'file-not-permitted': ({ list, account, path }) =>
    `${list} 中没有这个文件。如果服务需要它，请添加这一行：${account ?? 'ACCOUNT'} file ${path}`,
  'file-not-public': ({ path }) => `有文件会变成所有人可读，而它不是 ${path} 中的 public-file`,
  'open-link': ({ path }) => `root 以外的账号可以改变 ${path} 的指向`,
  'open-directory': ({ path }) => `root 以外的账号可以改动 ${path} 中的内容`,
  'untrusted-file': ({ path }) => `${path} 不存在，或 root 以外的账号可以修改它`,
  'link-of-service': ({ path }) =>
    `通往 ${path} 的路径经过一个可能由服务自己创建的符号链接。如果它是正确的，请把它交给 root：chown -h root`,
  'changed-just-now': ({ path }) => `通往 ${path} 的路径上有目录刚刚变化，而服务可以写入该处。请重新诊断`,
  // ACLs.
  'no-acl-tools': say('该主机上没有 getfacl 和 setfacl'),
  'not-an-acl': say('有步骤要设置的值不是 ACL'),
  'acl-entry-added': say('ACL 会多出服务以外的账号的条目'),
  'acl-entry-removed': say('ACL 会失去一个条目'),
  'acl-entries-wake': say('内核现在忽略的 ACL 条目会开始起作用'),
  'acl-entries-sleep': say('现在起作用的 ACL 条目会被内核忽略'),
  'others-lose': say('服务以外的账号会失去访问权限'),
  'others-gain': say('服务以外的账号会得到访问权限'),
  // Single files.
  'file-owner': say('绝不修改文件的属主'),
  'file-rights-lost': say('会有人失去对文件的访问权限'),
  'file-rights-gained': say('有文件会得到读取以外的权限'),
  'file-special-bits': say('有文件带有 setuid、setgid 或 sticky 位'),
  'file-many-names': say('有文件不止一个名称（硬链接）'),
  'file-hardlinks-unprotected': say('该主机未启用 fs.protected_hardlinks，因此文件可能是别处某个文件的硬链接'),
  'file-not-named': say('方案未写明某个文件由服务使用'),
  'secret-opened': say('有文件会变成所有人可读，而它是机密文件'),
  'file-acl-mask': say('有带 ACL 的文件会变成可由其掩码（mask）原本排除的账号读取'),
  'file-foreign-group': say('有文件会变成可由不属于该服务的组读取'),
  // Whole trees.
  'tree-entry-count': say('目录树必须有 1 到 20,000 个条目'),
  'tree-needs-root': say('只有 root 能改变条目的属主'),
  'no-gnu-tools': say('该主机上没有 GNU find 和 chown'),
  'tree-hardlinks-unprotected': say(
    '该主机未启用 fs.protected_hardlinks，因此目录树中的文件可能是别处某个文件的硬链接',
  ),
  'mount-below': say('该目录以下有挂载点'),
  'odd-entry': say('条目中有 Registry 不会创建的内容'),
  'list-not-saved': say('无法在主机上保存条目清单'),
  'list-not-on-record': say('主机上已没有条目清单的记录'),
  // What became of the change.
  unreadable: ({ what }) => `有${KINDS[what]}无法读取`,
  'changed-meanwhile': ({ what }) => `执行方案期间有${KINDS[what]}发生变化`,
  'not-openable': ({ what }) => `有${KINDS[what]}无法打开`,
  'not-as-left': ({ what }) => `有${KINDS[what]}与方案执行后的状态不同`,
  'change-failed': ({ action, detail }) =>
    detail === '' ? `${action} 失败，主机未说明原因` : `${action} 失败：${detail}`,
  'change-without-effect': ({ action }) => `${action} 没有效果`,
  'entry-differs': ({ action }) => `${action} 失败：有条目与列出时不同`,
  'access-not-tested': ({ because }) => `未能测试服务的访问：${reason(because)}`,
  'access-not-testable': ({ because }) => `无法测试服务的访问：${reason(because)}`,
  'process-ended': say('方案所针对的 Registry 进程已结束'),
  'process-identity-differs': say('方案中的进程的身份与方案所写不同'),
  'process-of-other-account': say('运行方案中的进程的账号不是该服务的账号'),
  'process-in-user-namespace': say('方案中的进程在自己的用户命名空间中'),
  'storage-still-closed': say('服务仍然无法访问存储目录'),
  'tree-still-closed': say('服务仍然无法使用存储目录以下的内容'),
  'still-unreadable': ({ path }) => `服务仍然无法读取 ${path}`,
  'still-unwritable': ({ path }) => `服务仍然无法写入 ${path}`,
  'still-unusable': ({ path }) => `服务仍然无法使用 ${path}`,
  // The host's own record of plans.
  'tool-missing': ({ tool }) => `该主机上没有 ${tool}`,
  'no-flock': say('该主机上没有 flock'),
  'shell-closes-files': say('该主机的 /bin/sh 在运行程序时会关闭自己打开的文件（mksh 就是这样）'),
  'no-home-directory': say('登录用户没有主目录'),
  'not-own-directory': ({ path }) => `${path} 不是登录用户自己的目录`,
  'record-place-of-other': ({ path, wanted, owner, mode }) =>
    `${path} 必须属于 ${wanted}，权限位为 0700（现属于 ${owner}，权限位 ${mode}）。guard 在其中保存方案。如果机器人自己的记录在其中，请把它移到 /var/lib/registry-doctor-bot，并设置 store.url`,
  'directory-not-made': ({ path }) => `无法创建 ${path}`,
  'record-disk-full': ({ path }) => `${path} 所在的文件系统已无剩余空间，guard 无法在那里记录方案`,
  'record-not-locked': say('无法锁定主机上的方案记录'),
  'record-not-opened': say('无法打开主机上的方案记录'),
  'record-not-own': say('主机上的方案记录不是登录用户自己的目录'),
  'record-unseen': ({ because }) => `主机上的方案记录：${reason(because)}`,
  'not-recorded': say('无法在主机上记录方案'),
  'plan-not-on-record': say('主机上已没有方案内容的记录'),
  interrupted: say('执行到一半时被中断'),
  'interrupted-between': say('执行到一半时被中断，有目录既不是原先的状态，也不是方案中的状态'),
  'interrupted-before-change': say('在做任何修改之前被中断'),
  // Undoing an applied plan.
  'takes-plan-back': say('方案是撤销方案，须用另一种操作执行'),
  'takes-no-plan-back': say('方案不是撤销方案'),
  'undone-plan-not-applied': say('要撤销的方案未曾在该主机上执行'),
  'undone-plan-not-on-record': say('该主机上没有要撤销的方案的记录'),
  'not-the-reverse': say('方案与要撤销的方案不是互逆的'),
  'not-put-back': say('有目录无法恢复'),
  'host-said': ({ said }) => (said === '' ? '主机未说明原因' : `主机的原话是“${said}”`),
});
