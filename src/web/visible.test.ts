import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { NOBODY, type Principal, VISITOR } from '../domain/permission.ts';
import { epochMs, seconds } from '../domain/units.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { SOME_TIME, storedStill } from '../testing/stills.ts';
import { newStatus } from './status.ts';
import { type Visible, visibleTo } from './visible.ts';

const [garden, shed, barn] = [cameraId('garden'), cameraId('shed'), cameraId('barn')];
const watched = [garden, shed, barn].map((id) => ({
  id,
  name: id,
  isDemo: false,
  rules: { calmPeriod: seconds(10) },
}));

const stillOf = (camera: typeof garden): ReturnType<typeof storedStill> =>
  storedStill(`${camera}/2026-11-23/14-32-07.jpg`, { camera, takenAt: epochMs(SOME_TIME) });

const seenBy = async (principal: Principal): Promise<Visible> => {
  const catalog = memoryCatalog();
  await catalog.record([garden, shed, barn].map(stillOf));
  return visibleTo({ catalog, status: () => newStatus(watched, epochMs(SOME_TIME)) }, principal);
};

const limited = (...cameras: (typeof garden)[]): Principal => ({
  kind: 'user',
  id: 'u1',
  name: 'Anna',
  permissions: ['self', 'view'],
  cameras,
});

const names = async ({ catalog, status }: Visible): Promise<Readonly<Record<string, unknown>>> => ({
  list: (await catalog.list({ limit: 9 })).map(({ camera }) => camera).toSorted(),
  asked: (await catalog.list({ limit: 9, camera: shed })).length,
  narrowed: (await catalog.list({ limit: 9, cameras: [shed, garden] })).map(({ camera }) => camera).toSorted(),
  days: (await catalog.days()).map(({ camera }) => camera).toSorted(),
  count: await catalog.count(),
  found: (await catalog.find(stillOf(shed).id)) !== undefined,
  foundByPath: (await catalog.findByPath(stillOf(shed).path)) !== undefined,
  status: status()
    .cameras.map(({ id }) => id)
    .toSorted(),
});

describe('visible', () => {
  it.each([
    ['everything to a visitor', VISITOR, ['barn', 'garden', 'shed'], true],
    ['nothing to nobody', NOBODY, [], false],
    ['one camera to who has one', limited(garden), ['garden'], false],
    ['two cameras to who has two', limited(garden, shed), ['garden', 'shed'], true],
    ['nothing to who has a camera that is gone', limited(cameraId('gone')), [], false],
    [
      'nothing to who may only upload',
      { ...limited(garden), kind: 'token', permissions: ['upload'] } as const,
      [],
      false,
    ],
  ] as const)('shows %s', async (_, principal, cameras, hasShed) => {
    expect(await names(await seenBy(principal))).toEqual({
      list: cameras,
      asked: hasShed ? 1 : 0,
      narrowed: cameras.filter((camera) => camera !== 'barn'),
      days: cameras,
      count: cameras.length,
      found: hasShed,
      foundByPath: hasShed,
      status: cameras,
    });
  });
});
