// The figures that the motion engine is held to, taken from what the single benches wrote.

import type { Machine } from './machine.ts';

export interface Figure {
  readonly figure: string;
  readonly must: string;
  readonly measured: string;
  readonly holds: boolean;
}

interface Accuracy {
  readonly key: string;
  readonly episodes: number;
  readonly found: number;
  readonly falses: number;
  readonly light: number;
  readonly calm: number;
  readonly latencyP90: number;
}
interface Nuisance {
  readonly subject: 'economy' | 'careful' | 'motion';
  readonly events: number;
  /** Events in which nothing happened. */
  readonly empty: number;
  readonly pictures?: number;
  readonly found: string;
  readonly hours: number;
}
interface Cost {
  readonly stream: string;
  readonly cameras: number;
  readonly subject: 'economy' | 'careful' | 'motion' | 'frigate';
  readonly percent: number;
  readonly megabytes: number;
}
interface Minute {
  readonly megabytes: number;
  readonly anonymous: number;
  readonly alone: number;
}
interface Lateness {
  readonly p50: number;
  readonly p99: number;
}
interface Beside {
  readonly round: number;
  readonly beside: number;
  readonly subject: Lateness;
  readonly control: Lateness;
}

/** What each part wrote; parts that were not run are not there. */
export interface MotionParts {
  readonly accuracy?: { readonly rows: readonly Accuracy[] };
  readonly nuisance?: { readonly rows: readonly Nuisance[] };
  readonly cost8?: { readonly rows: readonly Cost[] };
  readonly cost16?: { readonly rows: readonly Cost[] };
  readonly program16?: { readonly rows: readonly Minute[] };
  readonly 'bad-camera'?: { readonly rows: readonly Beside[] };
}

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);

const recall = ({ accuracy }: MotionParts): readonly Figure[] => {
  const rows = accuracy?.rows.filter(({ key }) => key.startsWith('economy') && key.includes('real')) ?? [];
  if (rows.length === 0) return [];
  const [found, episodes] = [sum(rows, (row) => row.found), sum(rows, (row) => row.episodes)];
  const hourly = (3600 * sum(rows, (row) => row.falses)) / sum(rows, (row) => row.calm);
  const light = sum(rows, (row) => row.light);
  const latency = Math.max(...rows.map(({ latencyP90 }) => latencyP90));
  return [
    {
      figure: 'recall, economy, real scenes',
      must: '≥ 98 %',
      measured: `${found}/${episodes} = ${((100 * found) / episodes).toFixed(1)} %`,
      holds: found / episodes >= 0.98,
    },
    {
      figure: 'false triggers, calm',
      must: '≤ 10 /h, light steps 0',
      measured: `${hourly.toFixed(1)} /h, light steps ${light}`,
      holds: hourly <= 10 && light === 0,
    },
    {
      figure: 'latency p90, groups of 2 s',
      must: '≤ 2.2 s',
      measured: `${latency.toFixed(2)} s`,
      holds: latency <= 2.2,
    },
  ];
};

const leaves = ({ nuisance }: MotionParts): readonly Figure[] => {
  const of = (subject: Nuisance['subject']) => {
    const rows = nuisance?.rows.filter((row) => row.subject === subject) ?? [];
    const parts = rows.map(({ found }) => found.split('/').map(Number));
    return {
      rows,
      events: sum(rows, ({ events }) => events),
      empty: sum(rows, ({ empty }) => empty),
      emptyPerHour: sum(rows, ({ empty }) => empty) / sum(rows, ({ hours }) => hours),
      found: sum(parts, ([found = 0]) => found),
      real: sum(parts, ([, real = 0]) => real),
    };
  };
  const [ours, theirs] = [of('economy'), of('motion')];
  if (ours.rows.length === 0 || theirs.rows.length === 0) return [];
  return [
    {
      figure: 'leaves and light: events of nothing /h, ours to motion with one picture an event',
      must: '≤ 0.5, none lost',
      measured: `${ours.emptyPerHour.toFixed(0)} to ${theirs.emptyPerHour.toFixed(0)} (${ours.empty} of ${ours.events} events to ${theirs.empty} of ${theirs.events}), found ${ours.found}/${ours.real} to ${theirs.found}/${theirs.real}`,
      holds: ours.empty <= theirs.empty / 2 && ours.found === ours.real,
    },
  ];
};

const RATIOS = [
  { stream: 'mix00', what: 'calm', to: 'motion', must: 0.25 },
  { stream: 'mix05', what: '5 %', to: 'motion', must: 0.45 },
  { stream: 'mix05-hevc', what: '5 %, H.265', to: 'motion', must: 0.45 },
  { stream: 'mix20', what: '20 %', to: 'motion', must: 0.65 },
  { stream: 'mix05', what: '5 %', to: 'frigate', must: 0.4 },
] as const;

const ratios = ({ cost8, cost16 }: MotionParts): readonly Figure[] => {
  const rows = [...(cost8?.rows ?? []), ...(cost16?.rows ?? [])];
  return [8, 16].flatMap((cameras) =>
    RATIOS.flatMap(({ stream, what, to, must }) => {
      const of = (subject: Cost['subject']): Cost | undefined =>
        rows.find((row) => row.cameras === cameras && row.stream === stream && row.subject === subject);
      const [ours, theirs] = [of('economy'), of(to)];
      if (!ours || !theirs) return [];
      const ratio = ours.percent / theirs.percent;
      const name = to === 'frigate' ? 'the Frigate-like pipeline' : to;
      return [
        {
          figure: `CPU, ${cameras} cameras, ${what}, to ${name}`,
          must: `≤ ${must}`,
          measured: `${ours.percent.toFixed(2)} % / ${theirs.percent.toFixed(2)} % = ${ratio.toFixed(2)}`,
          holds: ratio <= must,
        },
      ];
    }),
  );
};

const memory = ({ program16 }: MotionParts): readonly Figure[] => {
  const last = program16?.rows.at(-1);
  if (!last) return [];
  const { megabytes, anonymous, alone } = last;
  return [
    {
      figure: 'memory, whole program, 16 cameras',
      must: '≤ 220 MB',
      measured: `${alone.toFixed(0)} MB (own pages ${anonymous.toFixed(0)} MB, proportional ${megabytes.toFixed(0)} MB)`,
      holds: alone <= 220,
    },
  ];
};

const lateness = (parts: MotionParts): readonly Figure[] => {
  const rows = parts['bad-camera']?.rows ?? [];
  /** What the process with bad cameras was later than the one without. */
  const apart = ({ subject, control }: Beside, of: 'p50' | 'p99'): number => subject[of] - control[of];
  const added = rows.flatMap((row) => {
    const alone = rows.find((other) => other.round === row.round && other.beside === 0);
    if (row.beside === 0 || !alone) return [];
    return [{ p50: apart(row, 'p50') - apart(alone, 'p50'), p99: apart(row, 'p99') - apart(alone, 'p99') }];
  });
  if (added.length === 0) return [];
  const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
  const [p50, p99] = [median(added.map((each) => each.p50)), median(added.map((each) => each.p99))];
  return [
    {
      figure: 'what five bad cameras add to eight good ones (median of rounds)',
      must: '< 50 ms',
      measured: `${p50.toFixed(1)} ms at the median, ${p99.toFixed(0)} ms at p99`,
      holds: p99 < 50,
    },
  ];
};

export const motionFigures = (parts: MotionParts): readonly Figure[] =>
  [recall, leaves, ratios, memory, lateness].flatMap((each) => each(parts));

/** The table, and what it was measured on. */
export const figuresText = (parts: MotionParts): string => {
  const rows = motionFigures(parts).map(
    ({ figure, must, measured, holds }) => `| ${figure} | ${must} | ${measured} | ${holds ? 'yes' : '**no**'} |`,
  );
  const machines = Object.entries(parts as Readonly<Record<string, { readonly machine: Machine }>>);
  const [, { machine } = { machine: undefined }] = machines.at(-1) ?? [];
  const loads = machines.map(([name, part]) => `${name} ${part.machine.load}`).join(', ');
  const on = machine
    ? `${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Linux ${machine.kernel}, Node ${machine.node}. Load when each part ended: ${loads}.`
    : '';
  return ['| figure | must | measured | holds |', '| --- | --- | --- | --- |', ...rows, '', on].join('\n');
};
