// The metadata stream: the third way a camera's word comes, with the pictures' own session protocol. Its events are messages
// already; objects and motion cells of its scene description are made into messages by whoever it is given.

import type { StreamAddress } from '../../domain/camera.ts';
import type { CameraMessage } from '../../domain/camera-message.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { MetadataStream } from '../../ports/metadata-stream.ts';
import type { TriggerSource } from '../../ports/trigger-source.ts';
import type { MetadataFrame } from './document.ts';
import { metadataAssembler, metadataEncoding } from './metadata-assembler.ts';

/** Makes messages of scene descriptions; what a scene means is not this layer's to judge. */
export type SceneReader = (frames: readonly MetadataFrame[]) => readonly CameraMessage[];

/**
 * @param address the stream that carries it, asked for at each opening
 * @param readScene a reader for each connection: objects are numbered anew with each
 */
export const metadataSource = (
  stream: MetadataStream,
  address: (signal: AbortSignal) => Promise<StreamAddress>,
  readScene: () => SceneReader,
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
    const scene = readScene();
    return {
      async next(cut) {
        const messages: CameraMessage[] = [];
        for (const { bytes, isLast, isAfterGap } of await run.next(cut)) {
          if (isAfterGap) assembler.gap();
          for (const { messages: events, frames } of assembler.feed(bytes, isLast)) {
            messages.push(...events, ...scene(frames));
          }
        }
        return messages;
      },
      // The states come by themselves, with the next document.
      refresh: async () => true,
      [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
    };
  },
});
