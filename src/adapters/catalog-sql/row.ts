// A still as a row and back.

import { claimsText, parseClaims } from '../../domain/camera-message.ts';
import { civilTime } from '../../domain/civil-time.ts';
import type { CameraId, EpisodeId, StillId } from '../../domain/ids.ts';
import type { Cause } from '../../domain/signal.ts';
import { type StillKind, type StillSourceName, type StoredStill, verdictOf } from '../../domain/still.ts';
import { type ChangeVerdict, changeText, parseChange } from '../../domain/still-change.ts';
import { choiceText, parseChoice } from '../../domain/still-choice.ts';
import { epochMs, later, ms } from '../../domain/units.ts';
import type { StillRow } from './schema.ts';

/** The day clocks at the site showed: the instant moved by its offset, read as UTC. */
const localDay = (still: StoredStill): string =>
  civilTime(later(still.takenAt, ms(still.offsetMinutes * 60_000)), 'UTC').day;

export const toRow = (still: StoredStill): StillRow => ({
  id: still.id,
  camera: still.camera,
  kind: still.kind,
  cause: still.cause ?? null,
  episode: still.episode ?? null,
  taken_at: still.takenAt,
  offset_minutes: still.offsetMinutes,
  day: localDay(still),
  width: still.width,
  height: still.height,
  bytes: still.bytes,
  sha256: still.sha256,
  source: still.source,
  delay: still.delay ?? null,
  is_demo: still.isDemo ? 1 : 0,
  path: still.path,
  choice: still.choice ? choiceText(still.choice) : null,
  change: still.change ? changeText(still.change) : null,
  verdict: verdictOf(still) ?? null,
  set_name: still.set ?? null,
  claims: still.claims && still.claims.length > 0 ? claimsText(still.claims) : null,
  clock_offset: still.clockOffset ?? null,
  favourite: still.isFavourite ? 1 : 0,
  owner_verdict: still.ownerVerdict ?? null,
});

/** Rows were written by `toRow`. */
export const fromRow = (row: StillRow): StoredStill => {
  const choice = row.choice === null ? undefined : parseChoice(row.choice);
  const change = row.change === null ? undefined : parseChange(row.change);
  return {
    id: row.id as StillId,
    camera: row.camera as CameraId,
    kind: row.kind as StillKind,
    cause: (row.cause ?? undefined) as Cause | undefined,
    episode: (row.episode ?? undefined) as EpisodeId | undefined,
    takenAt: epochMs(row.taken_at),
    offsetMinutes: row.offset_minutes,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    source: row.source as StillSourceName,
    delay: row.delay === null ? undefined : ms(row.delay),
    isDemo: row.is_demo === 1,
    path: row.path,
    ...(choice ? { choice } : {}),
    ...(change ? { change } : {}),
    ...(row.set_name === null ? {} : { set: row.set_name }),
    ...(row.claims === null ? {} : { claims: parseClaims(row.claims) }),
    ...(row.clock_offset === null ? {} : { clockOffset: ms(row.clock_offset) }),
    ...(row.favourite === 1 ? { isFavourite: true } : {}),
    ...(row.owner_verdict === null ? {} : { ownerVerdict: row.owner_verdict as ChangeVerdict }),
  };
};
