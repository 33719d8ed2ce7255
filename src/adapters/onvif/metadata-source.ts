// Events out of the metadata stream: the third way a camera's word comes, with the pictures' own session protocol.
// Only its events are read; the objects of a scene description (frames) are not.

import type { StreamAddress } from '../../domain/camera.ts';
import type { CameraMessage } from '../../domain/camera-message.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { MetadataStream } from '../../ports/metadata-stream.ts';
import type { TriggerSource } from '../../ports/trigger-source.ts';
import { metadataAssembler, metadataEncoding } from './metadata-assembler.ts';

/** @param address the stream that carries it, asked for at each opening */
export const metadataSource = (
  stream: MetadataStream,
  address: (signal: AbortSignal) => Promise<StreamAddress>,
): TriggerSource => ({
  name: 'metadata',
  async open(signal) {
    const run = await stream.open(await address(signal), { signal });
    const encoding = metadataEncoding(`${run.encoding}/`);
    if (!encoding) {
      await run[Symbol.asyncDispose]();
      const reason = `its metadata is coded as ${run.encoding}, which is not read here`;
      throw new StillwatchError('SW_ONVIF_REFUSED', { call: 'metadata', reason });
    }
    const assembler = metadataAssembler(encoding);
    return {
      async next(cut) {
        const messages: CameraMessage[] = [];
        for (const { bytes, isLast, isAfterGap } of await run.next(cut)) {
          if (isAfterGap) assembler.gap();
          for (const document of assembler.feed(bytes, isLast)) messages.push(...document.messages);
        }
        return messages;
      },
      // The states come by themselves, with the next document.
      refresh: async () => true,
      [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
    };
  },
});
