import { type Fact, unknown } from '../model/fact.ts';
import type { HostHistory } from '../model/history.ts';

/** Reads the section `host_history`. */
export function parseHostHistory(section: Uint8Array): Fact<HostHistory> {
  void section;
  return unknown('not looked at yet');
}
