import type { SlackTokenRefused } from './record/messages/slack-failure.ts';
import type { RecordProblem } from './record/record.ts';
import type { StoreProblem } from './record/store-problem.ts';
import type { SystemProblem } from './system-problem.ts';

/**
 * A fault that stops the program and that the operator can fix, as data. `words/` says what happened and what to do.
 */
export type OperatorProblem =
  | { readonly code: 'store'; readonly problem: StoreProblem }
  | { readonly code: 'record'; readonly problem: RecordProblem }
  | { readonly code: 'slack-token'; readonly refused: SlackTokenRefused }
  /** Slack's requests can't be received on this port. */
  | { readonly code: 'slack-port'; readonly port: number; readonly error: SystemProblem }
  /** Monitoring can't reach the bot on this port. */
  | { readonly code: 'http-port'; readonly host: string; readonly port: number; readonly error: SystemProblem }
  /** Alerts can't be received on this port. */
  | { readonly code: 'alert-port'; readonly host: string; readonly port: number; readonly error: SystemProblem }
  | { readonly code: 'health-socket'; readonly socketFile: string; readonly error: SystemProblem }
  | { readonly code: 'health-socket-path'; readonly socketFile: string; readonly maxBytes: number }
  /** Another bot uses this record, and answers on this socket. */
  | { readonly code: 'health-socket-taken'; readonly socketFile: string };

/** Shown to the operator in words, without a stack. The message is the problem as data, for logs. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  readonly operatorProblem: OperatorProblem;

  constructor(operatorProblem: OperatorProblem, options?: ErrorOptions) {
    super(JSON.stringify(operatorProblem), options);
    this.operatorProblem = operatorProblem;
  }
}
