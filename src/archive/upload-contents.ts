// What is in a delivery: whole pictures with when they were taken and what they say of their camera, or the reason why there is
// none. What bytes are, they say themselves; what they claim to be counts for nothing.

import { cameraExifFacts, exifReport } from '../domain/camera-exif.ts';
import { gatheredReport, type ReportSources, reportFromName, reportFromText } from '../domain/camera-report.ts';
import type { TimeZone } from '../domain/civil-time.ts';
import type { CameraReport, Delivery, UploadFacts } from '../domain/delivery.ts';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import { filmName } from '../domain/film.ts';
import { type CameraId, type StillId, stillId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxCamera } from '../domain/inbox.ts';
import { jpegDamage, jpegSize, spliceSegments } from '../domain/jpeg.ts';
import { isTiled, pictureKind, pngSize } from '../domain/picture-kind.ts';
import { takenTime } from '../domain/taken-time.ts';
import { type EpochMs, epochMs, later, ms } from '../domain/units.ts';
import { isCutShort } from '../domain/whole-file.ts';
import type { ClipReader, ClipStore, UploadPictures } from '../ports/inbox.ts';

/** One picture, ready to be kept. */
export interface Ready {
  readonly id: StillId;
  readonly jpeg: Uint8Array;
  readonly takenAt: EpochMs;
  readonly upload: UploadFacts;
}

export interface Contents {
  readonly ready: readonly Ready[];
  readonly report: CameraReport;
  readonly sources: ReportSources;
}

/** What was sent is not taken, now or later. */
export class Refused extends Error {
  readonly code: StillwatchErrorCode;
  constructor(code: StillwatchErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

export interface UploadContentsParts {
  readonly cameras: ReadonlyMap<CameraId, InboxCamera>;
  readonly zone: TimeZone;
  readonly pictures: UploadPictures;
  readonly clips: ClipReader;
  readonly clipStore: ClipStore;
  /** SHA-256, lower-case hex. */
  readonly hash: (bytes: Uint8Array) => string;
}

/** A picture has at most this many pixels: more is an attack on memory. */
const MOST_PIXELS = 50_000_000;

/**
 * The picture without what was written beside it: a mail gateway may strip the EXIF, a retry may rewrite it, and it is the same
 * picture all the same.
 */
export const pictureOnly = (jpeg: Uint8Array): Uint8Array =>
  spliceSegments(jpeg, [], ({ marker }) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe);

/** By content and camera alone, so that it is the same whenever and however it is sent. */
const uploadId = (camera: CameraId, hash: string): StillId => stillId(camera, epochMs(0), 'uploaded', hash);

/** Everything that came with a delivery and speaks of its camera. */
export const reportOf = (
  delivery: Pick<Delivery, 'bytes' | 'name' | 'text'>,
): Pick<Contents, 'report' | 'sources'> & { readonly exif: ReturnType<typeof cameraExifFacts> } => {
  const exif = cameraExifFacts(delivery.bytes);
  const gathered = gatheredReport([
    ['name', reportFromName(delivery.name ?? '')],
    ['text', reportFromText(delivery.text ?? '')],
    ['exif', exifReport(exif)],
  ]);
  return { ...gathered, exif };
};

/** What of it goes into the photo: photos are given away, so nothing that names the camera's modem. */
const photoFacts = ({
  battery,
  voltage,
  signal,
  temperature,
  moon,
}: CameraReport): Omit<UploadFacts, 'way' | 'time'> => ({
  ...(battery === undefined ? {} : { battery }),
  ...(voltage === undefined ? {} : { voltage }),
  ...(signal === undefined ? {} : { signal }),
  ...(temperature === undefined ? {} : { temperature }),
  ...(moon === undefined ? {} : { moon }),
});

export const uploadContents = (
  parts: UploadContentsParts,
): {
  /** @throws Refused for good; StillwatchError when it cannot be told now */
  read(delivery: Delivery): Promise<Contents>;
} => {
  const { cameras, pictures, clips, clipStore, hash } = parts;
  const zoneOf = (camera: CameraId): TimeZone => cameras.get(camera)?.zone ?? parts.zone;

  const clipStills = async (bytes: Uint8Array, what: string): Promise<Awaited<ReturnType<ClipReader['stills']>>> => {
    try {
      return await clips.stills(bytes);
    } catch (thrown) {
      if (thrown instanceof StillwatchError && thrown.code === 'SW_FILE_UNREADABLE') {
        throw new Refused('SW_UPLOAD_REFUSED', `a ${what} that cannot be read`);
      }
      throw thrown;
    }
  };

  /** A HEIC is one frame of a film, coded as films are: where the picture library cannot read it, the film's decoder can. */
  const fromHeic = async (bytes: Uint8Array): Promise<Uint8Array> => {
    if (isTiled(bytes)) throw new Refused('SW_UPLOAD_REFUSED', 'a HEIC made of tiles, as phones make it');
    const [still] = await clipStills(bytes, 'HEIC');
    if (!still) throw new Refused('SW_UPLOAD_REFUSED', 'a HEIC without a picture');
    return still.jpeg;
  };

  const wholeJpeg = async (bytes: Uint8Array, kind: 'jpeg' | 'png' | 'heic'): Promise<Uint8Array> => {
    const damage = kind === 'jpeg' ? jpegDamage(bytes) : undefined;
    if (damage !== undefined) throw new Refused('SW_UPLOAD_REFUSED', damage);
    const size = kind === 'jpeg' ? jpegSize(bytes) : kind === 'png' ? pngSize(bytes) : undefined;
    if (kind !== 'heic' && !size) throw new Refused('SW_UPLOAD_REFUSED', 'no picture size');
    if (size && size.width * size.height > MOST_PIXELS) {
      throw new Refused('SW_UPLOAD_TOO_LARGE', `${size.width} × ${size.height} pixels`);
    }
    try {
      return await pictures.jpegOf(bytes, kind);
    } catch (thrown) {
      if (!(thrown instanceof StillwatchError) || thrown.code !== 'SW_STILL_DAMAGED') throw thrown;
      if (kind === 'heic') return fromHeic(bytes);
      throw new Refused('SW_UPLOAD_REFUSED', String(thrown.facts['detail'] ?? 'damaged'));
    }
  };

  const fromPicture = async (delivery: Delivery, kind: 'jpeg' | 'png' | 'heic'): Promise<Contents> => {
    const { camera, way, name, text, receivedAt, bytes } = delivery;
    const jpeg = await wholeJpeg(bytes, kind);
    const { exif, report, sources } = reportOf(delivery);
    const taken = takenTime({ exif: exif.time, name, text, receivedAt, zone: zoneOf(camera) });
    const upload: UploadFacts = { way, time: taken.source, ...photoFacts(report) };
    // Of what had to be made a JPEG, its own bytes: an encoder of another version gives other ones.
    const id = uploadId(camera, hash(kind === 'jpeg' ? pictureOnly(jpeg) : bytes));
    return { ready: [{ id, jpeg, takenAt: taken.at, upload }], report, sources };
  };

  const fromClip = async (delivery: Delivery): Promise<Contents> => {
    const { bytes, camera, way, name, text, receivedAt } = delivery;
    const stills = await clipStills(bytes, 'film');
    if (stills.length === 0) throw new Refused('SW_UPLOAD_REFUSED', 'a film without a picture');
    const begun = takenTime({ exif: undefined, name, text, receivedAt, zone: zoneOf(camera) });
    const content = hash(bytes);
    const keep = cameras.get(camera)?.keepClips;
    if (keep !== undefined) {
      const ending = bytes[0] === 0x52 ? 'avi' : 'mp4';
      await clipStore.keep(camera, filmName(begun.at, content, ending), bytes);
      await clipStore.forget(camera, later(receivedAt, ms(-keep)));
    }
    const { report, sources } = reportOf(delivery);
    const upload: UploadFacts = { way, time: begun.source, ...photoFacts(report) };
    const ready = stills.map(({ jpeg, at }, index) => ({
      // The film's content, since a decoder of another version gives other bytes.
      id: uploadId(camera, `${content}#${index}`),
      jpeg,
      takenAt: later(begun.at, at),
      upload,
    }));
    return { ready, report, sources };
  };

  return {
    async read(delivery) {
      const { bytes, camera } = delivery;
      const limits = cameras.get(camera)?.limits ?? INBOX_LIMITS;
      const kind = pictureKind(bytes);
      const most = kind === 'clip' ? limits.clipBytes : limits.pictureBytes;
      if (bytes.length > most) throw new Refused('SW_UPLOAD_TOO_LARGE', `more than ${Math.round(most / 1e6)} MB`);
      if (bytes.length === 0) throw new Refused('SW_UPLOAD_REFUSED', 'an empty file');
      if (kind === undefined) throw new Refused('SW_UPLOAD_REFUSED', 'neither JPEG, PNG, HEIC nor a film');
      if (isCutShort(bytes)) throw new Refused('SW_UPLOAD_CUT', `${bytes.length} bytes came`);
      return kind === 'clip' ? fromClip(delivery) : fromPicture(delivery, kind);
    },
  };
};
