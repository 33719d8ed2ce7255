// Takes in what cameras send: each picture is made durable at once, under a name that its content gives it, and waits with the
// others of its happening until that is over; then they go into the spool as one set. Sent again, it is the same picture.

import { cameraExifFacts } from '../domain/camera-exif.ts';
import { mergeReports, reportFromText } from '../domain/camera-report.ts';
import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { CameraReport, Delivery, DeliveryOutcome, UploadFacts } from '../domain/delivery.ts';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import { type CameraId, type StillId, stillId } from '../domain/ids.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { INBOX_LIMITS } from '../domain/inbox.ts';
import { jpegDamage, jpegSize, spliceSegments } from '../domain/jpeg.ts';
import { type TriggerId, triggerId } from '../domain/ledger.ts';
import { isConnectionTest, pictureKind, pngSize } from '../domain/picture-kind.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { takenTime } from '../domain/taken-time.ts';
import { between, type EpochMs, epochMs, later, type MonoMs, type Ms, ms } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClipReader, ClipStore, RefusedDelivery, UploadPictures } from '../ports/inbox.ts';
import type { Spool, StillDraft } from '../ports/spool.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BurstSettler } from './burst-settler.ts';
import type { Contacts } from './contacts.ts';

export interface IntakeParts {
  readonly cameras: readonly InboxCamera[];
  readonly zone: TimeZone;
  readonly clock: Clock;
  /** Where pictures wait, durably, for the rest of their happening. */
  readonly waiting: Spool;
  readonly catalog: Pick<Catalog, 'find'>;
  readonly pictures: UploadPictures;
  readonly clips: ClipReader;
  readonly clipStore: ClipStore;
  /** SHA-256, lower-case hex. */
  readonly hash: (bytes: Uint8Array) => string;
  readonly telemetry: Telemetry;
  readonly contacts: Contacts;
  readonly settler: Pick<BurstSettler, 'arrived'>;
}

export interface Intake {
  /** @throws StillwatchError when it cannot be taken now */
  deliver(delivery: Delivery): Promise<DeliveryOutcome>;
  refuse(camera: CameraId, refusal: Pick<Delivery, 'way' | 'receivedAt'> & RefusedDelivery): void;
  /** After a start: tells again of what was waiting, since the last process may have died before it was written down. */
  resume(): Promise<void>;
}

/** A picture has at most this many pixels: more is an attack on memory. */
const MOST_PIXELS = 50_000_000;
const MINUTE: Ms = ms(60_000);

/**
 * The picture without what was written beside it: a mail gateway may strip the EXIF, a retry may rewrite it, and it is the same
 * picture all the same.
 */
export const pictureOnly = (jpeg: Uint8Array): Uint8Array =>
  spliceSegments(jpeg, [], ({ marker }) => (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe);

/** By content and camera alone, so that it is the same whenever and however it is sent. */
const uploadId = (camera: CameraId, hash: string): StillId => stillId(camera, epochMs(0), 'uploaded', hash);

/** One picture, ready to be kept. */
interface Ready {
  readonly id: StillId;
  readonly jpeg: Uint8Array;
  readonly takenAt: EpochMs;
  readonly upload: UploadFacts;
  readonly report: CameraReport;
}

class Refused extends Error {
  readonly code: StillwatchErrorCode;
  constructor(code: StillwatchErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

export const intake = (parts: IntakeParts): Intake => {
  const { clock, waiting, catalog, pictures, clips, clipStore, hash, telemetry, contacts } = parts;
  const cameras = new Map(parts.cameras.map((camera) => [camera.id, camera]));
  const arrivals = new Map<CameraId, readonly MonoMs[]>();

  const zoneOf = (camera: CameraId): TimeZone => cameras.get(camera)?.zone ?? parts.zone;

  /** @throws StillwatchError SW_UPLOAD_QUOTA: to be sent again later */
  const checkQuota = ({ camera, receivedAt }: Delivery): void => {
    const limits = cameras.get(camera)?.limits ?? INBOX_LIMITS;
    const now = clock.now().mono;
    const recent = (arrivals.get(camera) ?? []).filter((at) => between(at, now) < MINUTE);
    if (recent.length >= limits.picturesPerMinute) {
      throw new StillwatchError('SW_UPLOAD_QUOTA', { detail: `${limits.picturesPerMinute} pictures a minute` });
    }
    arrivals.set(camera, [...recent, now]);
    if (contacts.used(camera, receivedAt).day > limits.bytesPerDay) {
      throw new StillwatchError('SW_UPLOAD_QUOTA', { detail: `${Math.round(limits.bytesPerDay / 1e6)} MB a day` });
    }
  };

  const readyFrom = (delivery: Delivery, jpeg: Uint8Array, source: Uint8Array): Ready => {
    const { camera, way, name, text, receivedAt } = delivery;
    const exif = cameraExifFacts(source);
    const taken = takenTime({ exif: exif.time, name, text, receivedAt, zone: zoneOf(camera) });
    const words = [text ?? '', exif.words].join('\n');
    const own: CameraReport = {
      ...(exif.make === undefined ? {} : { make: exif.make }),
      ...(exif.model === undefined ? {} : { model: exif.model }),
    };
    const report = mergeReports(reportFromText(words), own);
    const { battery, voltage, signal, temperature, moon } = report;
    const upload: UploadFacts = {
      way,
      time: taken.source,
      ...(battery === undefined ? {} : { battery }),
      ...(voltage === undefined ? {} : { voltage }),
      ...(signal === undefined ? {} : { signal }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(moon === undefined ? {} : { moon }),
    };
    const content = hash(pictureOnly(jpeg));
    return { id: uploadId(camera, content), jpeg, takenAt: taken.at, upload, report };
  };

  /** @throws Refused */
  const wholeJpeg = async (bytes: Uint8Array, kind: 'jpeg' | 'png' | 'heic'): Promise<Uint8Array> => {
    const damage = kind === 'jpeg' ? jpegDamage(bytes) : undefined;
    if (damage === 'cut short') throw new Refused('SW_UPLOAD_CUT', `${bytes.length} bytes came`);
    if (damage !== undefined) throw new Refused('SW_UPLOAD_REFUSED', damage);
    const size = kind === 'jpeg' ? jpegSize(bytes) : kind === 'png' ? pngSize(bytes) : undefined;
    if (kind !== 'heic' && !size) throw new Refused('SW_UPLOAD_REFUSED', 'no picture size');
    if (size && size.width * size.height > MOST_PIXELS) {
      throw new Refused('SW_UPLOAD_TOO_LARGE', `${size.width} × ${size.height} pixels`);
    }
    try {
      return await pictures.jpegOf(bytes, kind);
    } catch (thrown) {
      if (thrown instanceof StillwatchError && thrown.code === 'SW_STILL_DAMAGED') {
        throw new Refused('SW_UPLOAD_REFUSED', String(thrown.facts['detail'] ?? 'damaged'));
      }
      throw thrown;
    }
  };

  const fromClip = async (delivery: Delivery): Promise<readonly Ready[]> => {
    const { bytes, camera, way, name, text, receivedAt } = delivery;
    let stills: Awaited<ReturnType<ClipReader['stills']>>;
    try {
      stills = await clips.stills(bytes);
    } catch (thrown) {
      if (thrown instanceof StillwatchError && thrown.code === 'SW_FILE_UNREADABLE') {
        throw new Refused('SW_UPLOAD_REFUSED', 'a film that cannot be read');
      }
      throw thrown;
    }
    if (stills.length === 0) throw new Refused('SW_UPLOAD_REFUSED', 'a film without a picture');
    const begun = takenTime({ exif: undefined, name, text, receivedAt, zone: zoneOf(camera) });
    const content = hash(bytes);
    const report = reportFromText(text ?? '');
    const keep = cameras.get(camera)?.keepClips;
    if (keep !== undefined) {
      await clipStore.keep(camera, begun.at, bytes);
      await clipStore.forget(camera, later(receivedAt, ms(-keep)));
    }
    return stills.map(({ jpeg, at }, index) => ({
      // The film's content, since a decoder of another version gives other bytes.
      id: uploadId(camera, `${content}#${index}`),
      jpeg,
      takenAt: later(begun.at, at),
      upload: { way, time: begun.source },
      report,
    }));
  };

  /** Everything in a delivery that can be kept. @throws Refused */
  const readyOf = async (delivery: Delivery): Promise<readonly Ready[]> => {
    const { bytes, camera } = delivery;
    const limits = cameras.get(camera)?.limits ?? INBOX_LIMITS;
    const kind = pictureKind(bytes);
    const most = kind === 'clip' ? limits.clipBytes : limits.pictureBytes;
    if (bytes.length > most) throw new Refused('SW_UPLOAD_TOO_LARGE', `more than ${Math.round(most / 1e6)} MB`);
    if (bytes.length === 0) throw new Refused('SW_UPLOAD_REFUSED', 'an empty file');
    if (kind === undefined) throw new Refused('SW_UPLOAD_REFUSED', 'neither JPEG, PNG, HEIC nor a film');
    if (kind === 'clip') return fromClip(delivery);
    return [readyFrom(delivery, await wholeJpeg(bytes, kind), bytes)];
  };

  /** One claim however often it is sent: its name follows from the content. */
  const triggerOf = ({ camera, takenAt, id }: Pick<StillDraft, 'camera' | 'takenAt' | 'id'>): TriggerId =>
    triggerId(camera, 'upload', takenAt, 1 + Number.parseInt(id.slice(0, 8), 16));

  const refuse: Intake['refuse'] = (camera, { way, receivedAt, code, detail, bytes }) => {
    contacts.heard(camera, { type: 'bytes', at: receivedAt, way, bytes });
    contacts.heard(camera, { type: 'refused', refusal: { at: receivedAt, code, detail } });
    const trigger = triggerId(camera, 'upload', receivedAt, 1 + (bytes % 0xffff));
    telemetry.tell({ type: 'trigger', camera, at: receivedAt, trigger, origin: 'upload', episode: undefined });
    telemetry.tell({
      type: 'still-missed',
      camera,
      at: receivedAt,
      episode: undefined,
      trigger,
      kind: 'uploaded',
      code,
      facts: { detail },
    });
  };

  const draftOf = (camera: CameraId, { id, jpeg, takenAt, upload }: Ready): StillDraft => {
    const size = jpegSize(jpeg) ?? { width: 0, height: 0 };
    return {
      id,
      camera,
      kind: 'uploaded',
      cause: 'camera',
      episode: undefined,
      takenAt,
      offsetMinutes: civilTime(takenAt, parts.zone).offsetMinutes,
      ...size,
      source: 'upload',
      delay: undefined,
      isDemo: false,
      upload,
    };
  };

  const tellTaken = (draft: StillDraft): void => {
    const trigger = triggerOf(draft);
    const { camera, takenAt: at, width, height, id: still } = draft;
    telemetry.tell({ type: 'trigger', camera, at, trigger, origin: 'upload', episode: undefined });
    telemetry.tell({
      type: 'still-accepted',
      camera,
      at,
      episode: undefined,
      trigger,
      still,
      kind: 'uploaded',
      source: 'upload',
      width,
      height,
      delay: ms(0),
    });
  };

  const take = async (delivery: Delivery, ready: Ready): Promise<boolean> => {
    const { camera, receivedAt } = delivery;
    const isKnown =
      (await catalog.find(ready.id)) !== undefined ||
      (await waiting.pending()).some(({ facts }) => facts.id === ready.id);
    if (isKnown) return false;
    const draft = draftOf(camera, ready);
    const name = cameras.get(camera)?.name;
    const { make, model } = ready.report;
    const words = {
      ...(name === undefined ? {} : { cameraName: name }),
      ...(make === undefined ? {} : { make }),
      ...(model === undefined ? {} : { model }),
    };
    await waiting.accept(draft, withStillFacts(ready.jpeg, draft, words));
    contacts.heard(camera, { type: 'picture', at: receivedAt });
    tellTaken(draft);
    parts.settler.arrived(camera);
    return true;
  };

  return {
    async deliver(delivery) {
      const { camera, way, bytes, name, text, receivedAt } = delivery;
      if (isConnectionTest(bytes, name) || (bytes.length === 0 && text !== undefined)) {
        contacts.heard(camera, { type: 'bytes', at: receivedAt, way, bytes: bytes.length });
        if (text !== undefined) contacts.heard(camera, { type: 'report', report: reportFromText(text) });
        return { state: 'noted' };
      }
      checkQuota(delivery);
      let all: readonly Ready[];
      try {
        all = await readyOf(delivery);
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        const code = thrown.code as RefusedDelivery['code'];
        refuse(camera, { way, receivedAt, code, detail: thrown.message, bytes: bytes.length });
        return { state: 'refused', code, detail: thrown.message };
      }
      let isNew = false;
      for (const ready of all) isNew = (await take(delivery, ready)) || isNew;
      contacts.heard(camera, { type: 'bytes', at: receivedAt, way, bytes: bytes.length });
      const [first] = all;
      if (first && Object.keys(first.report).length > 0) {
        contacts.heard(camera, { type: 'report', report: first.report });
      }
      return { state: isNew ? 'accepted' : 'known', stills: all.map(({ id }) => id) };
    },
    refuse,
    async resume() {
      for (const { facts } of await waiting.pending()) tellTaken(facts);
    },
  };
};
