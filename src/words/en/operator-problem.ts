import type { OperatorProblem } from '../../model/operator-error.ts';
import { sentences } from '../sentences.ts';
import { healthSocketPathTooLong, healthSocketTaken, healthSocketUnusable } from './health.ts';
import { cannotListen, tokenRefused } from './slack-failure.ts';
import { recordDamaged, storeUnavailable } from './store.ts';
import { systemClause } from './system-error.ts';

/** What stops the program, what was not done, and what to do. */
export const operatorProblem = sentences<OperatorProblem>({
  store: ({ problem }) => storeUnavailable(problem),
  record: ({ problem }) => recordDamaged(problem),
  'slack-token': ({ refused }) => tokenRefused(refused),
  'slack-port': ({ port, error }) => cannotListen(port, error.errno ?? error.said),
  'health-socket': ({ socketFile, error }) => healthSocketUnusable(socketFile, systemClause(error)),
  'health-socket-path': ({ socketFile, maxBytes }) => healthSocketPathTooLong(socketFile, maxBytes),
  'health-socket-taken': ({ socketFile }) => healthSocketTaken(socketFile),
});
