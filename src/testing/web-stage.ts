// The web with everything behind it in memory: what its unit tests and its browser tests stand on.

import type { FastifyInstance } from 'fastify';
import { systemClock } from '../adapters/system/clock.ts';
import { zipStream } from '../adapters/zip/zip.ts';
import type { Camera } from '../domain/camera.ts';

import { civilTime } from '../domain/civil-time.ts';
import { type CameraId, cameraId } from '../domain/ids.ts';
import { type LedgerRow, sumLedger, triggerId } from '../domain/ledger.ts';
import { readiness } from '../domain/readiness.ts';
import type { StoredStill } from '../domain/still.ts';
import { formatStillPath, stillPlace } from '../domain/still-path.ts';
import { type EpochMs, epochMs, ms, seconds } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadingArchive } from '../ports/readings.ts';
import type { Thumbnailer } from '../ports/thumbnailer.ts';
import type { ApiParts } from '../web/api/parts.ts';
import { type Assets, loadAssets } from '../web/assets.ts';
import type { Vitals, WebDeps } from '../web/deps.ts';
import type { CameraReports, ReportStatus } from '../web/reports.ts';
import { buildWeb } from '../web/server.ts';
import type { Status, WatchedCamera } from '../web/status.ts';
import { type StatusFeed, statusFeed } from '../web/status-feed.ts';
import { memoryCatalog } from './memory-catalog.ts';
import { memoryReadings } from './memory-readings.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';
import { memoryCorrections, memoryFavourites } from './memory-words.ts';
import { SOME_TIME, sha256Of, storedStill } from './stills.ts';

export const GARDEN: CameraId = cameraId('garden');
export const ZONE = 'Europe/Copenhagen';

export const watched = (name: string, isDemo = false): WatchedCamera => ({
  id: cameraId(name.toLowerCase()),
  name,
  isDemo,
  rules: { calmPeriod: seconds(10) },
});

/** `SOME_TIME` on both clocks, and it stays there: the web only asks what time it is, and sleeps between heartbeats. */
export const stoppedClock = (wall: EpochMs = epochMs(SOME_TIME)): Clock => ({
  now: () => ({ wall, mono: systemClock().now().mono }),
  sleep: (_, signal) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    }),
});

/** Gives the picture's own bytes back, with the width in front: enough to see what was asked for. */
export const labellingThumbnailer: Thumbnailer = {
  scale: async (jpeg, width) => Buffer.concat([Buffer.from(`${width}:`), jpeg]),
};

export interface WebStage {
  readonly app: FastifyInstance;
  readonly feed: StatusFeed;
  readonly catalog: Catalog;
  /** What the ledger says. */
  readonly ledger: LedgerRow[];
  readonly readings: ReadingArchive;
  readonly store: MemoryStore;
  readonly errors: string[];
  /** Puts a photo into store and catalogue, as the shipper does, and tells the feed. */
  add(photo: AddedPhoto): Promise<StoredStill>;
}

export interface AddedPhoto extends Partial<StoredStill> {
  readonly jpeg?: Uint8Array;
}

export interface StageOptions extends Partial<Omit<WebDeps, 'status' | 'assets'>> {
  readonly cameras?: readonly WatchedCamera[];
  readonly trials?: ApiParts['trials'];
  /** Default: this program has none to give. */
  readonly demo?: ApiParts['demo'];
  /** Default: nobody here can ask a camera for its clock. */
  readonly clocks?: ApiParts['clocks'];
  /** Default: there is a photo at once. */
  readonly takePhoto?: ApiParts['takePhoto'];
  /** Default: none, as in the demo. */
  readonly config?: ApiParts['config'];
  /** Default: nobody is told of anything. */
  readonly notifier?: ApiParts['notifier'];
  /** Default: none was made, and none is. */
  readonly reports?: CameraReports;
  /** Default: nothing is seen. */
  readonly look?: ApiParts['look'];
  /** Default: each camera on an address where nothing answers. */
  readonly watched?: ApiParts['watched'];
}

/** All is well but for cameras that are blind. */
const stageVitals = (status: () => Status): Vitals => ({
  readiness: async () =>
    readiness({
      now: epochMs(SOME_TIME),
      cameras: status()
        .cameras.filter(({ sight }) => sight === 'blind')
        .map(({ id, sight, trouble }) => ({ id, sight, code: trouble?.code })),
      disk: { free: 38e9, total: 250e9 },
      rules: { free: undefined },
      isCatalogReadable: true,
      oldestWaiting: undefined,
      waiting: 0,
      storageTrouble: undefined,
    }),
  machine: async () => ({
    cpuShare: 0.034,
    memory: { own: 142e6, total: 2e9 },
    processors: 2,
    load: 0.31,
    uptimeSeconds: 6 * 86_400,
    waiting: 0,
    node: 'Node.js 20.20.2',
    platform: 'linux arm64',
  }),
  metrics: async () => 'stillwatch_spool_photos 0\n',
});

/** As the owner set them: on an address where nothing answers. */
const watchedCameras = (cameras: readonly WatchedCamera[]): readonly Camera[] =>
  cameras.map((camera) => ({
    ...camera,
    streams: { main: { url: 'rtsp://192.0.2.1/stream1' }, sub: { url: 'rtsp://192.0.2.1/stream2' } },
    rules: { longestEpisode: seconds(300), ...camera.rules },
  }));

const nothingAsked: ReportStatus = { asking: undefined, trouble: undefined, report: undefined };
const noReports: CameraReports = { of: () => nothingAsked, start: () => nothingAsked };

/** While the file is imported: what has to be built from source first is no test's time. */
const bundled: Assets = await loadAssets();

export const webStage = async (options: StageOptions = {}): Promise<WebStage> => {
  const { cameras = [watched('Garden')], takePhoto, config, reports, watched: given, look, ...deps } = options;
  const clock = deps.clock ?? stoppedClock();
  const senders = deps.inbox?.settings.cameras.map(({ id, name }) => ({ id, name }));
  const catalog = memoryCatalog();
  const store = memoryStore();
  const feed = statusFeed(cameras, clock.now().wall);
  const errors: string[] = [];
  const rows: LedgerRow[] = [];
  const readings = memoryReadings();
  const app = buildWeb({
    catalog,
    ledger: {
      list: async ({ day, camera, cameras: within, from, work, before, missedOnly, limit }) =>
        rows
          .filter((row) => (day === undefined || row.day === day) && (camera === undefined || row.camera === camera))
          .filter((row) => from === undefined || row.at >= from)
          .filter((row) => !missedOnly || row.outcome.state === 'missed')
          .filter((row) => (!within || within.includes(row.camera)) && (work === undefined || row.work === work))
          .filter((row) => !before || row.at < before.at || (row.at === before.at && row.id < before.id))
          .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
          .slice(0, limit),
      sums: async (fromDay) => sumLedger(rows.filter((row) => row.day >= fromDay)),
    },
    api: {
      ...(config ? { config } : {}),
      ...(options.trials ? { trials: options.trials } : {}),
      ...(options.demo ? { demo: options.demo } : {}),
      ...(options.clocks ? { clocks: options.clocks } : {}),
      ...(options.notifier ? { notifier: options.notifier } : {}),
      catalog,
      favourites: memoryFavourites(),
      corrections: memoryCorrections(),
      unshipped: async () => new Set(),
      storage: {
        rules: () => ({ each: { age: ms(365 * 86_400_000) }, cameras: {}, free: undefined, includesFound: true }),
        space: async () => ({ free: 38e9, total: 250e9 }),
        plan: async () => ({
          stills: 0,
          bytes: 0,
          reasons: {},
          failed: 0,
          firstFailure: undefined,
          unmet: { stills: 0, bytes: 0 },
        }),
      },
      readings,
      look: look ?? (async () => undefined),
      reports: reports ?? noReports,
      watched: given ?? ((id) => watchedCameras(cameras).find((camera) => camera.id === id)),
      zip: zipStream,
      supportReport: async () => '{"program":{}}',
      takePhoto:
        takePhoto ??
        (async (camera) => {
          const trigger = triggerId(camera, 'owner', clock.now().wall);
          const { id } = await add({ camera, kind: 'manual', takenAt: epochMs(clock.now().wall + 1) });
          return { type: 'taken', trigger, still: id };
        }),
    },
    store,
    thumbnails: labellingThumbnailer,
    status: () => (senders ? { ...feed.status(), senders } : feed.status()),
    live: feed,
    vitals: stageVitals(() => feed.status()),
    clock,
    zone: ZONE,
    language: 'en',
    access: { publicView: false },
    assets: bundled,
    log: { error: (text) => void errors.push(text) },
    version: '0.1.0',
    isDemo: false,
    ...deps,
  });
  const add = async ({ jpeg, ...chosen }: AddedPhoto): Promise<StoredStill> => {
    const takenAt = chosen.takenAt ?? epochMs(SOME_TIME);
    const camera = chosen.camera ?? GARDEN;
    const { offsetMinutes } = civilTime(takenAt, ZONE);
    const facts = { kind: chosen.kind ?? 'calm', takenAt, offsetMinutes, set: chosen.set };
    const place = stillPlace(camera === GARDEN ? undefined : camera, facts);
    const path = chosen.path ?? formatStillPath(place);
    const bytes = jpeg ?? new TextEncoder().encode(`jpeg of ${path}`);
    const still = storedStill(path, {
      width: 2560,
      height: 1440,
      offsetMinutes,
      bytes: bytes.length,
      sha256: sha256Of(bytes),
      ...chosen,
      camera,
      takenAt,
    });
    store.plant(path, bytes);
    await catalog.record([still]);
    feed.stored(still);
    return still;
  };
  return { app, feed, catalog, ledger: rows, readings, store, errors, add };
};
