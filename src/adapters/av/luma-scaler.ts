// Decoded pictures of any size and pixel format to one small brightness plane of fixed size, in memory that is reused.

import type { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Av } from './native.ts';
import { isUsable } from './video-decoder.ts';

export interface LumaScaler extends Disposable {
  /** The plane, `width * height` bytes, valid until the next call; undefined when the picture cannot be used. */
  scale(frame: Frame): Uint8Array | undefined;
}

interface Source {
  readonly width: number;
  readonly height: number;
  readonly format: number;
  readonly context: SoftwareScaleContext;
}

export const lumaScaler = (lib: Av, size: { readonly width: number; readonly height: number }): LumaScaler => {
  const target = new lib.Frame();
  target.alloc();
  target.width = size.width;
  target.height = size.height;
  target.format = lib.AV_PIX_FMT_GRAY8;
  lib.FFmpegError.throwIfError(target.getBuffer(32), 'allocate the brightness plane');
  const plane = target.data?.[0];
  const stride = target.linesize[0];
  if (!plane || !stride) throw new Error('the brightness plane has no memory');
  // Rows may be padded in native memory; then they are packed into memory of our own.
  const packed = stride === size.width ? undefined : new Uint8Array(size.width * size.height);
  const pixels = packed ?? new Uint8Array(plane.buffer, plane.byteOffset, size.width * size.height);
  let source: Source | undefined;

  const contextFor = (frame: Frame): SoftwareScaleContext | undefined => {
    const { width, height, format } = frame;
    if (source && source.width === width && source.height === height && source.format === format) return source.context;
    source?.context.freeContext();
    source = undefined;
    const context = new lib.SoftwareScaleContext();
    try {
      context.getContext(
        width,
        height,
        frame.format as never,
        size.width,
        size.height,
        lib.AV_PIX_FMT_GRAY8,
        lib.SWS_AREA,
      );
    } catch {
      // A pixel format that cannot be scaled (a hardware surface, a damaged header).
      context.freeContext();
      return undefined;
    }
    source = { width, height, format, context };
    return context;
  };

  return {
    scale(frame) {
      if (!isUsable(frame)) return undefined;
      const context = contextFor(frame);
      if (!context || context.scaleFrameSync(target, frame) < 0) return undefined;
      if (packed) {
        for (let row = 0; row < size.height; row++) {
          packed.set(plane.subarray(row * stride, row * stride + size.width), row * size.width);
        }
      }
      return pixels;
    },
    [Symbol.dispose]() {
      source?.context.freeContext();
      source = undefined;
      target.free();
    },
  };
};
