// A packet source that does what a test says: each open takes the next script.

import type { Packet, VideoFormat } from '../domain/camera.ts';
import { type MonoMs, ms } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Pace, PacketRun, PacketSource } from '../ports/packet-source.ts';

export interface RunScript {
  /** Thrown by open itself. */
  readonly refuse?: Error;
  /** Seconds of packets, one batch a second, then `failure`. */
  readonly seconds?: number;
  /** Seconds of silence after them, as of a camera that nobody asks for packets. */
  readonly silence?: number;
  /** Thrown after the last packet; without it the run stays silent until it is aborted. */
  readonly failure?: Error;
}

export interface ScriptedPacketSource extends PacketSource {
  readonly opened: number;
  readonly disposed: number;
  readonly paces: readonly Pace[];
}

const FORMAT: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(), picture: { width: 640, height: 360 } };

export const scriptedPacketSource = (clock: Clock, scripts: readonly RunScript[]): ScriptedPacketSource => {
  let opened = 0;
  let disposed = 0;
  const paces: Pace[] = [];
  const open = async (signal: AbortSignal): Promise<PacketRun> => {
    signal.throwIfAborted();
    const script = scripts[Math.min(opened, scripts.length - 1)] ?? {};
    opened += 1;
    if (script.refuse) throw script.refuse;
    async function* batches(): AsyncGenerator<readonly Packet[]> {
      for (let second = 0; second < (script.seconds ?? 0); second += 1) {
        await clock.sleep(ms(1000), signal);
        const arrivedAt: MonoMs = clock.now().mono;
        yield [{ pts: ms(second * 1000), arrivedAt, isKey: second % 2 === 0, bytes: new Uint8Array([second]) }];
      }
      if (script.silence) await clock.sleep(ms(script.silence * 1000), signal);
      if (script.failure) throw script.failure;
      await clock.sleep(ms(1e12), signal);
    }
    return {
      format: FORMAT,
      claimedFps: undefined,
      batches: batches(),
      pace: (pace) => {
        if (paces.at(-1) !== pace) paces.push(pace);
      },
      counters: () => ({ packets: 0, bytes: 0, lost: 0 }),
      [Symbol.asyncDispose]: async () => {
        disposed += 1;
      },
    };
  };
  return {
    open: (_, { signal }) => open(signal),
    get opened() {
      return opened;
    },
    get disposed() {
      return disposed;
    },
    paces,
  };
};
