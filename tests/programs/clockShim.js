/*
 * Node loads this file before a program (`--require`). This file shifts the time that the program's JavaScript sees, as
 * if somebody set the machine's clock while the program runs. `CHAOS_CLOCK_FILE` names a file that contains the shift
 * in milliseconds. Native code, such as the core of the Temporal SDK, sees the real time.
 */
const { readFileSync, writeFileSync } = require('node:fs');

const file = process.env.CHAOS_CLOCK_FILE;
const RealDate = Date;
let shiftMs = 0;

const now = () => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: (target) => new target(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});

if (file !== undefined) {
  const read = () => {
    try {
      return Number(readFileSync(file, 'utf8')) || 0;
    } catch {
      return 0;
    }
  };
  const follow = () => {
    const asked = read();
    if (asked === shiftMs) return;
    shiftMs = asked;
    // `new Date()` reads the shifted clock, as the program does, so the written time proves the shift.
    writeFileSync(`${file}.seen`, `${process.pid} ${new Date().toISOString()}`);
  };
  follow();
  setInterval(follow, 200).unref();
}
