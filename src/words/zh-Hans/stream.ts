/** `audit stream`. */

export function endsBefore(last: number, newest: number): string {
  return `记录在条目 ${newest} 处结束，而条目 ${last} 此前已输出：这是一份旧副本，或其末尾被截断。未再输出任何内容。请运行 \`registry-doctor audit verify\`，并与 Slack 消息列对照。`;
}
