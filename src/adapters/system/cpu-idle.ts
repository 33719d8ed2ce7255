import { cpus } from 'node:os';

/** @returns tells the share of the machine's CPU that was idle since it was last asked, 0..1 (proc(5), `cpu` lines) */
export const cpuIdle = (): (() => number) => {
  const read = (): { readonly idle: number; readonly all: number } => {
    let idle = 0;
    let all = 0;
    for (const { times } of cpus()) {
      idle += times.idle;
      all += times.idle + times.user + times.nice + times.sys + times.irq;
    }
    return { idle, all };
  };
  let before = read();
  return () => {
    const now = read();
    const passed = now.all - before.all;
    const share = passed <= 0 ? 0 : (now.idle - before.idle) / passed;
    before = now;
    return Math.max(0, Math.min(1, share));
  };
};
