import { grouped } from '../moment.ts';

/** How much of something long is not shown. */
export function charactersLeftOut(amount: number): string {
  return `已省略 ${grouped(amount)} 个字符`;
}

export function stepsLeftOut(amount: number): string {
  return `… 另有 ${grouped(amount)} 步未在此显示`;
}

export function linesLeftOut(amount: number): string {
  return `… 另有 ${grouped(amount)} 行未在此显示`;
}

export function foldsLeftOut(amount: number): string {
  return `… 另有 ${grouped(amount)} 个部分未在此显示`;
}
