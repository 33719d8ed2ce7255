// What every packet source must do, whoever speaks RTSP inside: tried against the simulated camera.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { avLumaDecoder } from '../adapters/av/luma-decoder.ts';
import type { Packet, StreamAddress } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import type { PacketRun, PacketSource } from '../ports/packet-source.ts';
import { type SimulatedCamera, simulatedCamera } from '../simulator/rtsp-server.ts';
import { testClip } from './test-media.ts';

const PASSWORD = 'canary ø"\\/x';
const never = new AbortController().signal;

const read = async (run: PacketRun, count: number): Promise<readonly Packet[]> => {
  const packets: Packet[] = [];
  for await (const batch of run.batches) {
    packets.push(...batch);
    if (packets.length >= count) break;
  }
  return packets;
};

const failureOf = async (doing: Promise<unknown>): Promise<StillwatchError> => {
  const thrown: unknown = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof StillwatchError) return thrown;
  throw new Error(`not an error of the table: ${String(thrown)}`);
};

export const packetSourceContract = (source: PacketSource): void => {
  let camera: SimulatedCamera;
  const address = (role: 'main' | 'sub' = 'sub', password = PASSWORD): StreamAddress => ({
    url: camera.url(role),
    credentials: { user: 'viewer', password: new Secret(password) },
  });
  /** Resolves when the camera has no session left: how long a goodbye takes is each source's own. */
  const noSession = async (): Promise<void> => {
    while (camera.sessions() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  beforeAll(async () => {
    camera = await simulatedCamera({
      streams: { main: testClip({ codec: 'h265' }), sub: testClip() },
      credentials: { user: 'viewer', password: new Secret(PASSWORD) },
    });
  });
  afterAll(() => camera.close());

  describe('a run', () => {
    it.each(['sub', 'main'] as const)('of the %s stream gives packets that a decoder can begin with', async (role) => {
      await using run = await source.open(address(role), { signal: never });
      expect(run.format.codec).toBe(role === 'sub' ? 'h264' : 'h265');
      expect(run.format.picture).toEqual({ width: 320, height: 180 });
      const packets = await read(run, 25);
      expect(packets[0]).toMatchObject({ isKey: true, pts: 0 });
      expect(packets.filter(({ isKey }) => isKey).length).toBeGreaterThanOrEqual(2);
      expect(packets.every(({ arrivedAt }, index) => arrivedAt >= (packets[index - 1]?.arrivedAt ?? 0))).toBe(true);
      // Nothing known beforehand: each key packet brings its own parameter sets.
      const second = packets.findIndex(({ isKey }, index) => isKey && index > 0);
      using decoder = avLumaDecoder().open(
        { ...run.format, parameterSets: new Uint8Array(0) },
        { width: 64, height: 36 },
      );
      const pictures = packets.slice(second).filter((packet) => decoder.decode(packet) !== undefined);
      expect(pictures).toHaveLength(packets.length - second);
      expect(run.counters().lost).toBe(0);
      expect(run.counters().packets).toBeGreaterThanOrEqual(packets.length);
      expect(run.counters().bytes).toBeGreaterThan(0);
    });

    it('takes another pace at any time', async () => {
      await using run = await source.open(address(), { signal: never });
      run.pace('coalesced');
      run.pace('eager');
      expect((await read(run, 5)).length).toBeGreaterThanOrEqual(5);
    });

    it('frees the camera when its reader leaves, when it is disposed, and when the signal aborts', async () => {
      const left = await source.open(address(), { signal: never });
      await read(left, 1);
      await noSession();
      const disposed = await source.open(address(), { signal: never });
      await disposed[Symbol.asyncDispose]();
      await noSession();
      const stop = new AbortController();
      const aborted = await source.open(address(), { signal: stop.signal });
      stop.abort();
      for await (const batch of aborted.batches) expect(batch.length).toBeGreaterThan(0);
      await noSession();
    });

    it('ends by an error of the table when the camera goes', async () => {
      await using other = await simulatedCamera({ streams: { main: testClip(), sub: testClip() } });
      await using run = await source.open({ url: other.url('sub') }, { signal: never });
      await other.setFault({ name: 'rebooting', milliseconds: 60_000 });
      const failure = await failureOf(read(run, Number.POSITIVE_INFINITY));
      expect(failure.code).toBe('SW_CAM_LOST');
    });
  });

  describe('opening', () => {
    it('is refused by name, without a word of the password', async () => {
      const refused = await failureOf(source.open(address('sub', 'canary-wrong'), { signal: never }));
      expect(refused.code).toBe('SW_CAM_AUTH');
      const unknown = await failureOf(source.open({ ...address(), url: `${camera.url('sub')}-no` }, { signal: never }));
      expect(unknown.code).toBe('SW_CAM_NO_PATH');
      for (const error of [refused, unknown]) {
        expect(JSON.stringify([error.message, error.facts, error.stack])).not.toContain('canary');
      }
    });

    it('rejects with the reason of an abort, and leaves nothing open', async () => {
      const reason = new Error('enough');
      await expect(source.open(address(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const stop = new AbortController();
      const opening = source.open(address(), { signal: stop.signal });
      setImmediate(() => stop.abort(reason));
      await expect(opening).rejects.toBe(reason);
      await noSession();
    });
  });
};
