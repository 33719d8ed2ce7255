// Why a still was taken the way it was: kept with it, so that an owner can read it years later.

import { isErrorCode, type StillwatchErrorCode } from './errors.ts';

/**
 * The ways to have a still of a wanted moment, the surest first. `last-calm` is the last calm still once more, when nothing
 * has happened since; the others are still sources.
 */
export const WAY_NAMES = ['main-ring', 'main-stream', 'http-snapshot', 'last-calm', 'sub-frame'] as const;
export type WayName = (typeof WAY_NAMES)[number];

/**
 * Why a way came first. `moment`: it reaches back to the wanted moment; `most-pixels`; `fastest` of those with as many
 * pixels; `cheapest` on a link that costs; `nothing-since`: the scene has not changed since that still; `last-resort`.
 */
export const WAY_REASONS = ['moment', 'most-pixels', 'fastest', 'cheapest', 'nothing-since', 'last-resort'] as const;
export type WayReason = (typeof WAY_REASONS)[number];

export interface StillChoice {
  readonly way: WayName;
  readonly reason: WayReason;
  /** Ways that were tried before and failed, or gave a picture that was refused, in order. */
  readonly failed: readonly { readonly way: WayName; readonly code: StillwatchErrorCode }[];
}

/** More failed ways than this are not told one by one: there are five ways, tried in rounds. */
const MOST_FAILED = 8;

/** One line: `main-ring moment`, `sub-frame moment main-ring:SW_STILL_DAMAGED`. */
export const choiceText = ({ way, reason, failed }: StillChoice): string =>
  [way, reason, ...failed.slice(-MOST_FAILED).map((each) => `${each.way}:${each.code}`)].join(' ');

/** undefined for anything that `choiceText` did not write. */
export const parseChoice = (text: string): StillChoice | undefined => {
  const [first, second, ...rest] = text.split(' ');
  const way = WAY_NAMES.find((each) => each === first);
  const reason = WAY_REASONS.find((each) => each === second);
  if (!way || !reason || rest.length > MOST_FAILED) return undefined;
  const failed: { way: WayName; code: StillwatchErrorCode }[] = [];
  for (const each of rest) {
    const [name, code = '', ...more] = each.split(':');
    const failedWay = WAY_NAMES.find((known) => known === name);
    if (!failedWay || !isErrorCode(code) || more.length > 0) return undefined;
    failed.push({ way: failedWay, code });
  }
  return { way, reason, failed };
};
