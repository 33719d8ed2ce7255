// Packets of a full-resolution stream to one JPEG. Asynchronous: a 4K group of pictures takes a third of a second, and the
// other cameras of the process must be read meanwhile. One at a time: several 4K decoders at once cost memory, not time saved.

import type { CodecContext, Frame } from 'node-av/lib';
import type { Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { Ms } from '../../domain/units.ts';
import { ms } from '../../domain/units.ts';
import type { Picture, PictureDecoder } from '../../ports/picture-decoder.ts';
import { firstGap } from './h264-frame-num.ts';
import { encodeJpeg } from './jpeg-encoder.ts';
import { type Av, av } from './native.ts';
import { greyShare, MOST_GREY } from './picture-damage.ts';
import { fillPacket, framePts, isUsable, openVideoDecoder } from './video-decoder.ts';

const damaged = (detail: string): StillwatchError => new StillwatchError('SW_STILL_DAMAGED', { detail });

/** Why the decoder itself says this picture is not what the camera saw, or undefined. */
const complaintAbout = (lib: Av, frame: Frame): string | undefined => {
  if (frame.hasFlags(lib.AV_FRAME_FLAG_CORRUPT)) return 'the decoder marked it as corrupt';
  const errors = frame.decodeErrorFlags;
  if ((errors & lib.FF_DECODE_ERROR_MISSING_REFERENCE) !== 0) return 'a picture it depends on is missing';
  if ((errors & lib.FF_DECODE_ERROR_CONCEALMENT_ACTIVE) !== 0) return 'parts were lost and painted over';
  return errors === 0 ? undefined : 'the bytes are not valid video';
};

interface Search {
  readonly lib: Av;
  readonly decoder: CodecContext;
  /** Holds the nearest picture so far; empty until one was found. */
  readonly best: Frame;
}

/** Takes every ready picture. @returns true when no later picture can be nearer to `wanted` */
const takeReady = async (
  { lib, decoder, best }: Search,
  frame: Frame,
  found: { pts: Ms | undefined },
  wanted: Ms | undefined,
  fallback: Ms,
): Promise<boolean> => {
  while ((await decoder.receiveFrame(frame)) >= 0) {
    // Damage spreads along the references: whatever was wrong in an earlier picture of the group is in the later ones.
    const complaint = isUsable(frame) ? complaintAbout(lib, frame) : 'its size cannot be true';
    if (complaint) throw damaged(complaint);
    const pts = framePts(lib, frame, fallback);
    const isPast = wanted !== undefined && pts >= wanted;
    const isNearer =
      found.pts === undefined || wanted === undefined || Math.abs(pts - wanted) < Math.abs(found.pts - wanted);
    if (isNearer) {
      best.unref();
      best.ref(frame);
      found.pts = pts;
    }
    frame.unref();
    if (isPast) return true;
  }
  return false;
};

const decodePicture = async (format: VideoFormat, packets: readonly Packet[], wanted?: Ms): Promise<Picture> => {
  const lib = av();
  const first = packets[0];
  if (!first?.isKey) throw damaged('it does not begin with a key frame');
  const decoder = openVideoDecoder(lib, format);
  const frame = new lib.Frame();
  const best = new lib.Frame();
  const packet = new lib.Packet();
  try {
    frame.alloc();
    best.alloc();
    packet.alloc();
    const gap = format.codec === 'h264' ? firstGap(format.parameterSets, packets) : undefined;
    const whole = gap === undefined ? packets : packets.slice(0, gap);
    const found: { pts: Ms | undefined } = { pts: undefined };
    let isDone = false;
    let fallback = first.pts;
    for (const input of whole) {
      fallback = input.pts;
      fillPacket(lib, packet, input);
      if ((await decoder.sendPacket(packet)) < 0) throw damaged('the bytes are not valid video');
      isDone = await takeReady({ lib, decoder, best }, frame, found, wanted, fallback);
      if (isDone) break;
    }
    // The wanted picture lies behind the gap: what would come out was guessed from the wrong reference.
    if (!isDone && gap !== undefined) throw damaged('a picture it depends on is missing');
    if (!isDone) {
      await decoder.sendPacket(null);
      await takeReady({ lib, decoder, best }, frame, found, wanted, fallback);
    }
    if (found.pts === undefined) throw damaged('no picture came out');
    const grey = greyShare(lib, best);
    if (grey > MOST_GREY) throw damaged(`${Math.round(grey * 100)} % of it is blank`);
    const jpeg = await encodeJpeg(lib, best);
    return { jpeg, width: best.width, height: best.height, pts: ms(found.pts) };
  } finally {
    packet.free();
    frame.free();
    best.free();
    decoder.freeContext();
  }
};

export const avPictureDecoder = (): PictureDecoder => {
  let last: Promise<unknown> = Promise.resolve();
  return {
    decode(format, packets, wanted) {
      const next = last.then(() => decodePicture(format, packets, wanted));
      last = next.catch(() => undefined);
      return next;
    },
  };
};
