// H.264 and H.265 packets to small brightness planes. Native memory is freed on dispose, never left to the collector.

import type { VideoFormat } from '../../domain/camera.ts';
import type { LumaDecoder } from '../../ports/luma-decoder.ts';
import { lumaPipeline } from './luma-pipeline.ts';
import { type LumaPool, lumaPool } from './luma-pool.ts';
import { av } from './native.ts';
import { openVideoDecoder } from './video-decoder.ts';

const kindOf = ({ codec, picture, parameterSets }: VideoFormat): string =>
  [codec, picture?.width, picture?.height, Buffer.from(parameterSets).toString('base64')].join(' ');

export const avLumaDecoder = (): LumaDecoder => {
  const pools = new Map<string, LumaPool>();
  return {
    open(format, size) {
      const lib = av();
      const kind = `${size.width} ${size.height} ${kindOf(format)}`;
      for (const [other, pool] of pools) if (pool.isEmpty) pools.delete(other);
      const pool = pools.get(kind) ?? lumaPool(() => lumaPipeline(lib, openVideoDecoder(lib, format), size));
      pools.set(kind, pool);
      return pool.open();
    },
  };
};
