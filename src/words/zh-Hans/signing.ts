import type { KeyProblem } from '../../model/key-problem.ts';
import type { SigningProblem } from '../../model/plan/signing-problem.ts';
import { isDenied } from '../../model/system-problem.ts';
import { octal } from '../mode.ts';
import { sentences } from '../sentences.ts';
import { keyOfBot, shellWord } from '../setup-words.ts';
import { systemClause } from './system-error.ts';

/** Why the bot cannot sign a plan: what is wrong, what was not done, what to do. */
export const signingProblem = sentences<SigningProblem>({
  'no-key': () => '配置文件中没有签名密钥。未签名。请设置 signing.key。',
  'key-unusable': (problem) => keyProblem(problem.key),
  'key-of-other-type': ({ file, type }) =>
    `签名密钥 ${file} 的类型是 ${type}。未签名：只有 Ed25519 密钥可以为方案签名。请用 ssh-keygen -t ed25519 生成密钥，设为配置项 signing.key，并把公钥放到各台主机上。`,
});

const keyProblem = sentences<KeyProblem>({
  unreadable: ({ file, error }) =>
    `无法读取签名密钥 ${file}：${systemClause(error)}。未签名。${
      isDenied(error)
        ? `如果这是机器人自己的密钥，请以 root 身份执行：\`${keyOfBot(file)}\``
        : '请检查配置项 signing.key，以及机器人的用户能否读取该文件'
    }。`,
  'passphrase-unreadable': ({ file, error }) =>
    `无法读取口令文件 ${file}：${systemClause(error)}。未签名。请检查配置项 signing.passphraseFile，以及机器人的用户能否读取该文件。`,
  encrypted: ({ file }) =>
    `签名密钥 ${file} 有口令保护，但未配置口令。未签名。请设置配置项 signing.passphraseFile，或环境变量 SSH_KEY_PASSPHRASE。`,
  'passphrase-wrong': ({ file }) =>
    `口令无法解开签名密钥 ${file}。未签名。请检查配置项 signing.passphraseFile；如果没有设置，请检查环境变量 SSH_KEY_PASSPHRASE。`,
  'not-a-key': ({ file }) =>
    `${file} 不是可用的私钥。未签名。请把配置项 signing.key 设为私钥，而不是 .pub 文件。可用 \`ssh-keygen -t ed25519\` 生成私钥。`,
  'open-to-others': ({ file, mode }) =>
    `其他账号可以读取签名密钥 ${file}（权限位 ${octal(mode)}）。未签名。请运行 \`chmod 600 ${shellWord(file)}\`；如果可能有人复制过该密钥，请更换密钥。`,
});
