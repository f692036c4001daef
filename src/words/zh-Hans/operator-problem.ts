import { messageOf } from '../../model/message-of.ts';
import { OperatorError, type OperatorProblem } from '../../model/operator-error.ts';
import { sentences } from '../sentences.ts';
import { cannotListen, tokenRefused } from './slack-failure.ts';
import { recordDamaged, storeUnavailable } from './store.ts';
import { systemClause } from './system-error.ts';

/** What stops the program, what was not done, and what to do. */
export const operatorProblem = sentences<OperatorProblem>({
  store: ({ problem }) => storeUnavailable(problem),
  record: ({ problem }) => recordDamaged(problem),
  'slack-token': ({ refused }) => tokenRefused(refused),
  'slack-port': ({ port, error }) => cannotListen(port, error.errno ?? error.said),
  'http-port': ({ host, port, error }) =>
    error.errno === 'EADDRINUSE'
      ? `${host} 上的端口 ${port} 已被占用。请停止占用它的程序，或修改 http.port。`
      : `无法监听 ${host} 的端口 ${port}：${systemClause(error)}。请检查 http.host，并确认 http.port 不小于 1024。`,
  'alert-port': ({ host, port, error }) =>
    `无法在 ${host} 的端口 ${port} 上接收告警：${systemClause(error)}。请修改配置文件中的 alerts.host 或 alerts.port。`,
  'health-socket': ({ socketFile, error }) =>
    `无法创建健康检查套接字 ${socketFile}：${systemClause(error)}。请让机器人的用户能写入审计记录（store.url）所在的目录。`,
  'health-socket-path': ({ socketFile, maxBytes }) =>
    `无法创建健康检查套接字 ${socketFile}：套接字的路径最长 ${maxBytes} 字节（unix(7)）。请把审计记录（store.url）放到路径更短的目录中。`,
  'health-socket-taken': ({ socketFile }) =>
    `已有另一个机器人在 ${socketFile} 上响应。文件中的审计记录只能由一个机器人使用：请停止另一个机器人，或为本机器人设置单独的记录文件（store.url）。如果审计记录在 Postgres 上，请为本机上的每个机器人设置各自的套接字（store.socket）。`,
});

/** What an error means to the operator: in words if they can fix it, otherwise its own message. */
export function errorWords(error: unknown): string {
  return error instanceof OperatorError ? operatorProblem(error.operatorProblem) : messageOf(error);
}
