import { describe, expect, it } from 'vitest';
import type { VideoFormat } from '../domain/camera.ts';
import { READING_CELLS, scoreOfPixels } from '../domain/readings.ts';
import type { Reading } from '../domain/signal.ts';
import { ms } from '../domain/units.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import { thresholdEngine } from './threshold-engine.ts';

const FORMAT: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(), picture: undefined };
const moving = (pixels: number): Reading => {
  const cells = new Uint8Array(READING_CELLS);
  cells[3] = pixels - 1;
  cells[4] = 1;
  return { pts: ms(0), score: scoreOfPixels(pixels), isMotion: true, cells };
};
const faint = (pixels: number): Reading => ({ pts: ms(0), score: scoreOfPixels(pixels), isMotion: false, cell: 3 });
const saying =
  (readings: readonly Reading[]): MotionEngineFactory =>
  () => ({ feed: () => readings, pace: 'coalesced', decodedShare: 0, [Symbol.dispose]: () => undefined });

describe('the owner’s threshold', () => {
  it.each([
    ['asks for twice as much', 2, [moving(7), moving(8), faint(3)], [false, true, false]],
    ['is content with half', 0.5, [moving(4), faint(2), faint(1)], [true, true, false]],
    ['leaves all as it is', 1, [moving(4), faint(3.9), faint(0)], [true, false, false]],
    ['never makes motion of nothing', 0.25, [faint(0)], [false]],
  ])('%s', (_, threshold, readings, moves) => {
    const engine = thresholdEngine(saying(readings), threshold)(FORMAT);
    expect(engine.feed([]).map(({ isMotion }) => isMotion)).toEqual(moves);
  });

  it('changes nothing else of what was said', () => {
    const [reading] = thresholdEngine(saying([moving(5)]), 4)(FORMAT).feed([]);
    expect(reading).toEqual({ ...moving(5), isMotion: false });
  });
});
