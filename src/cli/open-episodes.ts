// Which episodes a new capture process takes up again: those that were going on, and those whose calm photo is still owed.

import type { OpenEpisode } from '../domain/episode.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import type { LedgerRow, WorkId } from '../domain/ledger.ts';
import { between, type EpochMs, type Instant, type Ms, monoMs, seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';

export interface OpenEpisodes {
  /** What the capture process says is open at a camera. */
  now(camera: CameraId, open: OpenEpisode | null): void;
  tell(fact: WatchFact): void;
  /** The camera is watched no more: nothing of it is taken up again. */
  forget(camera: CameraId): void;
  /** One per camera: the one that is open, else the latest whose calm photo never came. */
  resumable(): readonly { readonly camera: CameraId; readonly open: OpenEpisode }[];
}

/** After a longer pause a calm photo says little about what happened before it. */
const RESUME_WITHIN: Ms = seconds(600);

export const openEpisodes = (resume: readonly OpenEpisodeAt[] = []): OpenEpisodes => {
  const open = new Map<CameraId, OpenEpisode>(resume.map((each) => [each.camera, each.open]));
  const owed = new Map<EpisodeId, OpenEpisodeAt>();
  return {
    now(camera, episode) {
      const before = open.get(camera);
      if (before && before.id !== episode?.id) owed.set(before.id, { camera, open: before });
      if (episode) open.set(camera, episode);
      else open.delete(camera);
    },
    tell(fact) {
      if ((fact.type !== 'still-accepted' && fact.type !== 'still-missed') || fact.kind !== 'calm') return;
      if (fact.episode) owed.delete(fact.episode);
    },
    forget(camera) {
      open.delete(camera);
      for (const [id, each] of owed) if (each.camera === camera) owed.delete(id);
    },
    resumable() {
      const latest = new Map<CameraId, OpenEpisode>();
      for (const each of owed.values()) latest.set(each.camera, each.open);
      for (const [camera, episode] of open) latest.set(camera, episode);
      return [...latest].map(([camera, episode]) => ({ camera, open: episode }));
    },
  };
};

export interface OpenEpisodeAt {
  readonly camera: CameraId;
  readonly open: OpenEpisode;
}

/** The episodes that were going on when the last process was killed, from what the ledger has open, one per camera. */
export const episodesToResume = (rows: readonly LedgerRow[], now: EpochMs): readonly OpenEpisodeAt[] => {
  const latest = new Map<CameraId, OpenEpisodeAt>();
  const first = new Map<WorkId, LedgerRow>();
  for (const row of [...rows].sort((a, b) => a.at - b.at)) {
    if (!first.has(row.work)) first.set(row.work, row);
    const start = first.get(row.work);
    const isEpisode = row.origin === 'pixels' || row.origin === 'camera';
    if (!start || !isEpisode || between(row.at, now) > RESUME_WITHIN) continue;
    // The monotonic clock of another process means nothing; the capture process rebases by the wall clock.
    const at: Instant = { mono: monoMs(0), wall: start.at };
    const open: OpenEpisode = {
      id: row.work as EpisodeId,
      cause: start.origin === 'camera' ? 'camera' : 'pixels',
      startedAt: at,
      seenSince: at,
      lastMotionAt: { mono: monoMs(0), wall: row.at },
      peakAt: at,
      peakScore: 1,
    };
    latest.set(row.camera, { camera: row.camera, open });
  }
  return [...latest.values()];
};
