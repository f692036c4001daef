import { OperatorError } from '../model/operator-error.ts';
import type { RecordProblem } from '../model/record/record.ts';
import type { StoreProblem } from '../model/record/store-problem.ts';

/** The store cannot be opened, or can no longer be used. */
export class StoreUnavailable extends OperatorError {
  override readonly name = 'StoreUnavailable';
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem, options?: ErrorOptions) {
    super({ code: 'store', problem }, options);
    this.problem = problem;
  }
}

/** The store works, but its content is not what was written. The problem names the row. */
export class RecordDamaged extends OperatorError {
  override readonly name = 'RecordDamaged';
  readonly problem: RecordProblem;

  constructor(problem: RecordProblem, options?: ErrorOptions) {
    super({ code: 'record', problem }, options);
    this.problem = problem;
  }
}
