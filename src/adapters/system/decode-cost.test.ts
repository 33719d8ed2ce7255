import { expect, it } from 'vitest';
import type { Packet, VideoFormat } from '../../domain/camera.ts';
import { cameraId } from '../../domain/ids.ts';
import type { LumaDecoder } from '../../ports/luma-decoder.ts';
import { decodeCost } from './decode-cost.ts';

it('counts the processor time of each camera’s decoding, also of what fails, and none of the time between', () => {
  let micros = 0;
  const cost = decodeCost(() => micros);
  const decoder = (price: number): LumaDecoder => ({
    open: () => {
      micros += 10;
      return {
        decode: (packet) => {
          micros += price;
          if (packet.isKey) throw new Error('damaged');
          return undefined;
        },
        drain: () => {
          micros += 5;
          return undefined;
        },
        reset: () => undefined,
        [Symbol.dispose]: () => undefined,
      };
    },
  });
  const [garden, shed] = [cameraId('garden'), cameraId('shed')];
  const size = { width: 1, height: 1 };
  const first = cost.meter(garden, decoder(1000)).open({} as VideoFormat, size);
  const second = cost.meter(shed, decoder(200)).open({} as VideoFormat, size);
  micros += 1_000_000;
  first.decode({ isKey: false } as Packet);
  second.decode({ isKey: false } as Packet);
  expect(() => second.decode({ isKey: true } as Packet)).toThrow('damaged');
  first.drain();
  expect(cost.seconds()).toEqual([
    [garden, 0.001_015],
    [shed, 0.000_41],
  ]);
});

it('asks the system itself', () => {
  const cost = decodeCost();
  const decoder = cost.meter(cameraId('garden'), {
    open: () => {
      const until = process.cpuUsage().user + 20_000;
      while (process.cpuUsage().user < until) Math.sqrt(until);
      return {} as ReturnType<LumaDecoder['open']>;
    },
  });
  decoder.open({} as VideoFormat, { width: 1, height: 1 });
  expect(cost.seconds()[0]?.[1]).toBeGreaterThanOrEqual(0.019);
});
