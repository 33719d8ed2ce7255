// What a figure was measured on, without anything that names the place.

import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** One-minute load when it was asked: other work on the machine. */
  readonly load: number;
}

export const machine = (): Machine => ({
  cores: cpus().length,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.versions.node,
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
});
