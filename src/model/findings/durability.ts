/** What holds today and will not hold. */
export const DURABILITY_FINDINGS = [] as const;
