/** For a bot whose record is not signed. */
export const NO_CHECKPOINTS = { keep: async () => {} };
