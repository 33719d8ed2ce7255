import { describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../domain/ids.ts';
import { type KeptReading, READING_CELLS, scoreOfPixels } from '../domain/readings.ts';
import { epochMs, ms, seconds } from '../domain/units.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memoryReadings } from '../testing/memory-readings.ts';
import { SOME_TIME, storedStill } from '../testing/stills.ts';
import { type PastWish, type Setting, tryOnPast } from './tuning.ts';

const garden = cameraId('garden');
const START = Math.floor(SOME_TIME / 1000) * 1000;
const at = (second: number) => epochMs(START + second * 1000);
const IN_FORCE: Setting = { areas: [], rules: { calmPeriod: seconds(10), longestEpisode: seconds(3000) } };
const SIGNAL = new AbortController().signal;

const calm = (from: number, until: number): KeptReading => ({ type: 'calm', from: at(from), seconds: until - from });
const moving = (second: number, pixels: number): KeptReading => {
  const cells = new Uint8Array(READING_CELLS);
  cells[20] = pixels;
  return { type: 'moving', from: at(second), score: scoreOfPixels(pixels), cells };
};

/** Three happenings: faint, strong, faint; each with its photo. The second photo's happening was the camera's own. */
const past = async (cause: 'pixels' | 'camera' = 'pixels') => {
  const [readings, catalog] = [memoryReadings(), memoryCatalog()];
  await readings.append(garden, [
    calm(0, 100),
    moving(100, 5),
    calm(101, 200),
    moving(200, 50),
    calm(201, 300),
    moving(300, 6),
    calm(301, 400),
  ]);
  for (const start of [100, 200, 300]) {
    const episode = episodeId(garden, epochMs(at(start) + 200));
    const name = `2026-11-23/14-3${start / 100}-00.jpg`;
    await catalog.record([
      storedStill(name, {
        camera: garden,
        takenAt: epochMs(at(start + 10) + 900),
        kind: 'calm',
        episode,
        cause,
        delay: ms(900),
      }),
    ]);
  }
  return { readings, catalog };
};

const wish = (tried: Partial<Setting>, more: Partial<PastWish> = {}): PastWish => ({
  camera: garden,
  from: at(0),
  until: at(500),
  now: IN_FORCE,
  tried: { ...IN_FORCE, ...tried },
  isCameraHeard: false,
  columns: 10,
  ...more,
});

describe('another setting on the past', () => {
  it('loses nothing when nothing is changed', async () => {
    const tried = await tryOnPast(await past(), wish({}), SIGNAL);
    expect(tried).toMatchObject({ photosNow: 3, photosTried: 3, lost: [], gained: [], seenSeconds: 400 });
  });

  it('names the photos that a higher threshold would not have taken, newest first', async () => {
    const tried = await tryOnPast(await past(), wish({ threshold: 4 }), SIGNAL);
    expect(tried).toMatchObject({ photosNow: 3, photosTried: 1, gained: [] });
    expect(tried.lost.map(({ still }) => still?.path)).toEqual(['2026-11-23/14-33-00.jpg', '2026-11-23/14-31-00.jpg']);
  });

  it('joins happenings under a longer calm period: the last photo stays', async () => {
    const rules = { ...IN_FORCE.rules, calmPeriod: seconds(150) };
    const tried = await tryOnPast(await past(), wish({ rules }), SIGNAL);
    expect(tried.photosTried).toBe(1);
    expect(tried.lost.map(({ still }) => still?.path)).toEqual(['2026-11-23/14-32-00.jpg', '2026-11-23/14-31-00.jpg']);
  });

  it('keeps a photo that the camera itself asked for', async () => {
    const tried = await tryOnPast(await past('camera'), wish({ threshold: 4 }, { isCameraHeard: true }), SIGNAL);
    expect(tried).toMatchObject({ photosNow: 3, photosTried: 3, lost: [] });
  });

  it('finds new happenings, with the place where they moved', async () => {
    const now = { ...IN_FORCE, threshold: 4 };
    const tried = await tryOnPast(await past(), wish({}, { now }), SIGNAL);
    expect(tried).toMatchObject({ photosNow: 1, photosTried: 3 });
    expect(tried.gained.map(({ start, cells }) => [(start - at(0)) / 1000, cells?.[20]])).toEqual([
      [300, 6],
      [100, 5],
    ]);
  });

  it('says which photo is not in the archive any more', async () => {
    const { readings } = await past();
    const tried = await tryOnPast({ readings, catalog: memoryCatalog() }, wish({ threshold: 4 }), SIGNAL);
    expect(tried.lost.map(({ still }) => still)).toEqual([undefined, undefined]);
  });

  it('draws what counted, and where nothing was seen', async () => {
    const tried = await tryOnPast(await past(), wish({}), SIGNAL);
    expect(tried.graph).toEqual([0, 0, 5, 0, 50, 0, 6, 0, null, null]);
  });

  it('ends when whoever asked has gone', async () => {
    const gone = new AbortController();
    gone.abort();
    await expect(tryOnPast(await past(), wish({}), gone.signal)).rejects.toThrow();
  });
});
