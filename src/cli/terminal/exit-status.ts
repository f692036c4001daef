import type { Verdict } from '../../model/diagnosis/diagnosis.ts';

/** The exit statuses, which scripts rely on. */
export const EXIT = {
  good: 0,
  /** A check failed, or something is unhealthy. */
  notGood: 1,
  /** Wrong usage, or a config that can't be used: nothing was done. */
  usage: 2,
  inconclusive: 3,
  /** EX_SOFTWARE of sysexits.h: a bug in the program itself, which must not look like "faulty". */
  bug: 70,
} as const;

export const EXIT_BY_VERDICT: Record<Verdict, number> = {
  healthy: EXIT.good,
  faulty: EXIT.notGood,
  inconclusive: EXIT.inconclusive,
};
