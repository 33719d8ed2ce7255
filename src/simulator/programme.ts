// What one simulated stream shows at a tick: its clip, or for a while something else. A change waits for a picture that
// can be decoded by itself, as a camera's encoder would see to it. Ticks count pictures since the camera started.

import { type AccessUnit, type Clip, keyTickBefore, unitAt } from './clip.ts';

export type Showing =
  | { readonly type: 'clip' }
  | { readonly type: 'other'; readonly clip: Clip }
  | { readonly type: 'frozen' };

export interface Programme {
  want(showing: Showing): void;
  /** The unit at `tick`. Ticks must not go back. */
  at(tick: number): AccessUnit;
  /** The units from the newest key frame up to and including `tick`, which has been played. */
  groupAt(tick: number): readonly AccessUnit[];
  /** The key frame that the picture at `tick` builds on, played or not. */
  keyAt(tick: number): AccessUnit;
  /** What a client is told now. */
  described(): Clip;
}

interface Part {
  readonly showing: Showing;
  readonly unit: (tick: number) => AccessUnit;
  readonly keyTick: (tick: number) => number;
}

const mainPart = (clip: Clip): Part => ({
  showing: { type: 'clip' },
  unit: (tick) => unitAt(clip, tick),
  keyTick: (tick) => keyTickBefore(clip, tick),
});

const otherPart = (showing: Showing, clip: Clip, since: number): Part => ({
  showing,
  unit: (tick) => unitAt(clip, tick - since),
  keyTick: (tick) => since + keyTickBefore(clip, tick - since),
});

/** The group of pictures that plays at `since`, again and again; the picture at `since` is the one that was due. */
const frozenPart = (clip: Clip, since: number): Part => {
  const start = keyTickBefore(clip, since);
  let end = since + 1;
  while (!unitAt(clip, end).isKey) end += 1;
  const group: Clip = {
    ...clip,
    units: Array.from({ length: end - start }, (_, index) => unitAt(clip, start + index)),
  };
  return otherPart({ type: 'frozen' }, group, start);
};

export const programme = (clip: Clip): Programme => {
  let wanted: Showing = { type: 'clip' };
  let part = mainPart(clip);

  const settle = (tick: number): Part => {
    if (wanted !== part.showing) {
      if (wanted.type === 'other') part = otherPart(wanted, wanted.clip, tick);
      else if (wanted.type === 'frozen' && part.showing.type !== 'frozen') part = frozenPart(clip, tick);
      else if (wanted.type === 'clip' && part.showing.type !== 'clip' && unitAt(clip, tick).isKey)
        part = mainPart(clip);
    }
    return part;
  };

  return {
    want: (showing) => {
      wanted = showing;
    },
    at: (tick) => settle(tick).unit(tick),
    groupAt: (tick) => {
      const start = part.keyTick(tick);
      return Array.from({ length: tick - start + 1 }, (_, index) => part.unit(start + index));
    },
    keyAt: (tick) => {
      // Asked at any time, so it must not decide when the next showing begins.
      if (wanted.type === 'other') return unitAt(wanted.clip, 0);
      const now = wanted.type === 'clip' ? mainPart(clip) : part;
      return now.unit(now.keyTick(tick));
    },
    described: () => (wanted.type === 'other' ? wanted.clip : clip),
  };
};
