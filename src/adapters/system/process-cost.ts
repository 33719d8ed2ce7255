// What this program and its children cost the machine: processor time and memory. Linux tells of all processes in /proc; elsewhere only
// this one is known.

import { readdir, readFile } from 'node:fs/promises';
import { loadavg, totalmem } from 'node:os';

export interface ProcessCost {
  /** Seconds of one processor, since the start. */
  readonly cpuSeconds: number;
  readonly memory: number;
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly memory: number;
}

/** USER_HZ and the page size are 100 and 4096 on every Linux that Node.js runs on (proc(5), getconf). */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** The fields after the name, which may itself hold spaces and brackets (proc(5), /proc/pid/stat). */
export const parseStat = (pid: number, stat: string): Row | undefined => {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = NaN] = fields;
  const [userTicks = NaN, systemTicks = NaN, pages = NaN] = [fields[11], fields[12], fields[21]];
  if (![parent, userTicks, systemTicks, pages].every(Number.isFinite)) return undefined;
  return { pid, parent, cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND, memory: pages * PAGE_BYTES };
};

const rows = async (): Promise<readonly Row[]> => {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const read = async (pid: number): Promise<Row | undefined> =>
    // A process may end between the listing and the reading.
    parseStat(pid, await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
  return (await Promise.all(pids.map(read))).filter((row) => row !== undefined);
};

export const processCost = async (): Promise<ProcessCost> => {
  const all = await rows();
  const family = new Set([process.pid]);
  // Children of children: as many rounds as there are generations.
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  const ours = all.filter(({ pid }) => family.has(pid));
  if (ours.length === 0) {
    const { user, system } = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6, memory: process.memoryUsage.rss() };
  }
  const sum = (of: 'cpuSeconds' | 'memory'): number => ours.reduce((total, row) => total + row[of], 0);
  return { cpuSeconds: sum('cpuSeconds'), memory: sum('memory') };
};

export const machineLoad = (): { readonly load: number; readonly memory: number } => ({
  load: loadavg()[0] ?? 0,
  memory: totalmem(),
});
