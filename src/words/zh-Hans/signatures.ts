import type { ProgramBreak, SignatureProblem } from '../../model/plan/signature-problem.ts';
import { sentences } from '../sentences.ts';
import { systemClause } from './system-error.ts';
import { duration } from './time.ts';

/** The result of a person's signature over a plan: what is wrong, what was not done, what to do. */
export const signatureProblem = sentences<SignatureProblem>({
  'no-ssh-keygen': () =>
    '本机没有 ssh-keygen 程序，因此无法生成或验证签名。未做任何操作。请安装（Debian 和 Ubuntu 上是 openssh-client，Alpine 上是 openssh-keygen）后重试。',
  'ssh-keygen-broke-off': (problem) => `ssh-keygen 未能运行完毕：${breakClause(problem.why)}。未做任何操作。请重试。`,
  'ssh-keygen-not-understood': ({ said }) =>
    `ssh-keygen 认为签名有效，但其输出无法识别：${said}。该签名不计入。需要 OpenSSH 8.2 或更新的版本。`,
  'signed-nothing': ({ keyFile, exitCode }) =>
    `ssh-keygen 未能用 ${keyFile} 签名（退出码 ${exitCode}）；它的输出见上。未签名。请检查该文件：应为只有你能读取的私钥，或 ssh-agent 中某个密钥的 .pub 文件。`,
  'not-a-signature': () =>
    '这不是 SSH 签名，不计入。请完整粘贴，从 -----BEGIN SSH SIGNATURE----- 到 -----END SSH SIGNATURE-----。',
  'for-other-purpose': ({ made, wanted }) =>
    `该签名的用途是“${made}”；此处需要用途为“${wanted}”的签名。不计入。请用 registry-doctor 生成签名。`,
  'of-other-text': () =>
    '该签名不是针对这个方案的：它是为另一个方案生成的，或文本被改动过。不计入。请对这个方案本身签名。',
  'unknown-signer': ({ file }) =>
    `该签名不属于 ${file} 中列出的任何人，因此被拒绝。请使用其中列出的密钥，或申请把你的密钥加入其中。`,
  'signer-not-one-person': ({ file }) =>
    `该签名的密钥在 ${file} 中对应的是通配模式而不是名称，因此不属于任何人。签名被拒绝。请在其中为每个密钥写明一个名称。`,
  'not-of-signer': ({ principal }) =>
    `该签名来自 ${principal} 的密钥，对这个方案无效：它是为另一个方案生成的，或该密钥无权签署此类内容（见允许的签名者文件中的 namespaces、valid-before）。请用有权限的密钥，对这个方案本身签名。`,
  'signers-unreadable': ({ file, error }) =>
    `无法读取允许的签名者文件 ${file}：${systemClause(error)}。签名未计入。请检查路径，以及 Registry Doctor 的账号能否读取该文件。`,
  'signers-too-large': ({ file, maxBytes }) =>
    `允许的签名者文件 ${file} 大于 ${maxBytes / 1024} KiB。签名未计入。请检查文件是否正确。`,
});

const breakClause = sentences<ProgramBreak>({
  'ended-by': ({ signal }) => `被信号 ${signal} 终止`,
  'took-too-long': ({ timeoutMs }) => `运行超过 ${duration(timeoutMs)}`,
  'wrote-too-much': () => '一直在输出，没有停止',
  failed: ({ error }) => systemClause(error),
});
