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

export interface TreeMemory {
  /** Pages that belong to no file: heaps, stacks, decoders. What the processes would not give back. */
  readonly anonymous: number;
  /**
   * Those, and each mapped file as often as it lies in memory: once. What the tree takes on a machine where nobody else runs the
   * same programs, which the proportional set size understates as soon as somebody does.
   */
  readonly alone: number;
}

/** In megabytes. */
export const treeMemory = (root: number): TreeMemory => {
  const files = new Map<string, number>();
  let anonymous = 0;
  for (const { pid } of treeMembers(root)) {
    let text = '';
    try {
      text = readFileSync(`/proc/${pid}/smaps`, 'utf8');
    } catch {
      continue;
    }
    const own = new Map<string, number>();
    let file = '';
    let resident = 0;
    for (const line of text.split('\n')) {
      const mapping = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+\s*(.*)$/.exec(line);
      if (mapping) file = mapping[1]?.startsWith('/') ? mapping[1] : '';
      const [, what, kilobytes] = /^(Rss|Anonymous):\s+(\d+) kB$/.exec(line) ?? [];
      if (what === 'Rss') resident = Number(kilobytes) / 1024;
      if (what !== 'Anonymous') continue;
      // A page of a file that was written to is the process's own.
      anonymous += Number(kilobytes) / 1024;
      own.set(file, (own.get(file) ?? 0) + resident - Number(kilobytes) / 1024);
    }
    for (const [name, megabytes] of own) files.set(name, Math.max(files.get(name) ?? 0, megabytes));
  }
  return { anonymous, alone: anonymous + [...files.values()].reduce((sum, megabytes) => sum + megabytes, 0) };
};
