// The watcher with a camera that speaks: whose word opens an episode, what is told, and what becomes of each trigger.

import { describe, expect, it } from 'vitest';
import type { Camera, MotionWitness } from '../domain/camera.ts';
import type { CameraMessage, PropertyOperation } from '../domain/camera-message.ts';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import { ms, seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { type RunScript, type ScriptedPacketSource, scriptedPacketSource } from '../testing/scripted-packet-source.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import type { StillOrder } from './photographer.ts';
import { watcher } from './watcher.ts';

const said = (
  value: string,
  operation: PropertyOperation = 'Changed',
  topic = 'RuleEngine/MyRuleDetector/PeopleDetect',
) => ({ topic, operation, utcTime: '', source: {}, key: {}, data: { State: value } }) satisfies CameraMessage;

/** Whole seconds since the start at which the camera says something, or its line is cut. */
type Line = Readonly<Record<number, readonly CameraMessage[] | StillwatchErrorCode>>;

interface SpokenScene {
  readonly clock: FakeClock;
  readonly packets: ScriptedPacketSource;
  readonly facts: readonly WatchFact[];
  readonly orders: readonly StillOrder[];
  readonly opened: () => number;
  readonly refreshed: () => number;
  readonly told: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const watchSpoken = (
  witness: MotionWitness,
  line: Line,
  { runs = [{ seconds: 10_000 }], moving = [] }: { runs?: readonly RunScript[]; moving?: readonly number[] } = {},
): SpokenScene => {
  const clock = fakeClock();
  const packets = scriptedPacketSource(clock, runs);
  const facts: WatchFact[] = [];
  const orders: StillOrder[] = [];
  let opened = 0;
  let refreshed = 0;
  const start = clock.now().mono;
  const waiting = new Map(Object.entries(line).map(([second, what]) => [Number(second), what]));
  const events: TriggerSource = {
    name: 'pull-point',
    open: async (signal) => {
      const refused = waiting.get(-1);
      if (typeof refused === 'string') {
        opened += 1;
        throw new StillwatchError(refused);
      }
      signal.throwIfAborted();
      opened += 1;
      return {
        next: async (cut) => {
          await clock.sleep(ms(1000), cut);
          const second = Math.round((clock.now().mono - start) / 1000);
          const due = [...waiting].filter(([at]) => at >= 0 && at <= second);
          for (const [at] of due) waiting.delete(at);
          for (const [, what] of due) if (typeof what === 'string') throw new StillwatchError(what);
          return due.flatMap(([, what]) => (typeof what === 'string' ? [] : what));
        },
        refresh: async () => {
          refreshed += 1;
          return true;
        },
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
  };
  const engine: MotionEngineFactory = () => ({
    feed: (batch) => batch.map(({ pts }) => ({ pts, score: 0.8, isMotion: moving.includes(pts / 1000) })),
    pace: 'coalesced',
    decodedShare: 0,
    [Symbol.dispose]: () => undefined,
  });
  const camera: Camera = {
    id: cameraId('garden'),
    name: 'Garden',
    streams: { main: { url: 'rtsp://cam/stream1' }, sub: { url: 'rtsp://cam/stream2' } },
    rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
    isDemo: false,
    motionBy: witness,
    onvif: {},
  };
  const stopping = new AbortController();
  const running = watcher({
    camera,
    packets,
    engine,
    photographer: { take: (order) => void orders.push(order), close: async () => undefined },
    clock,
    random: () => 0.5,
    telemetry: { tell: (fact) => void facts.push(fact) },
    events: [events],
  }).run(stopping.signal);
  return {
    clock,
    packets,
    facts,
    orders,
    opened: () => opened,
    refreshed: () => refreshed,
    told: () =>
      facts
        .filter(
          ({ type }) => !['moving', 'keys-measured', 'events-checked', 'events-counted', 'events-heard'].includes(type),
        )
        .map((fact) =>
          fact.type === 'blind' || fact.type === 'events-lost' ? `${fact.type} ${fact.code}` : fact.type,
        ),
    stop: async () => {
      stopping.abort();
      await clock.advance(seconds(2));
      await running;
    },
  };
};

const kinds = (scene: SpokenScene): readonly string[] =>
  scene.orders.filter((order) => order.isSettled ?? true).map(({ kind }) => kind);

describe('by the camera’s word alone', () => {
  it('one happening, one calm photo, and no stream is opened', async () => {
    const scene = watchSpoken('events', { 20: [said('true')], 25: [said('false')] });
    await scene.clock.advance(seconds(60));
    expect(kinds(scene)).toEqual(['before', 'peak', 'calm']);
    expect(scene.told()).toEqual(['seeing', 'episode-opened', 'trigger', 'episode-ended']);
    expect(scene.packets.opened).toBe(0);
    const calm = scene.orders.find(({ kind }) => kind === 'calm');
    expect(calm?.episode).toMatchObject({ cause: 'camera', claims: ['person'] });
    expect(scene.facts.find(({ type }) => type === 'trigger')).toMatchObject({
      origin: 'camera',
      claims: ['person'],
      episode: calm?.episode?.id,
    });
    await scene.stop();
  });

  it('a state that is only repeated begins nothing', async () => {
    const scene = watchSpoken('events', { 5: [said('true', 'Initialized')], 30: [said('true', 'Initialized')] });
    await scene.clock.advance(seconds(120));
    expect(scene.told()).toEqual(['seeing']);
    await scene.stop();
  });

  it('a true without a false ends by time, and in a photo', async () => {
    const scene = watchSpoken('events', { 5: [said('true')] });
    await scene.clock.advance(seconds(120));
    expect(scene.told()).toEqual(['seeing', 'episode-opened', 'trigger', 'episode-ended']);
    expect(kinds(scene).at(-1)).toBe('calm');
    await scene.stop();
  });

  it('a line that stays dead is blindness, and pixels look until the camera speaks again', async () => {
    const dead: Line = { 5: 'SW_CAM_LOST', 6: 'SW_CAM_LOST', 7: 'SW_CAM_LOST', 300: [said('true')] };
    const scene = watchSpoken('events', dead, { moving: [3] });
    await scene.clock.advance(seconds(8));
    expect(scene.told().slice(0, 3)).toEqual(['seeing', 'events-lost SW_CAM_LOST', 'blind SW_CAM_LOST']);
    // The line comes back by itself within seconds, and the stream that stood in is given back.
    await scene.clock.advance(seconds(120));
    expect(scene.packets.opened).toBe(1);
    expect(scene.packets.disposed).toBe(1);
    expect(scene.told().at(-1)).toBe('seeing');
    await scene.stop();
  });

  it('a refused password is told, and not tried at the stream as well', async () => {
    const scene = watchSpoken('events', { [-1]: 'SW_CAM_AUTH' });
    await scene.clock.advance(seconds(30 * 60));
    expect(scene.opened()).toBe(1);
    expect(scene.packets.opened).toBe(0);
    expect(scene.told()).toContain('events-lost SW_CAM_AUTH');
    await scene.stop();
  });
});

describe('by both', () => {
  it('the camera opens, the pixels join, and it is one episode with one photo', async () => {
    const scene = watchSpoken('both', { 30: [said('true')], 36: [said('false')] }, { moving: [32, 33, 34] });
    await scene.clock.advance(seconds(70));
    expect(kinds(scene).filter((kind) => kind === 'calm')).toHaveLength(1);
    const triggers = scene.facts.filter((fact) => fact.type === 'trigger');
    expect(triggers.map(({ origin }) => origin)).toEqual(['camera', 'pixels']);
    expect(new Set(triggers.map(({ episode }) => episode)).size).toBe(1);
    await scene.stop();
  });

  it('the camera’s word opens an episode that the pixels do not see', async () => {
    const scene = watchSpoken('both', { 30: [said('true')], 33: [said('false')] });
    await scene.clock.advance(seconds(70));
    expect(kinds(scene)).toEqual(['before', 'peak', 'calm']);
    await scene.stop();
  });

  it('several words of one moment are several triggers of one episode', async () => {
    const motion = said('true', 'Changed', 'VideoSource/MotionAlarm');
    const scene = watchSpoken('both', { 30: [motion, said('true')] });
    await scene.clock.advance(seconds(90));
    const triggers = scene.facts.filter((fact) => fact.type === 'trigger');
    expect(new Set(triggers.map(({ trigger }) => trigger)).size).toBe(2);
    expect(new Set(triggers.map(({ episode }) => episode)).size).toBe(1);
    await scene.stop();
  });

  it('a password that the stream refuses is not sent to the camera’s services', async () => {
    const scene = watchSpoken('both', {}, { runs: [{ refuse: new StillwatchError('SW_CAM_AUTH') }] });
    await scene.clock.advance(seconds(30 * 60));
    expect(scene.opened()).toBe(0);
    await scene.stop();
  });

  it('a camera that says nothing of what is seen is renewed, rebuilt, and told; its next word ends the doubt', async () => {
    const moving = Array.from({ length: 9 }, (_, index) => 30 + index * 30);
    const scene = watchSpoken('both', { 400: [said('true')] }, { moving });
    await scene.clock.advance(seconds(390));
    expect(scene.refreshed()).toBe(1);
    expect(scene.opened()).toBe(3);
    const doubts = (): readonly unknown[] =>
      scene.facts.flatMap((fact) => (fact.type === 'events-doubted' ? [fact.doubt] : []));
    expect(doubts()).toEqual(['silent']);
    await scene.clock.advance(seconds(30));
    expect(doubts()).toEqual(['silent', undefined]);
    const figures = scene.facts.findLast((fact) => fact.type === 'events-checked');
    expect(figures?.type === 'events-checked' && figures.figures.total.onlyPixels).toBe(9);
    await scene.stop();
  });
});

it('by pixels: the camera is not listened to', async () => {
  const scene = watchSpoken('pixels', { 5: [said('true')] });
  await scene.clock.advance(seconds(60));
  expect(scene.opened()).toBe(0);
  expect(scene.told()).toEqual(['seeing']);
  await scene.stop();
});
