/**
 * What stops the program that the operator can put right: a full disk, a port in use, a refused token. The message says what happened
 * and what to do, so it is shown without a stack.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}
