import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Packet, VideoFormat } from '../domain/camera.ts';
import { epochMs, type Instant, type Ms, monoMs, ms, seconds } from '../domain/units.ts';
import { type PacketRing, packetRing } from './packet-ring.ts';

const format = (): VideoFormat => ({ codec: 'h264', parameterSets: new Uint8Array(), picture: undefined });

/** Presentation time 0 is monotonic 1000. */
const instantOf = (pts: Ms): Instant => ({ mono: monoMs(1000 + pts), wall: epochMs(1_795_000_000_000 + pts) });
const packet = (pts: number, isKey: boolean, size = 100): Packet => ({
  pts: ms(pts),
  arrivedAt: monoMs(1000 + pts),
  isKey,
  bytes: new Uint8Array(size),
});

/** Ten pictures a second, a key frame every `group` pictures. */
const fill = (ring: PacketRing, run: VideoFormat, from: number, to: number, group = 20): void => {
  for (let index = from; index < to; index++) ring.push(run, [packet(index * 100, index % group === 0)], instantOf);
};

describe('a ring of packets', () => {
  it('gives the wanted picture with everything it needs', () => {
    const ring = packetRing();
    fill(ring, format(), 0, 60);
    const cut = ring.cut(monoMs(1000 + 3_340));
    expect(cut?.pts).toBe(3300);
    expect(cut?.packets.map(({ pts }) => pts)).toEqual(Array.from({ length: 14 }, (_, index) => 2000 + index * 100));
    expect(cut?.packets[0]?.isKey).toBe(true);
    expect(cut?.at).toEqual(instantOf(ms(3300)));
  });

  // wanted, how near a key frame must be, nothing later?, presentation time
  it.each([
    [2_300, 0, false, 2300],
    [2_300, 500, false, 2000],
    [2_600, 500, false, 2600],
    [3_900, 500, false, 4000],
    [3_900, 500, true, 3900],
    [3_950, 0, true, 3900],
    [3_960, 0, false, 4000],
    [9_000, 0, false, undefined],
    [6_500, 0, false, 5900],
    [-800, 0, false, 0],
    [-800, 0, true, undefined],
  ])('wanted %i, key within %i, not after %s: %s', (wanted, keyWithin, notAfter, pts) => {
    const ring = packetRing();
    fill(ring, format(), 0, 60);
    expect(ring.cut(monoMs(1000 + wanted), { keyWithin: ms(keyWithin), notAfter })?.pts).toBe(pts);
  });

  it('drops a group when the next one reaches far enough back', () => {
    const ring = packetRing({ reach: seconds(4), mostBytes: 1e9 });
    fill(ring, format(), 0, 80);
    // At 7.9 s the group that began at 2.0 s reaches 5.9 s back; the one from 0.0 s is not needed, since 2.0 is 5.9 s old.
    expect(ring.cut(monoMs(1000 + 1_500), { outside: ms(0) })).toBeUndefined();
    expect(ring.cut(monoMs(1000 + 3_900))?.pts).toBe(3900);
    expect(ring.bytes).toBe(60 * 100);
  });

  it('forgets a group that is larger than everything allowed, and begins again at the next key frame', () => {
    const ring = packetRing({ reach: seconds(10), mostBytes: 1000 });
    const run = format();
    fill(ring, run, 0, 15, 100);
    expect(ring.bytes).toBeLessThanOrEqual(1000);
    expect(ring.cut(monoMs(1000 + 1_400))).toBeUndefined();
    ring.push(run, [packet(1500, true), packet(1600, false)], instantOf);
    expect(ring.cut(monoMs(1000 + 1_600))?.packets).toHaveLength(2);
  });

  it('never mixes two runs', () => {
    const ring = packetRing();
    const [first, second] = [format(), format()];
    fill(ring, first, 0, 30);
    // The new run joins in the middle of a group.
    ring.push(second, [packet(3000, false), packet(3100, false), packet(3200, true), packet(3300, false)], instantOf);
    expect(ring.cut(monoMs(1000 + 2_900))).toMatchObject({ format: first, pts: 2900 });
    const cut = ring.cut(monoMs(1000 + 3_300));
    expect(cut?.format).toBe(second);
    expect(cut?.packets.map(({ pts }) => pts)).toEqual([3200, 3300]);
    expect(ring.cut(monoMs(1000 + 3_100))?.pts).toBe(3200);
  });

  it('takes the group before along for a picture shown before its key frame', () => {
    const ring = packetRing();
    const run = format();
    ring.push(
      run,
      [packet(0, true), packet(100, false), packet(400, true), packet(200, false), packet(300, false)],
      instantOf,
    );
    expect(ring.cut(monoMs(1000 + 310))?.packets.map(({ pts }) => pts)).toEqual([0, 100, 400, 200, 300]);
    expect(ring.cut(monoMs(1000 + 400))?.packets.map(({ pts }) => pts)).toEqual([400]);
  });

  it('does not give a leading picture whose reference it never had', () => {
    const ring = packetRing();
    ring.push(format(), [packet(400, true), packet(200, false), packet(300, false), packet(500, false)], instantOf);
    expect(ring.cut(monoMs(1000 + 310))?.pts).toBe(400);
  });

  it('is empty after it was cleared', () => {
    const ring = packetRing();
    fill(ring, format(), 0, 30);
    ring.clear();
    expect([ring.bytes, ring.newest, ring.cut(monoMs(2000))]).toEqual([0, undefined, undefined]);
  });

  it('keeps within its bytes, counts them rightly and cuts only what can be decoded', () => {
    const anyPacket = fc.record({ isKey: fc.boolean(), size: fc.nat(400), isNewRun: fc.nat(30).map((n) => n === 0) });
    const anyBounds = fc.record({
      reach: fc.integer({ min: 100, max: 3000 }).map(ms),
      mostBytes: fc.integer({ min: 500, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 120 }), anyBounds, fc.nat(13_000), (packets, bounds, wanted) => {
        const ring = packetRing(bounds);
        let run = format();
        packets.forEach(({ isKey, size, isNewRun }, index) => {
          if (isNewRun) run = format();
          ring.push(run, [packet(index * 100, isKey, size)], instantOf);
          expect(ring.bytes).toBeLessThanOrEqual(bounds.mostBytes);
        });
        const cut = ring.cut(monoMs(1000 + wanted));
        if (!cut) return;
        expect(cut.packets[0]?.isKey).toBe(true);
        expect(cut.packets.at(-1)?.pts).toBe(cut.pts);
        expect(Math.abs(cut.pts - wanted)).toBeLessThanOrEqual(1000);
      }),
    );
  });
});
