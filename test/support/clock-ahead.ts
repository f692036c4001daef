/** Loaded before a program (`node --import`). Its clock is RD_CLOCK_AHEAD_MS milliseconds ahead of the machine's. */

const aheadMs = Number(process.env['RD_CLOCK_AHEAD_MS']);
if (!Number.isSafeInteger(aheadMs)) throw new Error('RD_CLOCK_AHEAD_MS is no number of milliseconds');

const MachineDate = Date;
const now = () => MachineDate.now() + aheadMs;

globalThis.Date = new Proxy(MachineDate, {
  construct: (target, given, asked) => Reflect.construct(target, given.length === 0 ? [now()] : given, asked),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
