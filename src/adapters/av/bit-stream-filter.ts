// Opens one of the library's bit stream filters on a stream of a file or a session. Whoever opens one frees it.

import type { BitStreamFilterContext, Stream } from 'node-av/lib';
import type { Av } from './native.ts';

export const openBitStreamFilter = (lib: Av, name: string, stream: Stream): BitStreamFilterContext => {
  const filter = lib.BitStreamFilter.getByName(name);
  if (!filter) throw new Error(`the library has no ${name}`);
  const context = new lib.BitStreamFilterContext();
  lib.FFmpegError.throwIfError(context.alloc(filter), 'open the bit stream filter');
  if (context.inputCodecParameters) stream.codecpar.copy(context.inputCodecParameters);
  context.inputTimeBase = stream.timeBase;
  lib.FFmpegError.throwIfError(context.init(), 'open the bit stream filter');
  return context;
};
