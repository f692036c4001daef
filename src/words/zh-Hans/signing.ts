import { octal } from '../mode.ts';
import { shellWord } from '../setup-words.ts';

/** Why the bot cannot sign a plan: what is wrong, what was not done, what to do. */

export function signingKeyUnreadable(file: string, detail: string): string {
  return `无法读取签名密钥 ${file}：${detail}。未签名。请检查配置项 signing.key，以及机器人的用户能否读取该文件。`;
}

export function signingKeyEncrypted(file: string): string {
  return `签名密钥 ${file} 有口令保护，但未配置口令。未签名。请设置配置项 signing.passphraseFile，或环境变量 SSH_KEY_PASSPHRASE。`;
}

export function signingPassphraseUnreadable(file: string, detail: string): string {
  return `无法读取口令文件 ${file}：${detail}。未签名。请检查配置项 signing.passphraseFile，以及机器人的用户能否读取该文件。`;
}

export function signingPassphraseWrong(file: string): string {
  return `口令无法解开签名密钥 ${file}。未签名。请检查配置项 signing.passphraseFile；如果没有设置，请检查环境变量 SSH_KEY_PASSPHRASE。`;
}

export function signingKeyNotAKey(file: string): string {
  return `${file} 不是可用的私钥。未签名。请把配置项 signing.key 设为私钥，而不是 .pub 文件。可用 \`ssh-keygen -t ed25519\` 生成私钥。`;
}

export function signingKeyOpenToOthers(file: string, mode: number): string {
  return `其他账号可以读取签名密钥 ${file}（权限 ${octal(mode)}）。未签名。请运行 \`chmod 600 ${shellWord(file)}\`；如果可能有人复制过该密钥，请更换密钥。`;
}

export function signingKeyOfOtherType(file: string, type: string): string {
  return `签名密钥 ${file} 的类型是 ${type}。未签名：只有 Ed25519 密钥可以为方案签名。请用 ssh-keygen -t ed25519 生成密钥，设为配置项 signing.key，并把公钥放到各台主机上。`;
}
