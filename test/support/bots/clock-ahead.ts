import { readFileSync } from 'node:fs';

/**
 * Loaded before a program (`node --import`). Its clock is RD_CLOCK_AHEAD_MS milliseconds ahead of the machine's. With RD_CLOCK_FILE, that file
 * says how far, and SIGUSR2 makes the clock jump to what it says then: forward or back.
 */

const file = process.env['RD_CLOCK_FILE'];

function readAheadMs(): number {
  const ms = Number(file === undefined ? process.env['RD_CLOCK_AHEAD_MS'] : readFileSync(file, 'utf8'));
  if (!Number.isSafeInteger(ms)) throw new Error('the clock is ahead by no number of milliseconds');
  return ms;
}

let aheadMs = readAheadMs();
if (file !== undefined) {
  process.on('SIGUSR2', () => {
    aheadMs = readAheadMs();
  });
}

const MachineDate = Date;
const now = () => MachineDate.now() + aheadMs;

globalThis.Date = new Proxy(MachineDate, {
  construct: (target, given, asked) => Reflect.construct(target, given.length === 0 ? [now()] : given, asked),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
