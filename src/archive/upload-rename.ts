// A camera uploads to a temporary name and then gives the picture its own: where the picture itself does not say when it was taken,
// the name it has in the end does. Once its happening is handed on, it stays what it is.

import { civilTime, type TimeZone } from '../domain/civil-time.ts';
import type { CameraId } from '../domain/ids.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { readStillFacts, withStillFacts } from '../domain/still-facts.ts';
import { takenTime } from '../domain/taken-time.ts';
import { between, epochMs, later } from '../domain/units.ts';
import type { InboxDoor } from '../ports/inbox.ts';
import type { StillDraft, WaitingSpool } from '../ports/spool.ts';

export interface UploadRenameParts {
  readonly cameras: readonly InboxCamera[];
  readonly zone: TimeZone;
  readonly waiting: WaitingSpool;
  /** Bytes of a waiting picture's file. */
  readonly read: (file: string) => Promise<Uint8Array>;
}

export const uploadRename = ({ cameras, zone, waiting, read }: UploadRenameParts): InboxDoor['rename'] => {
  const known = (id: CameraId): InboxCamera | undefined => cameras.find((camera) => camera.id === id);
  return async (_account, { stills, name, receivedAt }) => {
    const renamed = (await waiting.pending()).filter(({ facts }) => stills.includes(facts.id));
    // A film's pictures keep their distance from its beginning.
    const begun = epochMs(Math.min(...renamed.map(({ facts }) => facts.takenAt)));
    for (const { facts, file } of renamed) {
      const jpeg = await read(file).catch(() => undefined);
      const upload = jpeg && readStillFacts(jpeg)?.upload;
      if (!jpeg || !upload || upload.time === 'exif') continue;
      const camera = known(facts.camera);
      const taken = takenTime({ exif: undefined, name, text: undefined, receivedAt, zone: camera?.zone ?? zone });
      const takenAt = later(taken.at, between(begun, facts.takenAt));
      if (taken.source !== 'name' || takenAt === facts.takenAt) continue;
      const { bytes: _, sha256: __, ...before } = facts;
      const draft: StillDraft = {
        ...before,
        takenAt,
        offsetMinutes: civilTime(takenAt, zone).offsetMinutes,
        upload: { ...upload, time: 'name' },
      };
      await waiting.replace(draft, withStillFacts(jpeg, draft, camera ? { cameraName: camera.name } : {}));
    }
  };
};
