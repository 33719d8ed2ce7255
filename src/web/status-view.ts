// What is known of the cameras and the program right now, as JSON.

import { missRate } from '../domain/audit.ts';
import { isoText } from '../domain/civil-time.ts';
import { errorText, type Language } from '../domain/errors.ts';
import type { StoredStill } from '../domain/still.ts';
import { between } from '../domain/units.ts';
import type { WebDeps } from './deps.ts';
import { type CameraStatus, type EventStatus, type Status, sceneOf, type Trouble } from './status.ts';
import { stillView } from './still-view.ts';
import { zoneMoment } from './time-text.ts';
import type {
  CameraEventsView,
  CameraView,
  HealthView,
  MotionAuditView,
  Sight,
  StatusView,
  TroubleView,
} from './wire.ts';

interface Tile {
  readonly camera: CameraStatus;
  readonly latest: StoredStill | undefined;
  readonly photosToday: number;
}

interface Today {
  readonly day: string;
  readonly photos: ReadonlyMap<string, number>;
}

const tilesOf = async (deps: WebDeps, status: Status, today: Today): Promise<readonly Tile[]> =>
  Promise.all(
    status.cameras.map(async (camera) => {
      const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
      return { camera, latest, photosToday: today.photos.get(camera.id) ?? 0 };
    }),
  );

const todayOf = async (deps: WebDeps): Promise<Today> => {
  const { day } = zoneMoment(deps.clock.now().wall, deps.zone, 'en');
  const rows = await deps.catalog.days();
  return { day, photos: new Map(rows.filter((row) => row.day === day).map((row) => [row.camera, row.covers])) };
};

export const troubleView = (trouble: Trouble, deps: WebDeps, language: Language): TroubleView => ({
  code: trouble.code,
  text: errorText(trouble.code, trouble.facts, language),
  at: isoText(trouble.at, deps.zone),
  retryAt: trouble.retryAt === undefined ? null : isoText(trouble.retryAt, deps.zone),
});

const auditView = ({ audit, isCareful }: NonNullable<CameraStatus['motion']>): MotionAuditView => {
  const { rate, low, high } = missRate(audit);
  return { isCareful, ...audit, missRate: rate, low, high };
};

const eventsView = (events: EventStatus, deps: WebDeps, language: Language): CameraEventsView => {
  const { figures, counters } = events;
  const trouble = events.isHeard ? events.doubt : events.trouble;
  return {
    isHeard: events.isHeard,
    since: isoText(events.since, deps.zone),
    channel: events.channel ?? null,
    lastMessageAt: counters?.lastMessageAt === undefined ? null : isoText(counters.lastMessageAt, deps.zone),
    subscriptions: { opened: counters?.opened ?? 0, failed: counters?.failed ?? 0 },
    trouble: trouble ? troubleView(trouble, deps, language) : null,
    figures: figures
      ? {
          agreed: figures.agreed,
          onlyPixels: figures.onlyPixels,
          onlyCamera: figures.onlyCamera,
          agreement: figures.agreement ?? null,
          claimedShare: figures.claimedShare ?? null,
          watchedSeconds: Math.round(figures.watched / 1000),
          isStandIn: figures.isStandIn,
        }
      : null,
  };
};

const cameraView = (tile: Tile, deps: WebDeps, status: Status, language: Language): CameraView => {
  const { camera } = tile;
  const scene = sceneOf(camera) ?? null;
  return {
    id: camera.id,
    name: camera.name,
    isDemo: camera.isDemo,
    state: camera.sight,
    since: isoText(camera.since, deps.zone),
    scene,
    calmAt: scene === 'moving' && camera.episode ? isoText(camera.episode.calmAt, deps.zone) : null,
    calmPeriodSeconds: camera.calmPeriod / 1000,
    trouble: camera.sight === 'blind' && camera.trouble ? troubleView(camera.trouble, deps, language) : null,
    missed: camera.missed ? troubleView(camera.missed, deps, language) : null,
    motionAudit: camera.motion ? auditView(camera.motion) : null,
    motionBy: camera.motionBy,
    events: camera.events ? eventsView(camera.events, deps, language) : null,
    clockOffsetMs: camera.clockOffset === undefined ? null : Math.round(camera.clockOffset),
    photosToday: tile.photosToday,
    latest: tile.latest ? stillView(tile.latest, status, language) : null,
  };
};

/** Every camera that `deps` shows. */
export const cameraViews = async (deps: WebDeps, language: Language): Promise<readonly CameraView[]> => {
  const status = deps.status();
  const tiles = await tilesOf(deps, status, await todayOf(deps));
  return tiles.map((tile) => cameraView(tile, deps, status, language));
};

export const statusView = async (deps: WebDeps, language: Language): Promise<StatusView> => {
  const status = deps.status();
  const now = deps.clock.now().wall;
  const today = await todayOf(deps);
  const tiles = await tilesOf(deps, status, today);
  const [latest] = await deps.catalog.list({ coversOnly: true, limit: 1 });
  return {
    name: 'Stillwatch',
    version: deps.version,
    isDemo: deps.isDemo,
    at: isoText(now, deps.zone),
    startedAt: isoText(status.startedAt, deps.zone),
    uptimeSeconds: Math.max(0, Math.round(between(status.startedAt, now) / 1000)),
    zone: deps.zone,
    photos: await deps.catalog.count(),
    photosToday: [...today.photos.values()].reduce((sum, photos) => sum + photos, 0),
    cameras: tiles.map((tile) => cameraView(tile, deps, status, language)),
    latest: latest ? stillView(latest, status, language) : null,
  };
};

/** Healthy is a program that answers and whose catalogue can be read. A blind camera is told, but no restart mends it. */
export const healthView = async (deps: WebDeps): Promise<HealthView> => {
  const status = deps.status();
  const cameras: Record<Sight, number> = { starting: 0, seeing: 0, blind: 0 };
  for (const camera of status.cameras) cameras[camera.sight] += 1;
  let isOk = true;
  try {
    await deps.catalog.list({ limit: 1 });
  } catch (thrown) {
    isOk = false;
    deps.log.error('the catalogue cannot be read', { error: String(thrown) });
  }
  return {
    status: isOk ? 'ok' : 'failing',
    version: deps.version,
    uptimeSeconds: Math.max(0, Math.round(between(status.startedAt, deps.clock.now().wall) / 1000)),
    cameras,
  };
};
