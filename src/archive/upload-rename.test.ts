import { describe, expect, it } from 'vitest';
import type { TimeSource } from '../domain/delivery.ts';
import { cameraId, type StillId } from '../domain/ids.ts';
import { INBOX_LIMITS } from '../domain/inbox.ts';
import { readStillFacts, withStillFacts } from '../domain/still-facts.ts';
import { type EpochMs, epochMs, later, ms } from '../domain/units.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { draftOf } from '../testing/stills.ts';
import { uploadRename } from './upload-rename.ts';

const forest = cameraId('forest');
const ARRIVED = epochMs(Date.UTC(2026, 10, 23, 14));
const cameras = [{ id: forest, name: 'Forest', limits: INBOX_LIMITS, zone: 'Europe/Copenhagen' }];

const stage = async (time: TimeSource, takenAt: readonly EpochMs[] = [ARRIVED]) => {
  const waiting = memorySpool();
  const stills: StillId[] = [];
  for (const at of takenAt) {
    const draft = draftOf({
      camera: forest,
      kind: 'uploaded',
      source: 'upload',
      takenAt: at,
      offsetMinutes: 60,
      upload: { way: 'ftp', time, battery: 80 },
    });
    await waiting.accept(draft, withStillFacts(await testJpeg(stills.length), draft));
    stills.push(draft.id);
  }
  const rename = uploadRename({ cameras, zone: 'UTC', waiting, read: waiting.read });
  const to = (name: string, of: readonly StillId[] = stills): Promise<void> =>
    rename(forest, { stills: of, name, receivedAt: ARRIVED });
  const times = async (): Promise<readonly string[]> =>
    (await waiting.pending()).map(({ facts }) => new Date(facts.takenAt).toISOString().slice(0, 19));
  return { waiting, stills, to, times };
};

describe('a picture that is given another name', () => {
  it('was taken when that name says, in the camera’s zone, and says so itself', async () => {
    const { waiting, to } = await stage('arrival');
    await to('/in/20260701143207.jpg');
    const [still] = await waiting.pending();
    expect(still?.facts).toMatchObject({ takenAt: Date.UTC(2026, 6, 1, 12, 32, 7) });
    const inner = readStillFacts(await waiting.read(still?.file ?? ''));
    expect(inner).toMatchObject({
      id: still?.facts.id,
      takenAt: still?.facts.takenAt,
      upload: { way: 'ftp', time: 'name', battery: 80 },
    });
  });

  it.each<[string, TimeSource, string]>([
    ['its own EXIF knows better', 'exif', '/in/20260701143207.jpg'],
    ['the name says nothing', 'arrival', '/in/final.jpg'],
    ['the name says what cannot be', 'arrival', '/in/20380101000000.jpg'],
  ])('stays as it was where %s', async (_, time, name) => {
    const { to, times } = await stage(time);
    await to(name);
    expect(await times()).toEqual(['2026-11-23T14:00:00']);
  });

  it('is corrected when its temporary name was read as another time', async () => {
    const { to, times } = await stage('name');
    await to('20261101080000.jpg');
    expect(await times()).toEqual(['2026-11-01T07:00:00']);
  });

  it('of a film keeps the distance from its beginning, and touches no other', async () => {
    const { stills, to, times } = await stage(
      'arrival',
      [0, 4000, 9000].map((by) => later(ARRIVED, ms(by))),
    );
    await to('20261101080000.mp4', stills.slice(0, 2));
    expect(await times()).toEqual(['2026-11-01T07:00:00', '2026-11-01T07:00:04', '2026-11-23T14:00:09']);
  });

  it('and was handed on meanwhile is left alone', async () => {
    const { waiting, stills, to } = await stage('arrival');
    await waiting.release(stills[0] as StillId);
    await to('20261101080000.jpg');
    expect(await waiting.pending()).toEqual([]);
  });
});
