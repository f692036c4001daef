import type { Verdict } from '../../model/diagnosis/diagnosis.ts';

/** What a script can tell from how a command ended. */
export const EXIT = {
  good: 0,
  /** Something that was looked at is not well. */
  notGood: 1,
  /** Wrong usage, or a config that cannot be used: nothing was done. */
  usage: 2,
  inconclusive: 3,
  /** EX_SOFTWARE of sysexits.h: a fault of the program itself, which must not pass for "faulty". */
  bug: 70,
} as const;

export const EXIT_BY_VERDICT: Record<Verdict, number> = {
  healthy: EXIT.good,
  faulty: EXIT.notGood,
  inconclusive: EXIT.inconclusive,
};
