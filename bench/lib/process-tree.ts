// CPU time and memory of a process and everything it started, read from /proc.

import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second: fixed at 100 on every Linux that Node runs on (getconf CLK_TCK). */
const TICKS_PER_SECOND = 100;

export interface TreeUse {
  /** User and system time of all living processes of the tree, and of their children that have ended. */
  readonly cpuSeconds: number;
  /** Proportional set size: shared pages are counted once over all that share them. */
  readonly megabytes: number;
  readonly processes: number;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

const statOf = (pid: number): Stat | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name may hold spaces; fields count from behind its bracket (proc(5), field 3 on).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (field: number): number => Number(fields[field - 3]);
    return { pid, parent: at(4), ticks: at(14) + at(15) + at(16) + at(17) };
  } catch {
    return undefined;
  }
};

const megabytesOf = (pid: number): number => {
  try {
    const line = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

export interface TreeMember {
  readonly pid: number;
  /** Of itself and of its children that have ended. */
  readonly cpuSeconds: number;
}

/** A process and everything it started that still lives. */
export const treeMembers = (root: number): readonly TreeMember[] => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const tree = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all) {
      if (!tree.has(parent) || tree.has(pid)) continue;
      tree.add(pid);
      grown = true;
    }
  }
  return all
    .filter(({ pid }) => tree.has(pid))
    .map(({ pid, ticks }) => ({ pid, cpuSeconds: ticks / TICKS_PER_SECOND }));
};

export const treeUse = (root: number): TreeUse => {
  const members = treeMembers(root);
  return {
    cpuSeconds: members.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    megabytes: members.reduce((sum, { pid }) => sum + megabytesOf(pid), 0),
    processes: members.length,
  };
};
