import { count } from './time.ts';

/** How much of something long is not shown. */
export function charactersLeftOut(amount: number): string {
  return `${count(amount, 'more character')} left out`;
}

export function stepsLeftOut(amount: number): string {
  return `… ${count(amount, 'more step')} not shown here`;
}

export function linesLeftOut(amount: number): string {
  return `… ${count(amount, 'more line')} not shown here`;
}

export function foldsLeftOut(amount: number): string {
  return `… ${count(amount, 'more part')} not shown here`;
}
