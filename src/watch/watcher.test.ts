import { describe, expect, it } from 'vitest';
import type { Camera } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import { type Ms, seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { type RunScript, type ScriptedPacketSource, scriptedPacketSource } from '../testing/scripted-packet-source.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import type { StillOrder } from './photographer.ts';
import { watcher } from './watcher.ts';

const camera: Camera = {
  id: cameraId('garden'),
  name: 'Garden',
  streams: { main: { url: 'rtsp://cam/stream1' }, sub: { url: 'rtsp://cam/stream2' } },
  rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
  isDemo: false,
};

/** Sees motion in the packets whose second is listed. */
const engineThatSees =
  (moving: readonly number[]): MotionEngineFactory =>
  () => ({
    feed: (batch) => batch.map(({ pts }) => ({ pts, score: 0.5, isMotion: moving.includes(pts / 1000) })),
    pace: 'coalesced',
    decodedShare: 0,
    [Symbol.dispose]: () => undefined,
  });

interface Scene {
  readonly clock: FakeClock;
  readonly source: ScriptedPacketSource;
  readonly facts: readonly WatchFact[];
  readonly orders: readonly StillOrder[];
  readonly codes: () => readonly string[];
  readonly stop: () => Promise<void>;
  readonly closed: () => number;
}

const watch = (
  scripts: readonly RunScript[],
  moving: readonly number[] = [],
  isLookedAt: (now: number) => boolean = () => false,
): Scene => {
  const clock = fakeClock();
  const source = scriptedPacketSource(clock, scripts);
  const facts: WatchFact[] = [];
  const orders: StillOrder[] = [];
  let closed = 0;
  const stopping = new AbortController();
  const running = watcher({
    camera,
    packets: source,
    engine: engineThatSees(moving),
    photographer: {
      take: (order) => void orders.push(order),
      close: async () => {
        closed += 1;
      },
    },
    clock,
    random: () => 0.5,
    telemetry: { tell: (fact) => void facts.push(fact) },
    isLookedAt: () => isLookedAt(clock.now().mono),
  }).run(stopping.signal);
  return {
    clock,
    source,
    facts,
    orders,
    codes: () =>
      facts
        .filter(({ type }) => type !== 'keys-measured')
        .map((fact) => (fact.type === 'blind' ? fact.code : fact.type)),
    stop: async () => {
      stopping.abort();
      await clock.advance(seconds(1));
      await running;
    },
    closed: () => closed,
  };
};
const HOUR: Ms = seconds(3600);

describe('a watcher', () => {
  it('orders one calm photo for one happening, and reads eagerly only while it lasts', async () => {
    const scene = watch([{ seconds: 60 }], [20, 21, 22]);
    await scene.clock.advance(seconds(61));
    const settled = scene.orders.filter((order) => order.isSettled ?? true);
    expect(settled.map((order) => order.kind)).toEqual(['before', 'peak', 'calm']);
    expect(scene.codes().filter((code) => code !== 'moving')).toEqual([
      'seeing',
      'episode-opened',
      'trigger',
      'episode-ended',
    ]);
    expect(scene.source.paces).toEqual(['coalesced', 'eager', 'coalesced']);
    await scene.stop();
    expect(scene.source.disposed).toBe(1);
  });

  it('reads eagerly while somebody looks, though nothing moves', async () => {
    let from: number | undefined;
    const scene = watch([{ seconds: 60 }], [], (now) => {
      from ??= now;
      return now - from >= 20_000 && now - from < 30_000;
    });
    await scene.clock.advance(seconds(61));
    expect(scene.source.paces).toEqual(['coalesced', 'eager', 'coalesced']);
    expect(scene.orders).toEqual([]);
    await scene.stop();
  });

  it('is the same after a year of two lost connections a day: a photo of every happening, nothing left open', async () => {
    const HALF_DAY = 43_200;
    const lost = new StillwatchError('SW_CAM_LOST');
    const scene = watch([{ seconds: 18, silence: HALF_DAY - 18, failure: lost }], [4, 5]);
    await scene.clock.advance(seconds(HALF_DAY));
    const sleepers = scene.clock.sleepers;
    for (let day = 1; day < 730; day++) await scene.clock.advance(seconds(HALF_DAY));
    const count = (code: string): number => scene.codes().filter((each) => each === code).length;
    // Each reconnecting takes a second or two, so a year has a run less than half days.
    const runs = count('SW_CAM_LOST');
    expect(runs).toBeGreaterThan(720);
    expect(scene.source.disposed).toBe(runs);
    expect(scene.orders.filter(({ kind }) => kind === 'calm').length).toBeGreaterThanOrEqual(runs);
    expect(count('episode-opened')).toBe(count('episode-ended'));
    expect(scene.clock.sleepers).toBeLessThanOrEqual(sleepers + 1);
    await scene.stop();
    expect(scene.clock.sleepers).toBe(0);
  }, 120_000);

  it('says blind, reconnects and sees again when the connection is cut', async () => {
    const lost = new StillwatchError('SW_CAM_LOST');
    const scene = watch([{ seconds: 5, failure: lost }, { seconds: 500 }]);
    await scene.clock.advance(seconds(30));
    expect(scene.codes()).toEqual(['seeing', 'SW_CAM_LOST', 'seeing']);
    await scene.stop();
  });

  it('keeps asking, once a minute, for a camera that is gone for an hour', async () => {
    const gone: RunScript = { refuse: new StillwatchError('SW_CAM_UNREACHABLE', { host: 'cam' }) };
    const scene = watch([gone]);
    await scene.clock.advance(HOUR);
    expect(scene.source.opened).toBeGreaterThan(60);
    expect(scene.source.opened).toBeLessThan(130);
    await scene.stop();
  });

  it('does not storm a camera that refuses the password', async () => {
    const scene = watch([{ refuse: new StillwatchError('SW_CAM_AUTH') }]);
    await scene.clock.advance(seconds(30 * 60));
    expect(scene.source.opened).toBe(1);
    expect(scene.codes()).toEqual(['SW_CAM_AUTH']);
    await scene.clock.advance(seconds(2 * 60));
    expect(scene.source.opened).toBe(2);
    await scene.stop();
  });

  it('calls it locked when the password worked before', async () => {
    const scene = watch([
      { seconds: 3, failure: new StillwatchError('SW_CAM_LOST') },
      { refuse: new StillwatchError('SW_CAM_AUTH') },
    ]);
    await scene.clock.advance(seconds(60));
    expect(scene.codes()).toEqual(['seeing', 'SW_CAM_LOST', 'SW_CAM_LOCKED']);
    await scene.stop();
  });

  it('does not take silence for calm: a happening cut off by a blind hour ends when it is seen to be calm', async () => {
    const cut: RunScript = { seconds: 22, failure: new StillwatchError('SW_CAM_LOST') };
    const gone: RunScript = { refuse: new StillwatchError('SW_CAM_UNREACHABLE', { host: 'cam' }) };
    const scene = watch([cut, ...Array.from({ length: 100 }, () => gone), { seconds: 15 }], [20, 21]);
    const calm = (): number => scene.orders.filter((order) => order.kind === 'calm').length;
    await scene.clock.advance(HOUR);
    expect(calm()).toBe(0);
    await scene.clock.advance(HOUR);
    expect(calm()).toBe(1);
    await scene.stop();
  });

  it('survives what nobody expected', async () => {
    const scene = watch([{ refuse: new TypeError('x is not a function') }, { seconds: 50 }]);
    await scene.clock.advance(seconds(10));
    expect(scene.codes()).toEqual(['SW_UNEXPECTED', 'seeing']);
    await scene.stop();
  });

  it('stops at once, closes the run and lets the photographer finish', async () => {
    const scene = watch([{ seconds: 500 }]);
    await scene.clock.advance(seconds(5));
    await scene.stop();
    expect(scene.source.disposed).toBe(1);
    expect(scene.closed()).toBe(1);
    expect(scene.clock.sleepers).toBe(0);
  });
});
