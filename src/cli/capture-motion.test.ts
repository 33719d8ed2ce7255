import { expect, it } from 'vitest';
import { decodeCost } from '../adapters/system/decode-cost.ts';
import { cameraId } from '../domain/ids.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { captureMotion } from './capture-motion.ts';

const newFolder = temporaryFolders();

it('counts each camera’s decoding for itself, and has all of them share one decoder', async () => {
  const metered = new Map<string, LumaDecoder>();
  const motion = captureMotion({
    readingsDir: newFolder(),
    clock: fakeClock(),
    random: () => 0.5,
    telemetry: { tell: () => undefined },
    cost: {
      ...decodeCost(),
      meter(camera, decoder) {
        metered.set(camera, decoder);
        return decoder;
      },
    },
  });
  for (const name of ['garden', 'shed', 'gate']) await motion.of({ id: cameraId(name) });
  expect([...metered.keys()]).toEqual(['garden', 'shed', 'gate']);
  expect(new Set(metered.values()).size).toBe(1);
});
