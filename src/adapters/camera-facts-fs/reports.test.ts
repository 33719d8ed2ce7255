import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cameraId } from '../../domain/ids.ts';
import type { CameraReport } from '../../domain/requirement.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsReports } from './reports.ts';

const folder = temporaryFolders();
const GARDEN = cameraId('garden');
const REPORT: CameraReport = {
  camera: 'AXIS P3245-LVE',
  at: '2026-11-27T03:14:15.000Z',
  lines: [
    { id: 'identity', state: 'proven', evidence: [{ en: 'serial 0042', da: 'serienummer 0042' }] },
    { id: 'sim', state: 'cannot-be-asked', evidence: [] },
  ],
};

it('gives back the last report of each camera', async () => {
  const file = join(folder(), 'reports.json');
  await fsReports(file).put(GARDEN, { ...REPORT, at: '2026-01-01T00:00:00.000Z' });
  const reports = fsReports(file);
  await Promise.all([reports.put(GARDEN, REPORT), reports.put(cameraId('gate'), REPORT)]);
  expect(await fsReports(file).all()).toEqual(
    new Map([
      [GARDEN, REPORT],
      [cameraId('gate'), REPORT],
    ]),
  );
});

it('knows none that it cannot read, and leaves out lines of another version', async () => {
  const file = join(folder(), 'reports.json');
  const damaged = ['', '[', '{"garden":{}}', '{"garden":{"camera":"A","at":"yesterday","lines":[]}}', '{"../x":1}'];
  for (const content of damaged) {
    await writeFile(file, content);
    expect(await fsReports(file).all(), content).toEqual(new Map());
  }
  await fsReports(file).put(GARDEN, REPORT);
  const newer = (await readFile(file, 'utf8')).replace('"sim"', '"teleportation"');
  await writeFile(file, newer);
  expect((await fsReports(file).all()).get(GARDEN)?.lines.map(({ id }) => id)).toEqual(['identity']);
});
