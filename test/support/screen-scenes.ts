// What stands behind a screen that is tried: a web with its cameras, photos and ledger. What a screen is.

import type { Page } from 'playwright-core';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { civilTime } from '../../src/domain/civil-time.ts';
import { type CameraId, cameraId, episodeId } from '../../src/domain/ids.ts';
import { type LedgerOutcome, triggerId } from '../../src/domain/ledger.ts';
import { type Principal, ROLE_PERMISSIONS } from '../../src/domain/permission.ts';
import { type EpochMs, epochMs, ms } from '../../src/domain/units.ts';
import { drawnPhoto, PARCEL_MASK } from '../../src/testing/drawn-photo.ts';
import { GARDEN, type StageOptions, type WebStage, watched, ZONE } from '../../src/testing/web-stage.ts';

/** A web with what it shows. Screens that name the same scene share one. */
export interface Scene {
  readonly options?: StageOptions;
  readonly fill: (stage: WebStage) => Promise<void>;
}

export interface Screen {
  /** Of its screenshots: `<name>-<phone|desktop>-<light|dark>.jpg`. */
  readonly name: string;
  readonly scene: Scene;
  readonly path: string | ((stage: WebStage) => string | Promise<string>);
  /** A selector that is there once the screen shows what it is for. */
  readonly shows: string;
  /** Brings it into the state that is meant: a dialog opened, a photo selected. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** The answer is no page (404, 403), and the browser says so in its console. */
  readonly isRefusal?: true;
  /** A page without any script. */
  readonly isPlain?: true;
  /** Its desktop screenshots go into docs/images. */
  readonly isInDocs?: true;
}

const clock = systemClock();
const now = (): EpochMs => clock.now().wall;
export const minutesAgo = (minutes: number): EpochMs => epochMs(now() - minutes * 60_000);

export const OWNER: Principal = {
  kind: 'user',
  id: 'owner',
  name: 'Anna',
  permissions: ROLE_PERMISSIONS.owner,
  cameras: 'all',
};

const SHED = cameraId('shed');
const DRIVE = cameraId('drive');
const SIZE = { width: 960, height: 540 } as const;

/** Drawn once: encoding costs more than everything else here. */
const drawn = new Map<string, Promise<Uint8Array>>();
const picture = (
  hour: number,
  what: { readonly parcel?: boolean; readonly visitor?: boolean } = {},
): Promise<Uint8Array> => {
  const key = JSON.stringify([hour, what]);
  const found = drawn.get(key) ?? drawnPhoto({ hour, ...what, ...SIZE });
  drawn.set(key, found);
  return found;
};

/** Before, peak and calm of one happening. */
export const addHappening = async (stage: WebStage, camera: CameraId, minutes: number): Promise<void> => {
  const at = minutesAgo(minutes);
  const hour = 6 + (minutes % 16);
  const common = { camera, episode: episodeId(camera, at), cause: 'camera', ...SIZE } as const;
  await stage.add({ ...common, kind: 'before', takenAt: epochMs(at - 3000), jpeg: await picture(hour) });
  await stage.add({
    ...common,
    kind: 'peak',
    takenAt: epochMs(at + 4000),
    jpeg: await picture(hour, { visitor: true }),
  });
  const isLasting = minutes % 3 === 1;
  await stage.add({
    ...common,
    kind: 'calm',
    takenAt: epochMs(at + 20_000),
    jpeg: await picture(hour, { parcel: isLasting }),
    delay: ms(1900),
    claims: minutes % 2 === 0 ? ['person'] : [],
    change: { verdict: isLasting ? 'arrived' : 'passing', perMille: 31, mask: PARCEL_MASK },
    choice: { way: 'main-ring', reason: 'moment', failed: [] },
  });
};

/** Nothing has happened yet. */
export const EMPTY: Scene = {
  options: { identify: async () => OWNER },
  fill: async (stage) => {
    stage.feed.tell({ type: 'seeing', camera: GARDEN, at: now(), codec: 'h264' });
  },
};

/** Three cameras of a house on some day, one of them blind, and whoever looks may do everything. */
export const LIVED: Scene = {
  options: { cameras: [watched('Garden'), watched('Drive'), watched('Shed')], identify: async () => OWNER },
  fill: async (stage) => {
    for (const camera of [GARDEN, DRIVE]) stage.feed.tell({ type: 'seeing', camera, at: now(), codec: 'h264' });
    const facts = {};
    stage.feed.tell({ type: 'blind', camera: SHED, at: now(), code: 'SW_CAM_STREAM_LIMIT', facts, retryAt: undefined });
    for (let at = 0; at < 14; at++) {
      const camera = [GARDEN, GARDEN, DRIVE, GARDEN, SHED][at % 5] ?? GARDEN;
      await addHappening(stage, camera, 4 + at * 173);
    }
    const [cover] = await stage.catalog.list({ coversOnly: true, limit: 1 });
    if (!cover) return;
    const outcomes: readonly LedgerOutcome[] = [
      { state: 'photo', still: cover.id },
      { state: 'merged', still: cover.id },
      { state: 'missed', code: 'SW_CAM_STREAM_LIMIT' },
    ];
    for (const [index, outcome] of outcomes.entries()) {
      const at = epochMs(now() - 1000 * (index + 1));
      stage.ledger.push({
        id: triggerId(GARDEN, 'camera', at),
        camera: GARDEN,
        origin: 'camera',
        at,
        day: civilTime(at, ZONE).day,
        work: episodeId(GARDEN, at),
        outcome,
      });
    }
  },
};

/** One camera that nothing is seen of, and its last photos. */
export const BLIND: Scene = {
  fill: async (stage) => {
    const facts = {};
    stage.feed.tell({ type: 'blind', camera: GARDEN, at: now(), code: 'SW_CAM_AUTH', facts, retryAt: undefined });
    await addHappening(stage, GARDEN, 400);
  },
};

/** Looking is refused: whoever asks comes through something that hides who it is. */
export const REFUSED: Scene = {
  options: { access: { publicView: false, loginToView: true } },
  fill: async () => undefined,
};

export const newestEpisode = async (stage: WebStage): Promise<string> => {
  const [cover] = await stage.catalog.list({ coversOnly: true, limit: 1 });
  return `/e/${cover?.episode ?? ''}`;
};

export const newestDay = async (stage: WebStage): Promise<string> => {
  const [row] = await stage.catalog.days();
  return `/photos/${row?.day ?? ''}`;
};
