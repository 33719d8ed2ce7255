// Takes in what cameras send: each picture is made durable at once, under a name that its content gives it, and waits with the
// others of its happening until that is over; then they go into the spool as one set. Sent again, it is the same picture.

import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { StillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxCamera } from '../domain/inbox.ts';
import { jpegSize } from '../domain/jpeg.ts';
import { type TriggerId, triggerId } from '../domain/ledger.ts';
import { isConnectionTest } from '../domain/picture-kind.ts';
import { recognised } from '../domain/recognition.ts';
import { reportText } from '../domain/report-text.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import { between, type MonoMs, type Ms, ms } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { InboxDoor, RefusedDelivery } from '../ports/inbox.ts';
import type { StillDraft, WaitingSpool } from '../ports/spool.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BurstSettler } from './burst-settler.ts';
import type { Contacts } from './contacts.ts';
import {
  type Contents,
  type Ready,
  Refused,
  reportOf,
  type UploadContentsParts,
  uploadContents,
} from './upload-contents.ts';
import { uploadRename } from './upload-rename.ts';

export interface IntakeParts extends Omit<UploadContentsParts, 'cameras'> {
  readonly cameras: readonly InboxCamera[];
  readonly zone: TimeZone;
  readonly clock: Clock;
  /** Where pictures wait, durably, for the rest of their happening. */
  readonly waiting: WaitingSpool;
  /** Bytes of a waiting picture's file. */
  readonly read: (file: string) => Promise<Uint8Array>;
  readonly catalog: Pick<Catalog, 'find'>;
  readonly telemetry: Telemetry;
  readonly contacts: Contacts;
  readonly settler: Pick<BurstSettler, 'arrived'>;
}

export interface Intake {
  /** @throws StillwatchError when it cannot be taken now */
  deliver(delivery: Delivery): Promise<DeliveryOutcome>;
  refuse(camera: CameraId, refusal: Pick<Delivery, 'way' | 'receivedAt'> & RefusedDelivery): void;
  readonly rename: InboxDoor['rename'];
  /** After a start: tells again of what was waiting, since the last process may have died before it was written down. */
  resume(): Promise<void>;
}

const MINUTE: Ms = ms(60_000);

export const intake = (parts: IntakeParts): Intake => {
  const { clock, waiting, catalog, telemetry, contacts } = parts;
  const cameras = new Map(parts.cameras.map((camera) => [camera.id, camera]));
  const contents = uploadContents({ ...parts, cameras });
  const arrivals = new Map<CameraId, readonly MonoMs[]>();

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

  const draftOf = (camera: CameraId, { id, jpeg, takenAt, upload }: Ready): StillDraft => ({
    id,
    camera,
    kind: 'uploaded',
    cause: 'camera',
    episode: undefined,
    takenAt,
    offsetMinutes: civilTime(takenAt, parts.zone).offsetMinutes,
    ...(jpegSize(jpeg) ?? { width: 0, height: 0 }),
    source: 'upload',
    delay: undefined,
    isDemo: false,
    upload,
  });

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

  const take = async ({ camera, receivedAt }: Delivery, ready: Ready, { report }: Contents): Promise<boolean> => {
    const isKnown =
      (await catalog.find(ready.id)) !== undefined ||
      (await waiting.pending()).some(({ facts }) => facts.id === ready.id);
    if (isKnown) return false;
    const draft = draftOf(camera, ready);
    const name = cameras.get(camera)?.name;
    const { make, model } = report;
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

  /** Whose picture it is within the account that brought it. */
  const owned = (delivery: Delivery): Delivery => {
    const { camera: account, name, addresses = [] } = delivery;
    const { exif, report } = reportOf(delivery);
    const camera = recognised(account, { name, addresses, exif, report }, parts.cameras);
    return camera === account ? delivery : { ...delivery, camera };
  };

  /** Words instead of a picture: a report of the day, an alarm's XML, a test of the line. */
  const noted = (delivery: Delivery, words: string): DeliveryOutcome => {
    const { camera, way, bytes, receivedAt: at, cost = bytes.length } = delivery;
    contacts.heard(camera, { type: 'bytes', at, way, bytes: cost });
    const { report, sources } = reportOf({ ...delivery, text: words });
    contacts.heard(camera, { type: 'report', at, report, sources });
    return { state: 'noted' };
  };

  /** The words of a delivery that is meant as words; undefined: it should be a picture. */
  const wordsOf = ({ bytes, name, text }: Delivery): string | undefined => {
    const words = reportText(bytes, name) ?? (isConnectionTest(bytes, name) ? '' : undefined);
    if (words === undefined) return bytes.length === 0 ? text : undefined;
    return text === undefined ? words : `${text}\n${words}`;
  };

  return {
    async deliver(arrived) {
      const words = wordsOf(arrived);
      const delivery = owned(words === undefined ? arrived : { ...arrived, text: words });
      if (words !== undefined) return noted(delivery, words);
      const { camera, way, receivedAt, bytes, cost = bytes.length } = delivery;
      checkQuota(delivery);
      let found: Contents;
      try {
        found = await contents.read(delivery);
      } catch (thrown) {
        if (!(thrown instanceof Refused)) throw thrown;
        const code = thrown.code as RefusedDelivery['code'];
        refuse(camera, { way, receivedAt, code, detail: thrown.message, bytes: cost });
        return { state: 'refused', code, detail: thrown.message };
      }
      let isNew = false;
      for (const ready of found.ready) isNew = (await take(delivery, ready, found)) || isNew;
      contacts.heard(camera, { type: 'bytes', at: receivedAt, way, bytes: cost });
      const { report, sources } = found;
      if (Object.keys(report).length > 0) {
        contacts.heard(camera, { type: 'report', at: receivedAt, report, sources });
      }
      return { state: isNew ? 'accepted' : 'known', stills: found.ready.map(({ id }) => id) };
    },
    refuse,
    rename: uploadRename(parts),
    async resume() {
      for (const { facts } of await waiting.pending()) tellTaken(facts);
    },
  };
};
