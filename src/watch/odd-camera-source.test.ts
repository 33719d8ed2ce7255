import { describe, expect, it } from 'vitest';
import type { StreamAddress } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import type { PacketRun } from '../ports/packet-source.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { type RunScript, scriptedPacketSource } from '../testing/scripted-packet-source.ts';
import { oddCameraSource } from './odd-camera-source.ts';

const ADDRESS: StreamAddress = { url: 'rtsp://192.0.2.1/stream' };
const signal = new AbortController().signal;
const odd = new StillwatchError('SW_CAM_PROTOCOL', { detail: 'a dialect' });
const lost = new StillwatchError('SW_CAM_LOST', {});

const sources = (own: readonly RunScript[], other: readonly RunScript[]) => {
  const clock = fakeClock();
  const [first, second] = [scriptedPacketSource(clock, own), scriptedPacketSource(clock, other)];
  return { first, second, source: oddCameraSource(first, second) };
};
const endOf = async (run: PacketRun): Promise<unknown> => {
  try {
    for await (const _ of run.batches);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

describe('the other client', () => {
  it('is not asked while ours is understood, nor when the camera refuses', async () => {
    const { first, second, source } = sources([{}, { refuse: lost }], [{}]);
    await source.open(ADDRESS, { signal });
    await expect(source.open(ADDRESS, { signal })).rejects.toBe(lost);
    expect([first.opened, second.opened]).toEqual([2, 0]);
  });

  it('is asked when ours does not understand the camera', async () => {
    const { second, source } = sources([{ refuse: odd }], [{}]);
    await source.open(ADDRESS, { signal });
    expect(second.opened).toBe(1);
  });

  it('does not hide what ours says when it fails too', async () => {
    const { source } = sources([{ refuse: odd }], [{ refuse: lost }]);
    await expect(source.open(ADDRESS, { signal })).rejects.toBe(odd);
  });

  it('takes the next run after one of ours that ended without understanding, and ours the one after', async () => {
    const { first, second, source } = sources([{ failure: odd }, { failure: lost }], [{}]);
    expect(await endOf(await source.open(ADDRESS, { signal }))).toBe(odd);
    await source.open(ADDRESS, { signal });
    expect([first.opened, second.opened]).toEqual([1, 1]);
    expect(await endOf(await source.open(ADDRESS, { signal }))).toBe(lost);
    await source.open(ADDRESS, { signal });
    expect([first.opened, second.opened]).toEqual([3, 1]);
  });

  it('is not begun when nobody waits any more', async () => {
    const stop = new AbortController();
    const { second, source } = sources([{ refuse: odd }], [{}]);
    stop.abort(new Error('stopped'));
    await expect(source.open(ADDRESS, { signal: stop.signal })).rejects.toThrow('stopped');
    expect(second.opened).toBe(0);
  });
});
