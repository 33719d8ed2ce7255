import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVideoFile } from '../../adapters/av/video-file.ts';
import { ms } from '../../domain/units.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { analyseFile, parseDuration } from './analyse.ts';
import { pictureOf } from './analyse-picture.ts';
import { reportOf, tableOf } from './analyse-report.ts';

const CLIPS = '../shared/clips';
const clip = (name: string): string => {
  const path = `${CLIPS}/${name}`;
  if (!existsSync(path)) throw new Error(`the shared clips are missing: ${CLIPS}`);
  return path;
};
const CALM = { calm: ms(1_000), mode: 'careful' } as const;
const PATIENCE_MS = 120_000;
const folders = temporaryFolders();

describe('durations', () => {
  it.each([
    ['10s', 10_000],
    ['10', 10_000],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['2m', 120_000],
    ['1.5s', 1500],
  ])('%s is %i ms', (text, value) => {
    expect(parseDuration(text)).toBe(value);
  });

  it.each(['', 'soon', '-3s', '0', '10h', 's'])('%j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow('10s');
  });
});

describe('a recording', () => {
  it(
    'of cars entering and leaving gives them with their times, in any mode',
    async () => {
      for (const mode of ['careful', 'economy'] as const) {
        const { episodes } = await analyseFile(clip('iot_car-detection.mp4'), { ...CALM, mode });
        const cars = episodes.filter((episode) => episode.start > 2_000);
        expect(cars).toHaveLength(3);
        for (const [index, [from, to]] of [
          [4.4, 8.4],
          [14.4, 18.5],
          [25.1, 27.8],
        ].entries()) {
          expect(Math.abs((cars[index]?.start ?? 0) / 1000 - (from ?? 0))).toBeLessThan(0.6);
          expect(Math.abs((cars[index]?.lastMotion ?? 0) / 1000 - (to ?? 0))).toBeLessThan(1.2);
        }
        // Calm is told by the recording's time, however late the engine found out.
        for (const { lastMotion, end } of episodes) expect(end - lastMotion).toBeLessThanOrEqual(CALM.calm);
      }
    },
    PATIENCE_MS,
  );

  it(
    'shorter than any warm-up, with motion from its first second, is seen',
    async () => {
      const { episodes, until } = await analyseFile(clip('amb_person1.mkv'), CALM);
      expect(until).toBeGreaterThan(5_500);
      expect(episodes[0]?.start).toBeLessThan(800);
      expect(episodes[0]?.lastMotion).toBeGreaterThan(3_800);
    },
    PATIENCE_MS,
  );

  it(
    'that is a bare stream of pictures, which cannot be wound back, is judged like one that can',
    async () => {
      using video = openVideoFile(clip('amb_person1.mkv'));
      const file = join(folders(), 'bare.h264');
      writeFileSync(file, Buffer.concat([...video.packets()].map(({ bytes }) => bytes)));
      const { episodes, decodedShare } = await analyseFile(file, CALM);
      expect(episodes.length).toBeGreaterThan(0);
      expect(decodedShare).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'in a codec that no camera streams is decoded all the same',
    async () => {
      const replay = await analyseFile(clip('cv_vtest.avi'), { ...CALM, mode: 'economy' });
      expect(replay.decodedShare).toBe(1);
      expect(replay.episodes.at(-1)?.lastMotion).toBeGreaterThan(70_000);
    },
    PATIENCE_MS,
  );

  it('that is not video is named as such', async () => {
    await expect(analyseFile('package.json', CALM)).rejects.toMatchObject({ code: 'SW_FILE_UNREADABLE' });
    await expect(analyseFile('no-such-file.mp4', CALM)).rejects.toMatchObject({ code: 'SW_FILE_UNREADABLE' });
  });
});

describe('the report', () => {
  const replay = {
    episodes: [{ start: ms(4_400), lastMotion: ms(8_412.3), end: ms(18_412.3), peak: ms(5_200), score: 0.98765 }],
    readings: [{ pts: ms(4_400), score: 0.5, isMotion: true }],
    decodedShare: 0.123_456,
    until: ms(30_080),
  };

  it('is in seconds, to the millisecond', () => {
    expect(reportOf({ path: 'a.mp4', replay })).toEqual({
      file: 'a.mp4',
      duration: 30.08,
      episodes: [{ start: 4.4, lastMotion: 8.412, end: 18.412, peak: 5.2, score: 0.988 }],
      decodedShare: 0.1235,
    });
  });

  it('is a table for people, in their language', () => {
    const reports = [reportOf({ path: 'a.mp4', replay })];
    expect(tableOf(reports, 'en')).toContain('0:04.4       0:08.4   0:18.4   0:05.2   0.99');
    expect(tableOf(reports, 'da')).toContain('1 hændelser');
    expect(tableOf([{ ...reports[0], file: 'b', duration: 3, episodes: [], decodedShare: 1 }], 'en')).toContain(
      'nothing moved',
    );
  });

  it('is a picture that is safe for any file name', () => {
    const picture = pictureOf([{ path: '<script>"&.mp4', replay }]);
    expect(picture).toContain('&lt;script&gt;&quot;&amp;.mp4');
    expect(picture).not.toContain('<script>');
    expect(picture.match(/class="episode"/g)).toHaveLength(1);
  });
});
