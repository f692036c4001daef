import { grouped } from '../moment.ts';

/** `audit backup FILE`. */

export function backedUp(file: string, entries: number, last: string | null): string {
  if (last === null) return `已备份到 ${file}：记录中没有条目。`;
  return `已备份到 ${file}：${grouped(entries)} 个条目，最后一个是 ${last}。副本完整。`;
}

export const ON_SERVER = '审计记录在 Postgres 服务器上。未备份任何内容。请按 docs/operations.md 的说明使用 `pg_dump`。';

export function fileExists(file: string): string {
  return `${file} 已存在。未写入任何内容。请指定一个新文件。`;
}

export function notWritten(file: string, why: string): string {
  return `无法写入 ${file}：${why}。未备份任何内容。请指定一个可写目录中的文件，且磁盘有足够空间。`;
}

export function copyBroken(file: string, problems: number): string {
  return `已写入 ${file}，但其中的记录不完整：${grouped(problems)} 个问题。请保留它作为证据，并运行 \`registry-doctor audit verify\`。`;
}
