// `stillwatch tune`: another sensitivity, threshold or mask tried on what a camera's motion detection saw in the last days.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { fsReadings } from '../../adapters/readings-fs/readings-fs.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { READINGS_KEPT_DAYS } from '../../archive/forget-readings.ts';
import { loadSettings } from '../../config/config-file.ts';
import { type Audit, missRate } from '../../domain/audit.ts';
import { LEAST_THRESHOLD, MOST_THRESHOLD } from '../../domain/camera.ts';
import { isoText, type TimeZone } from '../../domain/civil-time.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { Area, Polygon } from '../../domain/geometry.ts';
import type { KeptReading } from '../../domain/readings.ts';
import { replayReadings, type TunedPast, type Tuning } from '../../domain/readings-replay.ts';
import { later, ms } from '../../domain/units.ts';
import { archivePaths } from '../archive-place.ts';

const SENSITIVITIES = ['low', 'normal', 'high'] as const;

interface TuneOptions {
  readonly days: number;
  readonly sensitivity?: (typeof SENSITIVITIES)[number];
  readonly threshold?: number;
  readonly mask: readonly Polygon[];
  readonly json?: true;
}

const WHOLE: Polygon = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

const isWhole = (polygon: Polygon): boolean =>
  polygon.length === 4 && polygon.every(({ x, y }) => (x === 0 || x === 1) && (y === 0 || y === 1));

/** The owner's areas with what is to be tried: the whole picture lies under them, new masks over them. */
export const triedAreas = (
  areas: readonly Area[],
  options: Pick<TuneOptions, 'sensitivity' | 'mask'>,
): readonly Area[] => [
  ...(options.sensitivity ? [{ polygon: WHOLE, sensitivity: options.sensitivity }] : []),
  ...areas.filter(({ polygon }) => options.sensitivity === undefined || !isWhole(polygon)),
  ...options.mask.map((polygon): Area => ({ polygon, sensitivity: 'ignored' })),
];

export const polygonArgument = (value: string, before: readonly Polygon[]): readonly Polygon[] => {
  const corners = value
    .trim()
    .split(/\s+/)
    .map((corner) => corner.split(',').map(Number));
  const isGood =
    corners.length >= 3 && corners.every((pair) => pair.length === 2 && pair.every((one) => one >= 0 && one <= 1));
  if (!isGood)
    throw new InvalidArgumentError('Write three corners or more, from the top left: "0,0 0.5,0 0.5,0.4 0,0.4".');
  return [...before, corners.map(([x = 0, y = 0]) => ({ x, y }))];
};
const daysArgument = (value: string): number => {
  if (!/^\d{1,2}$/.test(value) || Number(value) < 1 || Number(value) > READINGS_KEPT_DAYS)
    throw new InvalidArgumentError(`Readings are kept for ${READINGS_KEPT_DAYS} days.`);
  return Number(value);
};
const factorArgument = (value: string): number => {
  const factor = Number(value);
  if (!(factor >= LEAST_THRESHOLD && factor <= MOST_THRESHOLD))
    throw new InvalidArgumentError(`A factor from ${LEAST_THRESHOLD} to ${MOST_THRESHOLD}.`);
  return factor;
};

const reportOf = (past: TunedPast, zone: TimeZone) => ({
  photos: past.episodes.length,
  movingSeconds: past.movingSeconds,
  unknownShare: past.unknownShare,
  episodes: past.episodes.map(({ start, lastMotion, end, score }) => ({
    start: isoText(start, zone),
    lastMotion: isoText(lastMotion, zone),
    end: isoText(end, zone),
    score,
  })),
});

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const lineOf = (name: string, past: TunedPast): string => {
  const hours = past.seenSeconds / 3600;
  const perDay = hours === 0 ? 0 : (24 * past.episodes.length) / hours;
  const unknown =
    past.unknownShare > 0 ? `; ${percent(past.unknownShare)} of the picture was masked then: not known` : '';
  return `${name.padEnd(8)} ${past.episodes.length} episodes, ${perDay.toFixed(1)} a day, motion in ${past.movingSeconds} s${unknown}`;
};

const auditLine = (audit: Audit): string => {
  const { rate, low, high } = missRate(audit);
  return `audit    ${audit.missed} of ${audit.looked} skipped groups of pictures held motion: ${percent(rate)} (95 %: ${percent(low)}–${percent(high)})`;
};

const tune = async (id: string, options: TuneOptions): Promise<void> => {
  const { snapshotsDir, zone, cameras } = loadSettings(process.cwd(), process.env);
  const camera = cameras.find((one) => one.id === id);
  if (!camera)
    throw new StillwatchError('SW_CAMERA_UNKNOWN', { camera: id, known: cameras.map((one) => one.id).join(', ') });
  const archive = fsReadings(archivePaths(snapshotsDir).readings);
  const until = systemClock().now().wall;
  const kept: readonly KeptReading[] = await archive.read(
    camera.id,
    later(until, ms(-options.days * 86_400_000)),
    until,
  );
  const areas = camera.motion?.areas ?? [];
  const threshold = camera.motion?.threshold ?? 1;
  const tuning: Tuning = { areas: triedAreas(areas, options), threshold: options.threshold ?? threshold };
  const now = replayReadings(kept, { areas, threshold }, camera.rules);
  const tried = replayReadings(kept, tuning, camera.rules);
  const audit = await archive.lastAudit(camera.id);
  if (options.json) {
    const report = {
      camera: camera.id,
      seenSeconds: now.seenSeconds,
      audit: audit ? { ...audit, ...missRate(audit) } : null,
      now: reportOf(now, zone),
      tried: reportOf(tried, zone),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const lines = [
    `${camera.id}: ${(now.seenSeconds / 3600).toFixed(1)} h seen in ${options.days} days`,
    lineOf('now', now),
    lineOf('tried', tried),
    ...(audit ? [auditLine(audit)] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
};

/** `stillwatch tune` */
export const tuneCommand = (program: Command): void => {
  program
    .command('tune')
    .description('try another sensitivity, threshold or mask on what motion detection saw in the last days')
    .argument('<camera>', 'the camera’s id')
    .option('--days <count>', 'so many days back', daysArgument, 7)
    .addOption(new Option('--sensitivity <word>', 'of the whole picture').choices(SENSITIVITIES))
    .option('--threshold <factor>', 'change that is needed; 1 by itself, 2 asks for twice as much', factorArgument)
    .addOption(
      new Option('--mask <corners>', 'an area to leave out, "x,y x,y x,y …" from 0 to 1; may be repeated')
        .argParser<readonly Polygon[]>(polygonArgument)
        .default([]),
    )
    .option('--json', 'print JSON with every episode')
    .action(tune);
};
