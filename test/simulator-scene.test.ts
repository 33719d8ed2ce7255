// The demo scene judged by the product's own detection: everything that happens is found, and nothing else is.

import { describe, expect, it } from 'vitest';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import type { Packet, VideoFormat } from '../src/domain/camera.ts';
import { monoMs, ms } from '../src/domain/units.ts';
import { annexB, type Clip } from '../src/simulator/clip.ts';
import { DEMO_STREAMS, demoStreams } from '../src/simulator/demo-camera.ts';
import { SCENE_SECONDS, TIMELINE } from '../src/simulator/scene/timeline.ts';
import { carefulEngine } from '../src/watch/careful-engine.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import type { MotionEngineFactory, ReplayEngine } from '../src/watch/motion-engine.ts';

/** Seconds by which a reading may follow the motion: the detector looks 0.6 s back and confirms with two of three. */
const LATE = 2;
/** Two loops: in the second one the detector knows the scene, and the seam between them must not be a happening. */
const LOOPS = 2;

const packetsOf = (clip: Clip): Packet[] =>
  Array.from({ length: clip.units.length * LOOPS }, (_, tick) => {
    const unit = clip.units[tick % clip.units.length];
    const at = (tick * 1000) / clip.fps;
    return { pts: ms(at), arrivedAt: monoMs(at), isKey: unit?.isKey ?? false, bytes: annexB(unit?.nals ?? []) };
  });

/** Times of all readings of motion, in seconds from the beginning. */
const readingsOf = (open: MotionEngineFactory | ((format: VideoFormat) => ReplayEngine), clip: Clip): number[] => {
  using engine = open({ codec: 'h264', parameterSets: annexB(clip.parameterSets), picture: DEMO_STREAMS.sub });
  const packets = packetsOf(clip);
  const times: number[] = [];
  for (let at = 0; at < packets.length; at += 5) {
    for (const reading of engine.feed(packets.slice(at, at + 5))) {
      if (reading.isMotion) times.push(reading.pts / 1000);
    }
  }
  return times;
};

describe.each([
  ['careful', carefulEngine({ decoder: avLumaDecoder() })],
  ['economy', cascadeEngine({ decoder: avLumaDecoder() })],
] as const)('the %s engine', (_, open) => {
  it('finds every happening of two loops, and nothing in the light, the clouds or the seam', async () => {
    const { sub } = await demoStreams();
    const times = readingsOf(open, sub);
    const happenings = Array.from({ length: LOOPS }, (_, loop) =>
      TIMELINE.filter(({ kind }) => kind !== 'light').map(({ name, start, end }) => ({
        name,
        start: start + loop * SCENE_SECONDS,
        end: end + loop * SCENE_SECONDS + LATE,
      })),
    ).flat();
    const found = happenings.filter(({ start, end }) => times.some((time) => time >= start && time <= end));
    expect(found).toEqual(happenings);
    const other = times.filter((time) => !happenings.some(({ start, end }) => time >= start && time <= end));
    expect(other).toEqual([]);
  });
});
