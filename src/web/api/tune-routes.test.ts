import { afterEach, describe, expect, it } from 'vitest';
import { episodeId } from '../../domain/ids.ts';
import { type Principal, ROLE_PERMISSIONS } from '../../domain/permission.ts';
import { type KeptReading, READING_CELLS, scoreOfPixels } from '../../domain/readings.ts';
import { epochMs } from '../../domain/units.ts';
import { SOME_TIME } from '../../testing/stills.ts';
import { GARDEN, type WebStage, webStage } from '../../testing/web-stage.ts';
import type { ReadingsView, ReplayView } from '../wire-tune.ts';

const OWNER: Principal = {
  kind: 'token',
  id: 'anna',
  name: 'Anna',
  permissions: ROLE_PERMISSIONS.owner,
  cameras: 'all',
};
const NOW = Math.floor(SOME_TIME / 1000) * 1000;
const ago = (seconds: number) => epochMs(NOW - seconds * 1000);
const moving = (secondsAgo: number, pixels: number): KeptReading => {
  const cells = new Uint8Array(READING_CELLS);
  cells[0] = pixels;
  return { type: 'moving', from: ago(secondsAgo), score: scoreOfPixels(pixels), cells };
};
const calm = (from: number, until: number): KeptReading => ({ type: 'calm', from: ago(from), seconds: from - until });

let stage: WebStage;
afterEach(() => stage.app.close());

const set = async (): Promise<void> => {
  stage = await webStage({ identify: async () => OWNER });
  await stage.readings.append(GARDEN, [
    calm(3000, 2000),
    moving(2000, 60),
    calm(1999, 1000),
    moving(1000, 5),
    calm(999, 0),
  ]);
  const episode = episodeId(GARDEN, ago(1000));
  await stage.add({ episode, kind: 'calm', cause: 'pixels', takenAt: epochMs(ago(990) + 500) });
};
const post = async (body: unknown) =>
  stage.app.inject({
    method: 'POST',
    url: '/api/v1/cameras/garden/replay',
    headers: { host: 'localhost', 'accept-language': 'da' },
    payload: body as object,
  });
const replay = async (body: unknown): Promise<ReplayView> => (await post(body)).json<ReplayView>();

/** The upper left cell and its neighbours. */
const CORNER = {
  polygon: [
    [0, 0],
    [0.2, 0],
    [0.2, 0.3],
    [0, 0.3],
  ],
};

describe('a camera’s past', () => {
  it('is a graph of what changed, and says what was not seen', async () => {
    await set();
    const answer = await stage.app.inject({
      url: '/api/v1/cameras/garden/readings?hours=1&columns=36',
      headers: { host: 'localhost' },
    });
    const view = answer.json<ReadingsView>();
    expect(view.columnSeconds).toBe(100);
    expect(view.pixels).toHaveLength(36);
    expect(view.pixels.slice(0, 6)).toEqual([null, null, null, null, null, null]);
    expect(view.pixels[16]).toBe(60);
    expect(view.pixels[26]).toBe(5);
  });

  it('shows the photos that another threshold, a mask or a calm period would have cost', async () => {
    await set();
    expect(await replay({ hours: 1 })).toMatchObject({ photosNow: 2, photosTried: 2, lostCount: 0, gainedCount: 0 });
    const higher = await replay({ hours: 1, setting: { threshold: 3 } });
    expect(higher).toMatchObject({ photosNow: 2, photosTried: 1, lostCount: 1 });
    expect(higher.lost[0]?.still?.camera).toBe(GARDEN);
    expect(higher.lost[0]?.text).toMatch(/^\d+\. nov\. \d\d\.\d\d\.\d\d$/);
    const masked = await replay({ hours: 1, setting: { masks: { Tree: CORNER } } });
    expect(masked).toMatchObject({ photosTried: 0, lostCount: 2 });
    expect(masked.pixels.every((pixels) => pixels === null || pixels === 0)).toBe(true);
    const off = await replay({ hours: 1, setting: { masks: { Tree: { ...CORNER, enabled: false } } } });
    expect(off).toMatchObject({ photosTried: 2 });
    expect(await replay({ hours: 1, setting: { calmPeriodSeconds: 2 } })).toMatchObject({ photosTried: 2 });
  });

  it.each([
    ['too long ago', { hours: 337 }],
    ['too many columns', { columns: 2000 }],
    ['a threshold under the noise', { setting: { threshold: 0.1 } }],
    [
      'two corners',
      {
        setting: {
          masks: {
            Tree: {
              polygon: [
                [0, 0],
                [1, 1],
              ],
            },
          },
        },
      },
    ],
    [
      'a corner outside',
      {
        setting: {
          masks: {
            Tree: {
              polygon: [
                [0, 0],
                [1, 0],
                [1, 2],
              ],
            },
          },
        },
      },
    ],
    [
      'more areas than anybody draws',
      { setting: { masks: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`m${at}`, CORNER])) } },
    ],
  ])('refuses %s', async (_, body) => {
    await set();
    expect((await post(body)).statusCode).toBe(400);
  });
});
