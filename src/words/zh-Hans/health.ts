/** Why the bot cannot be asked for its health, and what `registry-doctor health` says of it. */

export function healthSocketUnusable(socketFile: string, why: string): string {
  return `无法创建健康检查套接字 ${socketFile}：${why}。请让机器人的用户能写入审计记录（store.url）所在的目录。`;
}

export function healthSocketPathTooLong(socketFile: string, maxBytes: number): string {
  return `无法创建健康检查套接字 ${socketFile}：套接字的路径最长 ${maxBytes} 字节（unix(7)）。请把审计记录（store.url）放到路径更短的目录中。`;
}

export function healthSocketTaken(socketFile: string): string {
  return `已有另一个机器人在使用这份审计记录：它在 ${socketFile} 上响应。请停止它，或为本机器人设置单独的记录文件（store.url）。一份审计记录只能由一个机器人使用。`;
}

export function partTimedOut(timeoutMs: number): string {
  return `${timeoutMs / 1000} 秒内没有响应`;
}

export function nobodyAnswers(record: string, socketFile: string): string {
  return `没有机器人为审计记录 ${record} 响应（套接字 ${socketFile}）。请检查机器人是否正以当前用户和这份配置运行。`;
}

export function noRecordYet(record: string): string {
  return `${record} 处没有审计记录，因此没有机器人以这份配置运行。请启动机器人，或检查 store.url。`;
}

export function healthUnknown(socketFile: string, why: string): string {
  return `${socketFile} 背后的机器人没有给出回答：${why}。请查看机器人的日志。`;
}

export function partLine(name: string, why: string | null): string {
  return why === null ? `${name}：正常` : `${name}：异常：${why}`;
}

export function notConnectedToSlack(why: string | null): string {
  return why === null ? '未连接到 Slack' : `未连接到 Slack：${why}`;
}
