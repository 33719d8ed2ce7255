// The keep rules and what came of them, in words for the log and the terminal.

import type { SweepSum } from '../archive/sweep.ts';
import { freeToKeep, type KeepRules } from '../domain/retention.ts';

const DAY_MS = 86_400_000;

export const gigabytes = (bytes: number): string => {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
};

/** One line: what is kept, and what goes first. */
export const rulesText = (rules: KeepRules, diskTotal: number): string => {
  const { age, stills } = rules.each;
  const parts = [
    ...(age === undefined ? [] : [`photos for ${Math.round((age / DAY_MS) * 10) / 10} days`]),
    ...(stills === undefined ? [] : [`${stills} photos of each camera`]),
    ...(rules.bytes === undefined ? [] : [`at most ${gigabytes(rules.bytes)} of photos`]),
    ...(rules.free === 0 ? [] : [`${gigabytes(freeToKeep(rules, diskTotal))} of the disk free`]),
  ];
  if (parts.length === 0) return 'Keeping  every photo, until the disk is full (KEEP_FREE=0)';
  const found = rules.includesFound ? '' : '; another program’s photos stay';
  return `Keeping  ${parts.join(', ')}; the oldest go first, favourites never${found}`;
};

export const sweepText = (sum: SweepSum): string => {
  const words = { age: 'too old', count: 'over the number', size: 'over the size', space: 'for free space' } as const;
  const reasons = Object.entries(sum.reasons).map(
    ([reason, count]) => `${count} ${words[reason as keyof typeof words]}`,
  );
  return `${sum.stills} photos, ${gigabytes(sum.bytes)}${reasons.length > 0 ? `: ${reasons.join(', ')}` : ''}`;
};
