import { type Logger, LogLevel } from '@slack/web-api';

/** For tests that make Slack's client fail on purpose. */
export const SILENT: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};
