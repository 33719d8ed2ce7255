import { describe, expect, it } from 'vitest';
import { type Audit, NO_AUDIT } from '../domain/audit.ts';
import type { Packet, VideoFormat } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import type { KeptReading } from '../domain/readings.ts';
import { ms, seconds } from '../domain/units.ts';
import type { Calibration } from '../motion/luma-detector.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import type { EngineMemory, LearningEngineFactory } from './motion-engine.ts';
import { recordingEngine } from './recording-engine.ts';
import { type EngineState, rememberingEngine } from './remembering-engine.ts';

const FORMAT: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(), picture: { width: 640, height: 360 } };
const OTHER: VideoFormat = { ...FORMAT, picture: { width: 640, height: 480 } };
const SCENE: Calibration = {
  within: new Int32Array(1),
  across: new Int32Array(1),
  keys: new Int32Array(1),
  floor: new Float32Array(1),
  returns: undefined,
  clock: new Uint8Array(1),
};
const garden = cameraId('garden');

/** An engine that learns the scene in its first packet, unless told not to, and counts an audit with each. */
const scripted =
  (
    given: (EngineMemory | undefined)[],
    learns: () => boolean = () => true,
    moves: (packet: Packet) => boolean = () => false,
  ): LearningEngineFactory =>
  (_, memory) => {
    given.push(memory);
    let audit: Audit = memory?.audit ?? NO_AUDIT;
    return {
      feed(batch) {
        audit = { looked: audit.looked + 1, missed: 0 };
        return batch.map((packet) => ({ pts: packet.pts, score: moves(packet) ? 0.5 : 0, isMotion: moves(packet) }));
      },
      finish: () => [],
      pace: 'coalesced',
      decodedShare: 0,
      get audit() {
        return audit;
      },
      isCareful: false,
      remember: () => ({ audit, scene: learns() ? SCENE : undefined }),
      [Symbol.dispose]: () => undefined,
    };
  };

const packet = (clock: FakeClock, second: number): Packet => ({
  pts: seconds(second),
  arrivedAt: clock.now().mono,
  isKey: true,
  bytes: new Uint8Array(1),
});

describe('what a run learned', () => {
  const runs = async (
    ...script: readonly { readonly format?: VideoFormat; readonly blindFor?: number; readonly learns?: boolean }[]
  ): Promise<{ readonly given: readonly (EngineMemory | undefined)[]; readonly states: readonly EngineState[] }> => {
    const clock = fakeClock();
    const given: (EngineMemory | undefined)[] = [];
    const states: EngineState[] = [];
    let learns = true;
    const open = rememberingEngine({
      open: scripted(given, () => learns),
      clock,
      audit: { looked: 40, missed: 1 },
      onState: (state) => states.push(state),
    });
    for (const run of script) {
      await clock.advance(seconds(run.blindFor ?? 0));
      learns = run.learns ?? true;
      using engine = open(run.format ?? FORMAT);
      engine.feed([packet(clock, 0)]);
    }
    return { given, states };
  };

  it('is there for the next, and the audit of an earlier process for the first', async () => {
    const { given, states } = await runs({}, { blindFor: 30 });
    expect(given).toEqual([
      { audit: { looked: 40, missed: 1 }, scene: undefined },
      { audit: { looked: 41, missed: 0 }, scene: SCENE },
    ]);
    expect(states.map(({ audit }) => audit.looked)).toEqual([41, 42]);
  });

  it.each<[string, { readonly format?: VideoFormat; readonly blindFor?: number }, boolean]>([
    ['an hour later', { blindFor: 3600 }, true],
    ['more than an hour later', { blindFor: 3601 }, false],
    ['with another picture', { format: OTHER }, false],
    ['with another codec', { format: { ...FORMAT, codec: 'h265' } }, false],
  ])('%s: the audit is kept, the scene as it may be', async (_, second, isKept) => {
    const { given } = await runs({}, second);
    expect(given[1]?.audit.looked).toBe(41);
    expect(given[1]?.scene).toBe(isKept ? SCENE : undefined);
  });

  it('is not lost to a run too short to learn', async () => {
    const { given } = await runs({}, { blindFor: 5, learns: false }, { blindFor: 5 });
    expect(given[2]?.scene).toBe(SCENE);
  });
});

describe('what is kept of a run', () => {
  const watch = (fails = 0) => {
    const clock = fakeClock();
    const kept: KeptReading[][] = [];
    let failures = fails;
    const recording = recordingEngine({
      open: rememberingEngine({
        open: scripted([], undefined, ({ pts }) => pts >= 30_000 && pts < 32_000),
        clock,
        audit: NO_AUDIT,
        onState: ({ audit }) => recording.audited(audit),
      }),
      camera: garden,
      areas: [],
      log: {
        append: async (_, readings) => {
          if (failures-- > 0) throw new StillwatchError('SW_STORE_FULL', { path: '/photos' });
          kept.push([...readings]);
        },
        lastAudit: async () => undefined,
      },
      clock,
    });
    const run = async (length: number): Promise<void> => {
      using engine = recording.open(FORMAT);
      for (let second = 0; second < length; second++) {
        await clock.advance(seconds(1));
        engine.feed([packet(clock, second)]);
      }
    };
    return { clock, kept, recording, run };
  };
  const secondsOf = (readings: readonly KeptReading[], type: KeptReading['type']): number =>
    readings.reduce((sum, one) => sum + (one.type === type ? (one.type === 'calm' ? one.seconds : 1) : 0), 0);

  it('is each second once, with the areas before and the audit behind', async () => {
    const { kept, recording, run } = watch();
    await run(200);
    await recording.close();
    const all = kept.flat();
    expect(all[0]?.type).toBe('areas');
    expect(all.at(-1)).toMatchObject({ type: 'audit', audit: { looked: 200 } });
    expect([secondsOf(all, 'moving'), secondsOf(all, 'calm')]).toEqual([2, 198]);
    // Motion is written within a minute, calm after ten.
    expect(kept.length).toBe(2);
  });

  it('has a hole where the camera was lost', async () => {
    const { clock, kept, recording, run } = watch();
    await run(100);
    await clock.advance(ms(50_000));
    await run(100);
    await recording.close();
    const all = kept.flat().filter(({ type }) => type !== 'audit' && type !== 'areas');
    const spans = all.map((one) => [one.from, one.from + (one.type === 'calm' ? one.seconds : 1) * 1000] as const);
    const holes = spans.slice(1).flatMap(([from], index) => {
      const gap = from - (spans[index]?.[1] ?? 0);
      return gap > 0 ? [gap] : [];
    });
    expect(holes).toEqual([50_000]);
  });

  it('is kept later when it cannot be written now, and watching goes on', async () => {
    const { kept, recording, run } = watch(2);
    await run(400);
    await recording.close();
    await recording.close();
    const all = kept.flat();
    expect([secondsOf(all, 'moving'), secondsOf(all, 'calm')]).toEqual([2, 398]);
  });
});
