import { describe, expect, it } from 'vitest';
import { accessUnit, type Clip, clipOfUnits } from './clip.ts';
import { programme } from './programme.ts';

/** Units that can be told apart: the last NAL's second byte is `mark` plus the place in the clip. Group of four. */
const clip = (mark: number, length: number): Clip =>
  clipOfUnits(
    'h264',
    10,
    Array.from({ length }, (_, index) =>
      accessUnit(
        'h264',
        index % 4 === 0
          ? [Uint8Array.of(7), Uint8Array.of(8), Uint8Array.of(5, mark + index)]
          : [Uint8Array.of(1, mark + index)],
      ),
    ),
  );

const A = clip(0, 12);
const B = clip(100, 4);

const marks = (play: ReturnType<typeof programme>, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => play.at(from + index).nals.at(-1)?.[1] ?? -1);

describe('programme', () => {
  it('plays its clip round and round', () => {
    expect(marks(programme(A), 10, 15)).toEqual([10, 11, 0, 1, 2]);
  });

  it('shows another clip from its key frame at once, and its own again only from a key frame', () => {
    const play = programme(A);
    expect(marks(play, 0, 2)).toEqual([0, 1]);
    play.want({ type: 'other', clip: B });
    expect(play.described()).toBe(B);
    expect(marks(play, 2, 5)).toEqual([100, 101, 102]);
    play.want({ type: 'clip' });
    expect(play.described()).toBe(A);
    expect(marks(play, 5, 10)).toEqual([103, 100, 101, 8, 9]);
  });

  it('freezes in the group that plays, without a seam', () => {
    const play = programme(A);
    expect(marks(play, 4, 6)).toEqual([4, 5]);
    play.want({ type: 'frozen' });
    expect(marks(play, 6, 14)).toEqual([6, 7, 4, 5, 6, 7, 4, 5]);
    play.want({ type: 'clip' });
    expect(marks(play, 14, 18)).toEqual([6, 7, 4, 5]);
  });

  it('returns from frozen at the next key frame of the clip', () => {
    const play = programme(A);
    play.want({ type: 'frozen' });
    expect(marks(play, 0, 6)).toEqual([0, 1, 2, 3, 0, 1]);
    play.want({ type: 'clip' });
    expect(marks(play, 6, 10)).toEqual([2, 3, 8, 9]);
  });

  it('gives the group so far, of what is showing', () => {
    const play = programme(A);
    const group = (tick: number): (number | undefined)[] => play.groupAt(tick).map((unit) => unit.nals.at(-1)?.[1]);
    marks(play, 0, 7);
    expect(group(6)).toEqual([4, 5, 6]);
    play.want({ type: 'other', clip: B });
    marks(play, 7, 10);
    expect([group(7), group(9)]).toEqual([[100], [100, 101, 102]]);
  });

  it('tells the key frame at any time without a say in what is shown', () => {
    const play = programme(A);
    const key = (tick: number): number | undefined => play.keyAt(tick).nals.at(-1)?.[1];
    marks(play, 0, 3);
    expect([key(3), key(9)]).toEqual([0, 8]);
    play.want({ type: 'other', clip: B });
    expect(key(9)).toBe(100);
    expect(marks(play, 3, 5)).toEqual([100, 101]);
    play.want({ type: 'clip' });
    expect(key(9)).toBe(8);
    expect(marks(play, 5, 10)).toEqual([102, 103, 100, 8, 9]);
  });
});
