import { describe, expect, it } from 'vitest';
import { monoMs, ms } from '../../domain/units.ts';
import { encodeVideo, type VideoRecipe } from '../../testing/encoded-video.ts';
import { avLumaDecoder } from './luma-decoder.ts';

const SIZE = { width: 160, height: 90 };

/** Left half dark, right half bright by frame number: the decoded plane tells which frame it was. */
const recipe = (codec: VideoRecipe['codec'], more: Partial<VideoRecipe> = {}): VideoRecipe => ({
  codec,
  width: 320,
  height: 180,
  fps: 10,
  frames: 30,
  gop: 10,
  paint: (luma, frame) => {
    for (let at = 0; at < luma.length; at++) luma[at] = at % 320 < 160 ? 30 : 60 + 4 * frame;
  },
  ...more,
});

/** Planes come out in full range (0..255), as 219 steps from 16 went in. */
const painted = (pixel: number | undefined): number => ((pixel ?? 0) * 219) / 255 + 16;
const frameOf = (pixels: Uint8Array): number => Math.round((painted(pixels[45 * 160 + 120]) - 60) / 4);

describe.each(['h264', 'h265'] as const)('luma of %s', (codec) => {
  it('gives every picture, scaled, with its own time', () => {
    const { format, packets } = encodeVideo(recipe(codec));
    using run = avLumaDecoder().open(format, SIZE);
    const seen = packets.flatMap((packet) => {
      const luma = run.decode(packet);
      return luma ? [{ pts: luma.pts, frame: frameOf(luma.pixels), left: painted(luma.pixels[45 * 160 + 20]) }] : [];
    });
    const last = run.drain();
    const all = last ? [...seen, { pts: last.pts, frame: frameOf(last.pixels), left: 30 }] : seen;
    expect(all.length).toBeGreaterThanOrEqual(29);
    for (const { pts, frame, left } of all) {
      expect(Math.abs(frame - pts / 100)).toBeLessThanOrEqual(1);
      expect(Math.abs(left - 30)).toBeLessThan(4);
    }
  });

  it('gives key frames alone, at once, when it is drained', () => {
    const { format, packets } = encodeVideo(recipe(codec, { bFrames: 2 }));
    using run = avLumaDecoder().open(format, SIZE);
    const keys = packets.filter((packet) => packet.isKey);
    const seen = keys.map((packet) => (run.decode(packet) ?? run.drain())?.pts);
    expect(seen).toEqual(keys.map((packet) => packet.pts));
  });

  it('orders pictures by presentation when there are B-frames', () => {
    const { format, packets } = encodeVideo(recipe(codec, { bFrames: 2 }));
    expect(packets.some((packet, index) => packet.pts < (packets[index - 1]?.pts ?? 0))).toBe(true);
    using run = avLumaDecoder().open(format, SIZE);
    const times = packets.flatMap((packet) => run.decode(packet)?.pts ?? []);
    expect(times.length).toBeGreaterThan(20);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('survives a change of size in mid-stream', () => {
    const small = encodeVideo(recipe(codec));
    const large = encodeVideo(
      recipe(codec, { width: 640, height: 480, paint: (luma) => luma.fill(200), frames: 10, gop: 5 }),
    );
    using run = avLumaDecoder().open(small.format, SIZE);
    for (const packet of small.packets) run.decode(packet);
    let last: number | undefined;
    for (const packet of large.packets) last = run.decode(packet)?.pixels[5000] ?? last;
    expect(last).toBeGreaterThan(190);
  });

  it('waits for a key frame after a reset, and shrugs off rubbish', () => {
    const { format, packets } = encodeVideo(recipe(codec));
    using run = avLumaDecoder().open(format, SIZE);
    const second = packets[1];
    const key = packets[0];
    if (!key || !second) throw new Error('no packets');
    run.reset();
    expect(run.decode(second)).toBeUndefined();
    const rubbish = { pts: ms(0), arrivedAt: monoMs(0), isKey: true, bytes: new Uint8Array(400).fill(0x5a) };
    expect(run.decode(rubbish)).toBeUndefined();
    expect(run.decode({ ...rubbish, bytes: new Uint8Array(0) })).toBeUndefined();
    run.reset();
    expect((run.decode(key) ?? run.drain())?.pts).toBe(key.pts);
  });
});

describe('luma decoder', () => {
  it('opens without parameter sets and with damaged ones', () => {
    const { format, packets } = encodeVideo(recipe('h264', { frames: 2 }));
    const key = packets[0];
    if (!key) throw new Error('no packets');
    using run = avLumaDecoder().open({ ...format, parameterSets: new Uint8Array([0, 0, 0, 1, 0x67, 0xff]) }, SIZE);
    expect((run.decode(key) ?? run.drain())?.width).toBe(160);
  });

  it('gives nothing once disposed', () => {
    const { format, packets } = encodeVideo(recipe('h264', { frames: 2 }));
    const run = avLumaDecoder().open(format, SIZE);
    run[Symbol.dispose]();
    run[Symbol.dispose]();
    const key = packets[0];
    if (!key) throw new Error('no packets');
    expect(run.decode(key)).toBeUndefined();
    expect(run.drain()).toBeUndefined();
  });
});
