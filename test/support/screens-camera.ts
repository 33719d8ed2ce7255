// The cameras' screens, on a house whose settings are a file as in the program and whose past can be tuned on.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConfigFile } from '../../src/config/config-file.ts';
import { civilTime } from '../../src/domain/civil-time.ts';
import { episodeId } from '../../src/domain/ids.ts';
import { triggerId } from '../../src/domain/ledger.ts';
import { type KeptReading, READING_CELLS, READING_COLUMNS, scoreOfPixels } from '../../src/domain/readings.ts';
import type { CameraReport, Words } from '../../src/domain/requirement.ts';
import { type EpochMs, epochMs, later, ms, seconds } from '../../src/domain/units.ts';
import { drawnPhoto } from '../../src/testing/drawn-photo.ts';
import { GARDEN, type StageOptions, type WebStage, ZONE } from '../../src/testing/web-stage.ts';
import { LIVED, minutesAgo, type Scene, type Screen } from './screen-scenes.ts';

export const YML = `cameras:
  garden:
    address: 192.0.2.5
    masks:
      Tree:
        polygon: [[0.66, 0.1], [0.9, 0.1], [0.9, 0.5], [0.66, 0.5]]
      Flag:
        enabled: false
        polygon: [[0.02, 0.02], [0.2, 0.02], [0.2, 0.3]]
    zones:
      Gate:
        sensitivity: high
        polygon: [[0.2, 0.55], [0.5, 0.5], [0.55, 0.9], [0.2, 0.95]]
  drive:
    address: 192.0.2.6
  shed:
    address: 192.0.2.7
`;

/** A site whose settings are a file of its own. */
export const siteOf = (yml: string): Pick<StageOptions, 'config' | 'watched'> => {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'stillwatch.yml'), yml);
  const config = openConfigFile(folder, {});
  return { config, watched: (id) => config.settings.cameras.find((camera) => camera.id === id) };
};

const moving = (at: number, pixels: number, column: number, row: number): KeptReading => {
  const cells = new Uint8Array(READING_CELLS);
  const cell = row * READING_COLUMNS + column;
  cells[cell] = Math.min(100, Math.ceil(pixels * 0.6));
  cells[cell + 1] = Math.min(100, Math.floor(pixels * 0.4));
  return { type: 'moving', from: epochMs(at), score: scoreOfPixels(pixels), cells };
};

/** A day that was seen second by second: leaves that stir, people who pass, an hour in which nothing was seen. */
export const fillPast = async (stage: WebStage): Promise<void> => {
  const second = 1000;
  const now = Math.floor(minutesAgo(1) / second) * second;
  const start = now - 24 * 3600 * second;
  const readings: KeptReading[] = [];
  let at = start;
  const calmUntil = (until: number): void => {
    if (until > at) readings.push({ type: 'calm', from: epochMs(at), seconds: (until - at) / second });
    at = until;
  };
  // A step takes up to 40 minutes, and a photo is never of a time to come.
  for (let step = 0; at < now - 2400 * second; step++) {
    calmUntil(at + (240 + ((step * 97) % 500)) * second);
    if (step % 7 === 3) at += 1500 * second;
    // Leaves: little, often, in the tree. People: much, in the yard.
    const isPerson = step % 4 === 1;
    const length = isPerson ? 12 : 3;
    for (let beat = 0; beat < length; beat++) {
      const pixels = isPerson ? 60 + ((step * 31 + beat * 17) % 300) : 4 + ((step * 13 + beat) % 5);
      readings.push(isPerson ? moving(at, pixels, 3 + (beat % 8), 5) : moving(at, pixels, 9, 1));
      at += second;
    }
    if (step % 2 === 1) await addPhoto(stage, at - length * second, at, isPerson);
    calmUntil(at + 40 * second);
  }
  calmUntil(now);
  await stage.readings.append(GARDEN, readings);
};

const drawn = new Map<string, Promise<Uint8Array>>();
/** Each of a few drawn once: encoding costs more than everything else here. */
const picture = (hour: number, visitor: boolean): Promise<Uint8Array> => {
  const found = drawn.get(`${hour} ${visitor}`) ?? drawnPhoto({ hour, visitor, width: 640, height: 360 });
  drawn.set(`${hour} ${visitor}`, found);
  return found;
};

/** The photo of what has just been seen. */
const addPhoto = async (stage: WebStage, start: number, end: number, visitor: boolean): Promise<void> => {
  await stage.add({
    camera: GARDEN,
    episode: episodeId(GARDEN, epochMs(start)),
    kind: 'calm',
    cause: 'pixels',
    takenAt: epochMs(end + 10_500),
    width: 640,
    height: 360,
    jpeg: await picture([3, 8, 12, 16][new Date(end).getHours() % 4] ?? 12, visitor),
  });
};

/** Two weeks in which both saw nearly everything. */
const agreeWell = async (stage: WebStage): Promise<void> => {
  const [cover] = await stage.catalog.list({ camera: GARDEN, coversOnly: true, limit: 1 });
  if (!cover) return;
  for (let step = 0; step < 120; step++) {
    const at = minutesAgo(200 + step * 160);
    const row = { camera: GARDEN, day: civilTime(at, ZONE).day, work: episodeId(GARDEN, at) } as const;
    const outcome = { state: 'photo', still: cover.id } as const;
    const told = (origin: 'pixels' | 'camera', when: EpochMs): void =>
      void stage.ledger.push({ ...row, id: triggerId(GARDEN, origin, when), origin, at: when, outcome });
    told('pixels', at);
    if (step % 17 !== 5) told('camera', later(at, seconds(2)));
  }
};

/** How the garden is watched: by its own events and the pixels, which mostly agree. */
const watchWell = (stage: WebStage): void => {
  const common = { camera: GARDEN, at: minutesAgo(1) } as const;
  const counts = { agreed: 31, onlyPixels: 2, onlyCamera: 1 };
  stage.feed.tell({ type: 'events-heard', ...common, at: minutesAgo(8000), channel: 'pull-point' });
  stage.feed.tell({
    type: 'events-checked',
    ...common,
    figures: {
      ...counts,
      agreement: 31 / 34,
      claimedShare: 0.02,
      watched: seconds(86_400),
      unheard: 0,
      isStandIn: false,
      total: counts,
    },
  });
  stage.feed.tell({ type: 'keys-measured', ...common, every: seconds(2) });
  stage.feed.tell({ type: 'clock-read', ...common, offset: ms(1800) });
  stage.feed.tell({ type: 'audited', ...common, audit: { looked: 1840, missed: 2 }, isCareful: false });
};

const same = (text: string): Words => ({ en: text, da: text });

/** What a camera said when it was asked: most of it well, one refusal, one thing that it does not have. */
const REPORT: CameraReport = {
  camera: 'TP-Link Tapo C100',
  at: new Date(minutesAgo(600)).toISOString(),
  lines: [
    { id: 'identity', state: 'proven', evidence: [same('GetDeviceInformation: TP-Link, Tapo C100, 1.3.9')] },
    { id: 'mac', state: 'proven', evidence: [same('GetNetworkInterfaces: 5C:62:8B:12:34:56')] },
    { id: 'profile-s', state: 'proven', evidence: [same('GetProfiles: 2'), same('1920×1080, 640×360')] },
    { id: 'profile-g', state: 'not-offered', evidence: [same('GetServices: no recording')] },
    { id: 'profile-m', state: 'refused', evidence: [same('GetSupportedMetadata: ActionNotSupported')] },
  ],
};

export const HOUSE: Scene = {
  options: {
    ...LIVED.options,
    ...siteOf(YML),
    reports: {
      of: () => ({ asking: undefined, trouble: undefined, report: REPORT }),
      start: () => ({ asking: 'GetProfiles', trouble: undefined, report: REPORT }),
    },
  },
  fill: async (stage) => {
    await LIVED.fill(stage);
    await fillPast(stage);
    watchWell(stage);
    await agreeWell(stage);
  },
};

export const CAMERA_SCREENS: readonly Screen[] = [
  { name: 'cameras', scene: HOUSE, path: '/cameras', shows: '.camera-card .live', isInDocs: true },
  { name: 'camera', scene: HOUSE, path: '/cameras/garden', shows: '.one-camera .live img', isInDocs: true },
  { name: 'camera-blind', scene: HOUSE, path: '/cameras/shed', shows: '.live-blind' },
  { name: 'camera-settings', scene: HOUSE, path: '/cameras/garden?tab=settings', shows: '#set-name:not([disabled])' },
  { name: 'camera-report', scene: HOUSE, path: '/cameras/garden?tab=report', shows: '.report-line' },
  { name: 'add-camera', scene: HOUSE, path: '/cameras/add', shows: '.wizard' },
  {
    name: 'add-sender',
    scene: HOUSE,
    path: '/cameras/add',
    shows: '#pushed-id',
    prepare: (page) => page.locator('#pushed-title').scrollIntoViewIfNeeded(),
  },
  {
    name: 'add-sender-made',
    scene: HOUSE,
    path: '/cameras/add',
    shows: '.wizard-way .typed',
    prepare: async (page) => {
      const { width } = page.viewportSize() ?? { width: 0 };
      await page.locator('#pushed-id').fill(`forest-${width}`);
      await page.locator('#pushed-name').fill('Forest edge');
      await page.locator('#pushed-door').locator('xpath=ancestor::form').locator('button').click();
      await page.locator('.wizard-way .typed').first().scrollIntoViewIfNeeded();
    },
  },
  { name: 'wave', scene: HOUSE, path: '/cameras/add?camera=garden', shows: '.who:not([disabled])' },
  {
    name: 'tune',
    scene: HOUSE,
    path: '/cameras/garden/tune',
    shows: '.chart-moving',
    prepare: async (page) => {
      await page.locator('#threshold').fill('90');
      await page.locator('.outcome-lost li').first().waitFor();
    },
    isInDocs: true,
  },
  {
    name: 'mask',
    scene: HOUSE,
    path: '/cameras/garden/mask',
    shows: '.area-corner',
    isInDocs: true,
  },
];
