// What the catalogue and the ledger hold, as the API gives it.

import { civilTime, isoText, type TimeZone } from '../../domain/civil-time.ts';
import { errorText, type Language } from '../../domain/errors.ts';
import type { CameraIdentity } from '../../domain/identity.ts';
import { type EpisodeId, episodeStart } from '../../domain/ids.ts';
import type { LedgerRow, LedgerSum } from '../../domain/ledger.ts';
import { type StoredStill, verdictOf } from '../../domain/still.ts';
import { stillUrl } from '../still-view.ts';
import { stillMoment } from '../time-text.ts';
import type { CameraIdentityView, EpisodeResource, LedgerDay, LedgerTrigger, StillResource } from '../wire-api.ts';

export const stillResource = (still: StoredStill): StillResource => {
  const { day, iso } = stillMoment(still, 'en');
  return {
    id: still.id,
    camera: still.camera,
    kind: still.kind,
    cause: still.cause ?? null,
    episode: still.episode ?? null,
    takenAt: iso,
    day,
    url: stillUrl(still),
    width: still.width,
    height: still.height,
    bytes: still.bytes,
    sha256: still.sha256,
    source: still.source,
    delayMs: still.delay ?? null,
    isDemo: still.isDemo,
    isFavourite: still.isFavourite ?? false,
    verdict: verdictOf(still) ?? null,
    isCorrected: still.ownerVerdict !== undefined,
    change: still.change ?? null,
    choice: still.choice ?? null,
    claims: still.claims ?? [],
    clockOffsetMs: still.clockOffset ?? null,
  };
};

/** Everything of a still that can change: its file cannot. */
export const stillTag = (still: StoredStill): string =>
  `"${still.sha256.slice(0, 32)}-${still.isFavourite ? 1 : 0}-${still.ownerVerdict ?? ''}"`;

/** undefined when none of `stills` is left of it. */
export const episodeResource = (
  id: EpisodeId,
  stills: readonly StoredStill[],
  zone: TimeZone,
): EpisodeResource | undefined => {
  const of = (kind: StoredStill['kind']): StoredStill | undefined => stills.find((still) => still.kind === kind);
  const [before, peak] = [of('before'), of('peak')];
  const calm = stills.find(({ kind }) => kind !== 'before' && kind !== 'peak');
  const cover = calm ?? peak ?? before;
  if (!cover) return undefined;
  const startedAt = episodeStart(id);
  const orNull = (still: StoredStill | undefined): StillResource | null => (still ? stillResource(still) : null);
  return {
    id,
    camera: cover.camera,
    startedAt: isoText(startedAt, zone),
    day: civilTime(startedAt, zone).day,
    cover: stillResource(cover),
    before: orNull(before),
    peak: orNull(peak),
    calm: orNull(calm),
  };
};

export const triggerResource = (row: LedgerRow, zone: TimeZone, language: Language): LedgerTrigger => {
  const { outcome } = row;
  const [still, code] = outcome.state === 'missed' ? [null, outcome.code] : ([outcome.still ?? null, null] as const);
  return {
    id: row.id,
    camera: row.camera,
    origin: row.origin,
    at: isoText(row.at, zone),
    day: row.day,
    episode: row.work === row.id ? null : row.work,
    state: outcome.state,
    still,
    code,
    reason: code === null ? null : errorText(code, {}, language),
    claims: row.claims ?? [],
  };
};

export const ledgerDay = ({ reasons, ...sum }: LedgerSum): LedgerDay => ({
  ...sum,
  reasons: Object.fromEntries(Object.entries(reasons)),
});

export const identityResource = (identity: CameraIdentity): CameraIdentityView => ({
  name: identity.name ?? null,
  make: identity.make ?? null,
  model: identity.model ?? null,
  firmware: identity.firmware ?? null,
  serial: identity.serial ?? null,
  hardwareId: identity.hardwareId ?? null,
  host: identity.host,
  mac: identity.mac ?? null,
  macRule: identity.macRule,
  ports: identity.ports,
  scopes: identity.scopes,
});
