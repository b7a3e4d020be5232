/**
 * Loaded before a process of its own begins: its clock is off by as many milliseconds as the file says that
 * `CLOCK_FILE` names, from the moment that it says so. Timers are not: they go by another clock on every machine.
 */
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_FILE'];
if (file) {
  const Real = Date;
  const now = () => Real.now() + (Number(readFileSync(file, 'utf8')) || 0);
  globalThis.Date = new Proxy(Real, {
    construct: (target, given: unknown[], made) => Reflect.construct(target, given.length ? given : [now()], made),
    apply: () => new Real(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
}
