// Drafts and stored stills for tests; every field can be chosen, the id follows from them.

import { createHash } from 'node:crypto';
import { cameraId, type StillId, stillId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs } from '../domain/units.ts';
import type { StillDraft } from '../ports/spool.ts';

/** 2026-11-23 14:32:07.120 at UTC+1 */
export const SOME_TIME = 1_795_440_727_120;

export const draftOf = (chosen: Partial<StillDraft> = {}): StillDraft => {
  const camera = chosen.camera ?? cameraId('garden');
  const takenAt = chosen.takenAt ?? epochMs(SOME_TIME);
  const kind = chosen.kind ?? 'calm';
  return {
    id: stillId(camera, takenAt, kind, chosen.episode ?? ''),
    camera,
    kind,
    cause: 'pixels',
    episode: undefined,
    takenAt,
    offsetMinutes: 60,
    width: 64,
    height: 48,
    source: 'main-stream',
    delay: undefined,
    isDemo: false,
    ...chosen,
  };
};

export const storedStill = (path: string, chosen: Partial<StoredStill> = {}): StoredStill => ({
  ...draftOf({ ...chosen, id: chosen.id ?? someId(path) }),
  bytes: chosen.bytes ?? 1000,
  sha256: chosen.sha256 ?? sha256Of(new TextEncoder().encode(path)),
  path,
});

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** An id of the right form, the same for the same text. */
export const someId = (text: string): StillId => sha256Of(new TextEncoder().encode(text)).slice(0, 32) as StillId;
