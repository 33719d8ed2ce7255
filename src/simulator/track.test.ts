import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { accessUnit } from './clip.ts';
import type { ActiveFault } from './fault.ts';
import { type TrackCounters, videoTrack } from './track.ts';

const KEY = accessUnit('h264', [
  Uint8Array.of(7, 1),
  Uint8Array.of(8, 1),
  Uint8Array.of(5, ...Array.from({ length: 99 }, () => 3)),
]);
const BETWEEN = accessUnit('h264', [Uint8Array.of(1, 2, 3)]);

const track = (fault?: ActiveFault) => {
  const written: Uint8Array[] = [];
  const state = { backlog: 0 };
  const counters: TrackCounters = { packets: 0, bytes: 0, pictures: 0, skipped: 0 };
  const video = videoTrack({
    socket: new Socket(),
    outlet: { write: (bytes) => void written.push(bytes), backlog: () => state.backlog, close: () => undefined },
    role: 'sub',
    channel: 0,
    fault: () => fault,
    counters,
  });
  let tick = 0;
  /** Sends one unit; gives the NAL bytes that left, reports not counted. */
  const send = (unit: typeof KEY): number[][] => {
    written.length = 0;
    video.send('h264', unit, tick, { elapsed: tick, wall: tick });
    tick += 100;
    return written.filter((frame) => frame[1] === 0).map((frame) => [...frame.subarray(16)]);
  };
  return { send, state, counters, written };
};

describe('a track', () => {
  it('leaves pictures out for a client that does not read, up to the next key frame', () => {
    const { send, state, counters } = track();
    expect(send(KEY).length).toBe(3);
    state.backlog = 5 * 1024 * 1024;
    expect(send(BETWEEN)).toEqual([]);
    expect(send(KEY)).toEqual([]);
    state.backlog = 0;
    expect(send(BETWEEN)).toEqual([]);
    expect(send(KEY).length).toBe(3);
    expect(send(BETWEEN).length).toBe(1);
    expect(counters).toMatchObject({ pictures: 3, skipped: 3, packets: 7 });
  });

  it('reports as it begins and every five seconds', () => {
    const { send, written } = track();
    const reports = Array.from({ length: 101 }, () => {
      send(BETWEEN);
      return written.filter((frame) => frame[1] === 1).length;
    });
    expect(reports.flatMap((count, index) => (count > 0 ? [index] : []))).toEqual([0, 50, 100]);
  });

  it('keeps the faults of the other stream out', () => {
    expect(track({ name: 'silent', stream: 'main' }).send(KEY).length).toBe(3);
    expect(track({ name: 'silent', stream: 'sub' }).send(KEY)).toEqual([]);
    expect(track({ name: 'silent' }).send(KEY)).toEqual([]);
  });

  it('cuts the slices of a key frame in half and nothing else', () => {
    const { send } = track({ name: 'half-key-frame' });
    expect(send(KEY).map((nal) => nal.length)).toEqual([2, 2, 50]);
    expect(send(BETWEEN).map((nal) => nal.length)).toEqual([3]);
  });

  it('starves of key frames', () => {
    const { send } = track({ name: 'no-key-frames' });
    expect([send(KEY).length, send(BETWEEN).length]).toEqual([0, 1]);
  });

  it('loses every n-th packet, its number too', () => {
    const { send } = track({ name: 'packet-loss', every: 3 });
    expect([send(KEY), send(KEY), send(BETWEEN)].map((packets) => packets.length)).toEqual([2, 2, 1]);
  });
});
