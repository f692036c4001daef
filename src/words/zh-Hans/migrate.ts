import type { CopiedChain } from '../en/migrate.ts';
import { grouped } from '../moment.ts';

/** `audit migrate --from sqlite:PATH`. */

export const ONLY_TO_POSTGRES =
  '只能把审计记录从文件复制到 Postgres 数据库。未复制任何内容。请把 store.url 设为 postgres://…，把 --from 设为 sqlite:PATH。';

export function copied(from: string, to: string, { entries, last, root }: CopiedChain): string {
  const chain = last === null ? '没有条目' : `${grouped(entries)} 个条目，最后一个是 ${last}，树根 ${root}`;
  return `已把 ${from} 复制到 ${to}：${chain}。两者都完整，每一行都相同。请保留该文件作为证据，然后启动机器人。`;
}

export function sourceInUse(from: string): string {
  return `有机器人正在使用 ${from}。未复制任何内容。请停止它，然后重新运行。`;
}

export function sourceBroken(from: string, problems: number): string {
  return `审计记录 ${from} 不完整：${grouped(problems)} 个问题。未复制任何内容。请用指向它的配置运行 \`registry-doctor audit verify\`。`;
}

export function targetNotEmpty(to: string): string {
  return `${to} 处已有审计记录。未复制任何内容。请让 store.url 指向一个空数据库。`;
}

export function rowsDiffer(to: string, table: string): string {
  return `${to} 的服务器返回的 ${table} 的行与写入的不同。未保留任何内容。请检查数据库的编码是否为 UTF8。`;
}

export function chainDiffers(to: string): string {
  return `${to} 处的审计记录与该文件不同。请不要使用它：删除该数据库，并查明还有谁写入过。`;
}
