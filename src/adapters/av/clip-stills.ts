// The best full frames of a recorded film: the first, the last, and the key picture that differs most from the last.
// Key pictures stand alone, so only they and the last group are decoded.

import { lumaDifference } from '../../domain/burst.ts';
import type { Packet } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { ClipStill } from '../../ports/inbox.ts';
import { avPictureDecoder } from './picture-decoder.ts';
import { avPictureReader } from './picture-reader.ts';
import { openVideoFile } from './video-file.ts';

/** Of a minute with a key picture every two seconds each fourth: enough to find when something was there. */
const MOST_CANDIDATES = 8;
/** Packets that are read: a minute at 60 pictures a second, twice over. What comes later is not looked at. */
const MOST_PACKETS = 7200;

const spread = <T>(items: readonly T[], count: number): readonly T[] =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, at) => items[Math.floor((at * (items.length - 1)) / (count - 1))] as T);

/** @throws StillwatchError SW_FILE_UNREADABLE, SW_DECODER_MISSING */
export const clipStills = async (path: string): Promise<readonly ClipStill[]> => {
  using file = openVideoFile(path);
  const packets: Packet[] = [];
  for (const packet of file.packets()) {
    packets.push(packet);
    if (packets.length === MOST_PACKETS) break;
  }
  // Motion JPEG, in which older trail cameras film: each packet is a picture already.
  if (file.codec === 'mjpeg') {
    const ends = [packets[0], packets.at(-1)].filter((each) => each !== undefined);
    return [...new Set(ends)].map(({ bytes, pts }) => ({ jpeg: bytes, at: pts }));
  }
  const { format } = file;
  if (!format) throw new StillwatchError('SW_FILE_UNREADABLE', { file: path, detail: `its codec is ${file.codec}` });
  const decoder = avPictureDecoder();
  const reader = avPictureReader();
  const keys = packets.flatMap((packet, at) => (packet.isKey ? [at] : []));
  const lastKey = keys.at(-1);
  if (lastKey === undefined) return [];

  const decode = async (group: readonly Packet[]): Promise<ClipStill | undefined> => {
    try {
      const { jpeg, pts } = await decoder.decode(format, group);
      return { jpeg, at: pts };
    } catch (thrown) {
      // One damaged picture does not cost the others.
      if (thrown instanceof StillwatchError && thrown.code === 'SW_STILL_DAMAGED') return undefined;
      throw thrown;
    }
  };

  const last = (await decode(packets.slice(lastKey))) ?? (await decode(packets.slice(lastKey, lastKey + 1)));
  const candidates: ClipStill[] = [];
  for (const at of spread(keys, MOST_CANDIDATES)) {
    const still = await decode(packets.slice(at, at + 1));
    if (still && still.at !== last?.at) candidates.push(still);
  }
  if (!last) return candidates.slice(0, 1);
  const calm = (await reader.read(last.jpeg)).luma;
  let peak: { readonly still: ClipStill; readonly by: number } | undefined;
  for (const still of candidates) {
    const by = lumaDifference((await reader.read(still.jpeg)).luma, calm);
    if (!peak || by > peak.by) peak = { still, by };
  }
  const [first] = candidates;
  const chosen = new Set([first, peak?.still, last].filter((each) => each !== undefined));
  return [...chosen].sort((a, b) => a.at - b.at);
};
