import { NO_HTTP } from '../services/no-http.ts';

/** For a bot of which a test needs the record and Slack only. */
export const NOTHING_BESIDE = {
  http: NO_HTTP,
  checkpoints: { keep: async () => {} },
  detailsDays: null,
  links: { linkTo: async () => null },
  silences: { reader: { activeSilences: async () => [] }, sources: [] },
};
