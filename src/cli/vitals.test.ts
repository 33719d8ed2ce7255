// What the program says of itself while a camera is watched: every name that the reference promises, with its labels.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cameraId, episodeId } from '../domain/ids.ts';
import { seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { storedStill } from '../testing/stills.ts';
import { statusFeed } from '../web/status-feed.ts';
import { roleVitals } from './vitals.ts';

const garden = cameraId('garden');
const stream = { url: 'rtsp://192.0.2.1/stream' };
const camera = {
  id: garden,
  name: 'Garden',
  isDemo: false,
  streams: { main: stream, sub: stream },
  rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
};

const stage = async () => {
  const clock = fakeClock();
  const catalog = memoryCatalog();
  const feed = statusFeed([camera], clock.now().wall);
  const vitals = roleVitals({
    place: {
      disk: {
        space: async () => ({ free: 5e9, total: 1e10 }),
        holdReserve: async () => undefined,
        releaseReserve: async () => undefined,
      },
      spool: {
        pending: async () => [],
        accept: () => Promise.reject(new Error('nothing is taken')),
        release: async () => undefined,
        setAside: async () => undefined,
      },
    },
    catalog,
    status: () => feed.status(),
    rules: { each: {}, cameras: {}, free: 0, includesFound: false },
    clock,
  });
  const tell = (fact: WatchFact): void => {
    feed.tell(fact);
    vitals.tell(fact);
  };
  const still = storedStill('2026-11-23/a.jpg', { camera: garden, cause: 'pixels' });
  await catalog.record([still]);
  vitals.stored(still);
  return { clock, vitals, tell };
};

/** Everything that a camera with events, motion and trouble makes known. */
const watchOne = (clock: FakeClock, tell: (fact: WatchFact) => void): void => {
  const at = clock.now().wall;
  const episode = episodeId(garden, at);
  const missed = { kind: 'calm', code: 'SW_CAM_LOST', facts: {} } as const;
  const none = { agreed: 0, onlyPixels: 0, onlyCamera: 0 };
  tell({ type: 'seeing', camera: garden, at, codec: 'h264' });
  tell({ type: 'episode-opened', camera: garden, at, episode, cause: 'pixels' });
  tell({ type: 'still-missed', camera: garden, at, episode, ...missed });
  tell({ type: 'blind', camera: garden, at, code: 'SW_CAM_LOST', facts: {}, retryAt: at });
  tell({ type: 'seeing', camera: garden, at, codec: 'h264' });
  tell({ type: 'packets-lost', camera: garden, at, lost: 3, seconds: 10 });
  tell({ type: 'audited', camera: garden, at, audit: { looked: 200, missed: 1 }, isCareful: true });
  tell({ type: 'events-heard', camera: garden, at, channel: 'pull-point' });
  tell({ type: 'events-checked', camera: garden, at, figures: { total: none } } as unknown as WatchFact);
  tell({
    type: 'events-counted',
    camera: garden,
    at,
    counters: { opened: 1, failed: 0, messages: 4 },
  } as unknown as WatchFact);
  tell({ type: 'clock-read', camera: garden, at, offset: 1500 } as unknown as WatchFact);
};

it('every name of the reference is there, with its labels, and none beside', async () => {
  const { clock, vitals, tell } = await stage();
  watchOne(clock, tell);
  vitals.counters.swept(2);
  vitals.counters.notified('gate', 'sent');
  vitals.captured(7, {
    type: 'alive',
    rss: 1e8,
    cpuSeconds: 3,
    decodeSeconds: [[garden, 2]],
    newestPackets: [[garden, clock.now().wall]],
  });
  await clock.advance(seconds(2));
  const page = await vitals.metrics();
  const said = new Set<string>();
  for (const line of page.split('\n')) {
    const [, name = '', labels = ''] = /^([a-z_]+?)(?:_bucket|_sum|_count)?(?:\{(.*)\})? /.exec(line) ?? [];
    const names = [...labels.matchAll(/([a-z]+)="/g)].map(([, label]) => label).filter((label) => label !== 'le');
    if (name !== '') said.add(names.length > 0 ? `${name}{${names.join()}}` : name);
  }
  const reference = readFileSync(fileURLToPath(new URL('../../docs/reference/metrics.md', import.meta.url)), 'utf8');
  const promised = [...reference.matchAll(/^\|(.*?)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
  expect([...said].toSorted()).toEqual(promised.toSorted());
  expect(page).toContain('stillwatch_last_packet_age_seconds{camera="garden"} 2\n');
  expect(page).toContain('stillwatch_camera_clock_offset_seconds{camera="garden"} 1.5\n');
  expect(page).toContain('stillwatch_motion_miss_rate{camera="garden",bound="estimate"} 0.005\n');
  expect(page).toContain('stillwatch_decode_cpu_seconds_total{camera="garden"} 2\n');
});
