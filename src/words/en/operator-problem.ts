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
      ? `Port ${port} on ${host} is in use. Stop the program that uses it, or change http.port.`
      : `Can’t listen on ${host}, port ${port}: ${systemClause(error)}. Check http.host, and that http.port is 1024 or higher.`,
  'alert-port': ({ host, port, error }) =>
    `Can’t receive alerts on ${host} port ${port}: ${systemClause(error)}. Change alerts.host or alerts.port in the config file.`,
  'health-socket': ({ socketFile, error }) =>
    `Can’t create the health socket ${socketFile}: ${systemClause(error)}. Make the directory of the record (store.url) writable for the bot’s user.`,
  'health-socket-path': ({ socketFile, maxBytes }) =>
    `Can’t create the health socket ${socketFile}: a socket’s path has at most ${maxBytes} bytes (unix(7)). Put the record (store.url) into a directory with a shorter path.`,
  'health-socket-taken': ({ socketFile }) =>
    `Another bot already answers on ${socketFile}. A record in a file is for one bot: stop the other one, or give this one a file of its own (store.url). With the record on Postgres, give each bot on this machine a socket of its own (store.socket).`,
});

/** What an error means to the operator: in words if they can fix it, otherwise its own message. */
export function errorWords(error: unknown): string {
  return error instanceof OperatorError ? operatorProblem(error.operatorProblem) : messageOf(error);
}
