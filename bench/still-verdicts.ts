// The verdicts of src/motion/change.ts on real footage, against what a person says: a confusion table.
// Footage: ../shared/clips (see its README). Options: --each prints every pair.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CHANGE_SIZE, type ChangePicture } from '../src/domain/change-picture.ts';
import { compareStills, type PairChange } from '../src/motion/change.ts';

const { values } = parseArgs({ options: { each: { type: 'boolean', default: false } } });
const CLIPS = new URL('../../shared/clips/', import.meta.url);
if (!existsSync(CLIPS)) throw new Error('the footage is missing: ../shared/clips');

const { width, height } = CHANGE_SIZE;
const pixels = width * height;

const still = (file: string, second: number): ChangePicture => {
  const filter = `scale=${width}:${height}:flags=area`;
  const options = ['-v', 'error', '-ss', String(second), '-i', file, '-frames:v', '1', '-vf', filter];
  const { stdout } = spawnSync('ffmpeg', [...options, '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-'], { cwd: CLIPS });
  if (stdout.length !== (pixels * 3) / 2) throw new Error(`no picture in ${file} at ${second} s`);
  const plane = (from: number, to: number): Uint8Array => new Uint8Array(stdout.subarray(from, to));
  return {
    luma: plane(0, pixels),
    blue: plane(pixels, (pixels * 5) / 4),
    red: plane((pixels * 5) / 4, (pixels * 3) / 2),
  };
};

type Said = PairChange['finding'];
const [PERSON, BOTTLE, CAR, LIGHT, TREE, ROAD, DOOR, WALK, APE] = [
  'iot_one-by-one-person-detection.mp4',
  'iot_bottle-detection.mp4',
  'iot_car-detection.mp4',
  'dvr_brightness.avi',
  'cv_tree.avi',
  'aoz_vehicle_survaillance.mp4',
  'amb_person1.mkv',
  'cv_vtest.avi',
  'zam_chimp.mp4',
] as const;

/** Looked at by hand: first second, second second, what a person says. */
const PAIRS: readonly (readonly [string, number, string, number, Said])[] = [
  ...(
    [
      [8.5, 14.5, 'arrived'],
      [0.5, 9, 'gone'],
      [15, 20, 'gone'],
      [20, 26, 'arrived'],
      [26, 30.2, 'arrived'],
      [30, 33, 'gone'],
      [33, 38.5, 'arrived'],
      [10, 10.8, 'same'],
    ] as const
  ).map(([a, b, said]) => [BOTTLE, a, BOTTLE, b, said] as const),
  ...(
    [
      [1, 12, 'arrived'],
      [12, 20.9, 'gone'],
      [1, 20.9, 'same'],
      [20.9, 30, 'arrived'],
      [30, 46, 'gone'],
      [1, 46, 'same'],
      [46, 60, 'arrived'],
      [1, 71, 'same'],
      [1, 88.5, 'same'],
      [88.5, 100, 'arrived'],
      [110, 121, 'gone'],
      [121, 130, 'arrived'],
    ] as const
  ).map(([a, b, said]) => [PERSON, a, PERSON, b, said] as const),
  ...(
    [
      [1, 2.5, 'same'],
      [1, 9.8, 'same'],
      [1, 12, 'same'],
      [12, 19.5, 'same'],
      [1, 23, 'same'],
      [24, 29.5, 'same'],
      [10, 14, 'same'],
      [1, 6.5, 'arrived'],
      [12, 16.5, 'arrived'],
      [16.5, 24, 'gone'],
    ] as const
  ).map(([a, b, said]) => [CAR, a, CAR, b, said] as const),
  [LIGHT, 0.2, LIGHT, 2, 'light-only'],
  [LIGHT, 2, LIGHT, 4.5, 'light-only'],
  [LIGHT, 0.2, LIGHT, 4.6, 'light-only'],
  [TREE, 1, TREE, 3, 'same'],
  [TREE, 0.5, TREE, 2, 'same'],
  [PERSON, 1, BOTTLE, 1, 'cannot-compare'],
  [LIGHT, 1, PERSON, 1, 'cannot-compare'],
  [LIGHT, 1, WALK, 3, 'cannot-compare'],
  [WALK, 3, PERSON, 1, 'cannot-compare'],
  [ROAD, 1, WALK, 3, 'cannot-compare'],
  [APE, 5, LIGHT, 1, 'cannot-compare'],
  [DOOR, 1, ROAD, 1, 'cannot-compare'],
];

const FINDINGS: readonly Said[] = ['same', 'arrived', 'gone', 'light-only', 'cannot-compare'];
const counts = new Map<string, number>();
const times: number[] = [];
for (const [fileA, a, fileB, b, said] of PAIRS) {
  const [before, after] = [still(fileA, a), still(fileB, b)];
  const from = performance.now();
  const { finding, share } = compareStills(before, after);
  times.push(performance.now() - from);
  const key = `${said} ${finding}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (values.each || finding !== said) {
    console.log(`${fileA} ${a} s, ${fileB} ${b} s: ${said}, found ${finding} (${(share * 100).toFixed(1)} %)`);
  }
}
console.log(`| a person says \\ found | ${FINDINGS.join(' | ')} |`);
console.log(`|---|${FINDINGS.map(() => '--:|').join('')}`);
for (const said of FINDINGS) {
  console.log(`| ${said} | ${FINDINGS.map((found) => counts.get(`${said} ${found}`) ?? 0).join(' | ')} |`);
}
const right = FINDINGS.reduce((sum, each) => sum + (counts.get(`${each} ${each}`) ?? 0), 0);
times.sort((x, y) => x - y);
console.log(
  `${right} of ${PAIRS.length} as a person says; ${times[Math.floor(times.length / 2)]?.toFixed(0)} ms a pair (median)`,
);
