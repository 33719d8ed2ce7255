import { describe, expect, it } from 'vitest';
import type { Packet } from '../../domain/camera.ts';
import { ms } from '../../domain/units.ts';
import { encodeVideo, type VideoRecipe } from '../../testing/encoded-video.ts';
import { avPictureDecoder } from './picture-decoder.ts';

const WIDTH = 640;
const recipe = (codec: VideoRecipe['codec'], more: Partial<VideoRecipe> = {}): VideoRecipe => ({
  codec,
  width: WIDTH,
  height: 368,
  fps: 10,
  frames: 20,
  gop: 20,
  // A textured scene with a moving bar, so that every slice carries bits and loss shows.
  paint: (luma, frame) => {
    for (let at = 0; at < luma.length; at++) {
      const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
      luma[at] = Math.abs(x - 20 * frame) < 20 ? 220 : 60 + (((x * 7) ^ (y * 13)) % 90);
    }
  },
  ...more,
});

/** Start offsets of the NAL units in an access unit, by start code. */
const nalStarts = (bytes: Uint8Array): number[] => {
  const starts: number[] = [];
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 1) starts.push(at);
  }
  return starts;
};

/** A packet whose last NAL unit (the picture's slice) has lost its second half. */
const cut = (packet: Packet): Packet => {
  const start = nalStarts(packet.bytes).at(-1) ?? 0;
  const half = start + Math.floor((packet.bytes.length - start) / 2);
  return { ...packet, bytes: packet.bytes.slice(0, half) };
};

describe.each(['h264', 'h265'] as const)('a picture of %s', (codec) => {
  const { format, packets } = encodeVideo(recipe(codec));

  it('is a full-range JPEG of the stream’s own size', async () => {
    const picture = await avPictureDecoder().decode(format, packets.slice(0, 1));
    expect([picture.width, picture.height, picture.pts]).toEqual([WIDTH, 368, 0]);
    expect([...picture.jpeg.subarray(0, 2), ...picture.jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    expect(picture.jpeg.length).toBeGreaterThan(10_000);
  });

  it('is the nearest to the wanted time, by default the last', async () => {
    const decoder = avPictureDecoder();
    expect((await decoder.decode(format, packets, ms(740))).pts).toBe(700);
    expect((await decoder.decode(format, packets, ms(760))).pts).toBe(800);
    expect((await decoder.decode(format, packets, ms(-50))).pts).toBe(0);
    expect((await decoder.decode(format, packets)).pts).toBe(1900);
  });

  it('is refused when it does not begin with a key frame or holds nothing', async () => {
    const decoder = avPictureDecoder();
    await expect(decoder.decode(format, packets.slice(1))).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
    await expect(decoder.decode(format, [])).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
  });

  it('works again after a refusal', async () => {
    const decoder = avPictureDecoder();
    const first = decoder.decode(format, packets.slice(1));
    const second = decoder.decode(format, packets.slice(0, 3));
    await expect(first).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
    expect((await second).pts).toBe(200);
  });
});

describe('a damaged H.264 picture', () => {
  const { format, packets } = encodeVideo(recipe('h264'));

  it('is refused when its key frame is cut short', async () => {
    const [key, ...rest] = packets;
    if (!key) throw new Error('no packets');
    await expect(avPictureDecoder().decode(format, [cut(key), ...rest])).rejects.toMatchObject({
      code: 'SW_STILL_DAMAGED',
    });
  });

  it('is refused when a picture it depends on is missing', async () => {
    const broken = packets.filter((_, index) => index !== 5);
    await expect(avPictureDecoder().decode(format, broken)).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
  });
});

describe('a blank picture', () => {
  it('is refused: an empty buffer is mid-grey in all planes', async () => {
    const { format, packets } = encodeVideo(
      recipe('h264', { frames: 1, chroma: 128, crf: 1, paint: (luma) => luma.fill(128) }),
    );
    await expect(avPictureDecoder().decode(format, packets)).rejects.toMatchObject({ code: 'SW_STILL_DAMAGED' });
  });

  it('a plain wall is not refused', async () => {
    const { format, packets } = encodeVideo(recipe('h264', { frames: 1, paint: (luma) => luma.fill(128) }));
    expect((await avPictureDecoder().decode(format, packets)).width).toBe(WIDTH);
  });
});
