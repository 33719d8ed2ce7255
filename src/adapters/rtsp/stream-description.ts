// What a camera says about a stream without being asked to send it: for `check`, which tells the owner what is there.

import type { Codec, StreamAddress } from '../../domain/camera.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { openConnection } from './dial.ts';
import { chooseVideo, encodingOf, type VideoMedia } from './media-choice.ts';
import { readNalUnit } from './nal-unit.ts';
import { type PictureSize, readSequenceParameters } from './parameter-sets.ts';
import { excerpt } from './protocol-violation.ts';
import { describe } from './session.ts';

export interface DescribedMedia {
  /** `video`, `audio`, `application`. */
  readonly type: string;
  /** As the camera names it: `H264`, `PCMA`. */
  readonly encoding: string;
}

export interface DescribedVideo {
  readonly codec: Codec;
  /** Known if the camera put its SPS into the SDP. */
  readonly picture: PictureSize | undefined;
  readonly isInterlaced: boolean | undefined;
  /** From the SDP, else from the SPS. */
  readonly claimedFps: number | undefined;
}

export interface StreamDescription {
  /** The camera's Server header. */
  readonly server: string | undefined;
  /** The sign-in that was used; undefined if the camera asked for none. */
  readonly signIn: string | undefined;
  /** All it offered. Basic alone, without TLS, shows the password to the network. */
  readonly offeredSignIns: readonly string[];
  /** Methods it says it knows. */
  readonly methods: readonly string[];
  readonly media: readonly DescribedMedia[];
  /** The video we would read; undefined if there is none we can. */
  readonly video: DescribedVideo | undefined;
}

/** OPTIONS and DESCRIBE only: it takes none of the camera's streams. @throws StillwatchError SW_CAM_* */
export const describeStream = async (
  address: StreamAddress,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<StreamDescription> => {
  const connection = await openConnection(address, clock, signal);
  const abort = (): void => connection.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { description, methods, server } = await describe(connection, connection.url);
    const choice = chooseVideo(description);
    return {
      server: server === undefined ? undefined : excerpt(server),
      signIn: connection.signIn.scheme,
      offeredSignIns: connection.signIn.offered,
      methods: [...methods].map(excerpt),
      media: description.media.map(({ type, formats }) => ({
        type: excerpt(type),
        encoding: excerpt(formats.map(encodingOf).join(', ')),
      })),
      video: choice.type === 'video' ? videoOf(choice.video) : undefined,
    };
  } catch (error) {
    throw signal.aborted ? signal.reason : toStillwatchError(error);
  } finally {
    signal.removeEventListener('abort', abort);
    connection.close();
  }
};

const videoOf = ({ codec, parameterSets, framesPerSecond }: VideoMedia): DescribedVideo => {
  const sps = parameterSets.find((unit) => readNalUnit(codec, unit, 0, unit.length).parameterSet === 'sps');
  const sequence = sps && readSequenceParameters(codec, sps);
  return {
    codec,
    picture: sequence?.picture,
    isInterlaced: sequence?.isInterlaced,
    claimedFps: framesPerSecond ?? sequence?.framesPerSecond,
  };
};
