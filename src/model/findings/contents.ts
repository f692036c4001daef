/** What can be wrong below the storage root. */
export const CONTENTS_FINDINGS = [] as const;
