import { expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import { seconds } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { fetcher } from './fetcher.ts';

it('asks again for a picture that could not be kept, although it is unchanged', async () => {
  const clock = fakeClock();
  const stop = new AbortController();
  const told: string[] = [];
  let isKnown = false;
  let isFull = true;
  const each = fetcher({
    camera: cameraId('forest'),
    // As a server with an ETag: the same picture is given once.
    fetch: async () => {
      if (isKnown) return undefined;
      isKnown = true;
      return new Uint8Array([1]);
    },
    forget: () => {
      isKnown = false;
    },
    every: seconds(60),
    door: {
      deliver: async ({ way }) => {
        if (isFull) throw new StillwatchError('SW_STORE_FULL', { path: '/' });
        told.push(way);
        return { state: 'accepted', stills: [] };
      },
    },
    clock,
    random: () => 0.5,
    onTrouble: ({ code }) => void told.push(code),
  });
  const running = each.run(stop.signal);
  await clock.advance(seconds(1));
  expect(told).toEqual(['SW_STORE_FULL']);
  isFull = false;
  await clock.advance(seconds(60));
  expect(told).toEqual(['SW_STORE_FULL', 'fetch']);
  each.call();
  await clock.advance(seconds(1));
  expect(told).toEqual(['SW_STORE_FULL', 'fetch']);
  stop.abort();
  await running;
});
