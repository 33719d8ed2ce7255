import { describe, expect, it } from 'vitest';
import { archiveStage, type StagePhoto, spread } from './archive-stage.ts';
import { drawnAround, NOTHING_DRAWN } from './drawn.ts';

const [TODAY, BEFORE, LARGE] = ['2026-11-23', '2026-11-22', '2026-11-21'];
const PHOTOS: readonly StagePhoto[] = [
  ...spread(TODAY, 'garden', 7),
  ...spread(TODAY, 'drive', 3),
  ...spread(BEFORE, 'garden', 20),
  ...spread(LARGE, 'garden', 4800),
];
const day = (index: number) => `/api/v1/timeline/${[TODAY, BEFORE, LARGE][index]}`;
const wholeDay = (index: number) => ({ day: index, part: 0, from: 0, until: 0 });

describe('the archive', () => {
  it('knows from the counts alone how high it is, and stays so when photos of the usual shape come', async () => {
    const { archive, asked } = await archiveStage(PHOTOS);
    expect(archive.days.map(({ day, count }) => [day, count])).toEqual([
      [TODAY, 10],
      [BEFORE, 20],
      [LARGE, 4800],
    ]);
    expect(archive.days[0]?.parts.map(({ camera, first }) => [camera, first])).toEqual([
      ['drive', 0],
      ['garden', 3],
    ]);
    const { height, tops } = archive;
    for (const name of [TODAY, BEFORE, LARGE]) await archive.load(name);
    expect([archive.height, ...archive.tops]).toEqual([height, ...tops]);
    expect(asked).toEqual(['/api/v1/timeline', day(0), day(1), `${day(2)}/hours`]);
  });

  it('fetches a usual day whole and of a large one the hours that are looked at, each once', async () => {
    const { archive, asked } = await archiveStage(PHOTOS, { query: 'what=person&camera=garden' });
    await archive.loadSpan({ day: 1, part: 0, from: 0, until: 3 });
    await archive.loadSpan({ day: 1, part: 0, from: 0, until: 19 });
    const span = { day: 2, part: 0, from: 150, until: 450 };
    await Promise.all([archive.loadSpan(span), archive.loadSpan(span)]);
    const query = '?what=person&camera=garden';
    expect(asked).toEqual([
      `/api/v1/timeline${query}`,
      day(1) + query,
      `${day(2)}/hours${query}`,
      ...[23, 22, 21].map((hour) => `${day(2)}${query}&hour=${hour}`),
    ]);
    expect(archive.photo({ day: 2, part: 0, at: 150 })?.time).toBe('23-14-42');
    expect(archive.photo({ day: 2, part: 0, at: 700 })).toBeUndefined();
    expect(archive.hourOf({ day: 2, part: 0, at: 700 })).toBe(20);
  });

  it('goes on with what is looked at now, and gives up what was', async () => {
    const { archive, asked } = await archiveStage(PHOTOS);
    archive.want([wholeDay(0), wholeDay(1), wholeDay(2)]);
    archive.want([wholeDay(2)]);
    await expect.poll(() => asked.length).toBe(4);
    expect(asked.slice(1)).toEqual([day(0), day(1), `${day(2)}/hours`]);
    archive.want([{ day: 2, part: 0, from: 0, until: 0 }]);
    await expect.poll(() => archive.photo({ day: 2, part: 0, at: 0 })?.time).toBe('23-59-42');
  });

  it('says which day could not be fetched, does not ask again by itself, and does on a word', async () => {
    let changes = 0;
    const { archive, asked, broken } = await archiveStage(PHOTOS, { onChange: () => (changes += 1) });
    broken.add(day(1));
    const before = changes;
    archive.want([wholeDay(1)]);
    await expect.poll(() => archive.hasFailed(BEFORE)).toBe(true);
    expect(changes).toBe(before + 1);
    archive.want([wholeDay(1)]);
    expect(asked.filter((address) => address === day(1))).toHaveLength(1);
    broken.clear();
    archive.retry(BEFORE);
    archive.want([wholeDay(1)]);
    await expect.poll(() => archive.photo({ day: 1, part: 0, at: 0 })?.time).toBe('22-48-00');
  });

  it('fetches anew what has other photos than before, and nothing else', async () => {
    const stage = await archiveStage(PHOTOS);
    const { archive, asked } = stage;
    await archive.load(TODAY);
    await archive.load(BEFORE);
    await archive.loadSpan({ day: 2, part: 0, from: 0, until: 300 });
    stage.photos = [
      ...PHOTOS,
      { day: TODAY, camera: 'garden', time: '23-59-59' },
      { day: LARGE, camera: 'garden', time: '23-59-59' },
    ];
    await archive.refresh();
    const already = asked.length;
    // What is here stands until the other is.
    expect(archive.photo({ day: 0, part: 1, at: 0 })?.time).toBe('20-34-17');
    await archive.load(TODAY);
    await archive.load(BEFORE);
    await archive.loadSpan({ day: 2, part: 0, from: 0, until: 300 });
    expect(asked.slice(already)).toEqual([day(0), `${day(2)}/hours`, `${day(2)}?camera=garden&hour=23`]);
    expect(archive.photo({ day: 0, part: 1, at: 0 })?.time).toBe('23-59-59');
    archive.outdate(LARGE);
    await archive.loadSpan({ day: 2, part: 0, from: 0, until: 0 });
    expect(asked.at(-1)).toBe(`${day(2)}?camera=garden&hour=23`);
    expect(asked.slice(already)).toHaveLength(5);
  });

  it('lets go of days that were not looked at for long', async () => {
    const many = Array.from({ length: 80 }, (_, index) => {
      const name = new Date(Date.UTC(2026, 10, 23 - index)).toISOString().slice(0, 10);
      return spread(name, 'garden', 2900);
    });
    const { archive } = await archiveStage(many.flat());
    for (const { day: name } of archive.days) await archive.load(name);
    const isHere = archive.days.map((_, index) => archive.photo({ day: index, part: 0, at: 0 }) !== undefined);
    expect(isHere.indexOf(true)).toBe(80 - Math.floor(200_000 / 2900));
    expect(isHere.slice(isHere.indexOf(true)).every(Boolean)).toBe(true);
  });
});

describe('what is drawn', () => {
  it('is what lies between two heights, each once, and what has the focus', async () => {
    const { archive } = await archiveStage(PHOTOS);
    await archive.load(BEFORE);
    const top = archive.tops[2] ?? 0;
    const keep = { day: 1, part: 0, at: 2 };
    const wish = { from: top + 10_000, until: top + 11_000, base: 5000, keep, before: NOTHING_DRAWN };
    const drawn = drawnAround(archive, wish);
    expect(drawn.heads.map(({ key, part }) => [key, part])).toEqual([
      [LARGE, -1],
      [`${LARGE} garden`, 0],
    ]);
    expect(drawn.photos[0]).toMatchObject({ ...keep, photo: { time: '20-24-00' } });
    const [first, last] = [drawn.photos[1], drawn.photos.at(-1)];
    expect(drawn.spans).toEqual([{ day: 2, part: 0, from: first?.at, until: last?.at }]);
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBe(drawn.photos.length - 2);
    expect((first?.y ?? 0) + 5000).toBeLessThanOrEqual(wish.from);
    expect(new Set(drawn.photos.map(({ key }) => key)).size).toBe(drawn.photos.length);
    for (const { x, w } of drawn.photos) expect(x + w).toBeLessThanOrEqual(1281);
  });

  it('takes over what stands where it stood, and nothing once something moved', async () => {
    const { archive } = await archiveStage(PHOTOS);
    await archive.load(BEFORE);
    const wish = { from: 0, until: 900, base: 0, keep: undefined };
    const before = drawnAround(archive, { ...wish, before: NOTHING_DRAWN });
    const further = drawnAround(archive, { ...wish, from: 200, before });
    const shared = further.photos.filter((photo) => before.photos.includes(photo));
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.length).toBe(further.photos.filter(({ key }) => before.photos.some((one) => one.key === key)).length);
    await archive.load(TODAY);
    const anew = drawnAround(archive, { ...wish, before: further });
    expect(anew.photos.some((photo) => further.photos.includes(photo))).toBe(false);
  });
});
