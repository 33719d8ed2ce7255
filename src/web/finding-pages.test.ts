import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { episodeId } from '../domain/ids.ts';
import { type LedgerOutcome, type LedgerRow, triggerId } from '../domain/ledger.ts';
import type { StoredStill } from '../domain/still.ts';
import { type EpochMs, epochMs } from '../domain/units.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { GARDEN, type WebStage, webStage } from '../testing/web-stage.ts';

const MASK = 'f'.repeat(144);
const ago = (minutes: number): EpochMs => epochMs(SOME_TIME - minutes * 60_000);
const episode = episodeId(GARDEN, ago(10));

let stage: WebStage;
let calm: StoredStill;
let alone: StoredStill;

const row = (minutes: number, outcome: LedgerOutcome): LedgerRow => {
  const id = triggerId(GARDEN, 'camera', ago(minutes));
  return { id, camera: GARDEN, origin: 'camera', at: ago(minutes), day: '2026-11-23', work: episode, outcome };
};

beforeAll(async () => {
  stage = await webStage();
  alone = await stage.add({ takenAt: ago(300), kind: 'manual' });
  await stage.add({ takenAt: ago(11), kind: 'before', episode });
  await stage.add({ takenAt: ago(9), kind: 'peak', episode });
  calm = await stage.add({
    takenAt: ago(8),
    kind: 'calm',
    episode,
    change: { verdict: 'arrived', perMille: 31, mask: MASK },
    choice: { way: 'main-stream', reason: 'most-pixels', failed: [{ way: 'main-ring', code: 'SW_STILL_DAMAGED' }] },
  });
  stage.ledger.push(
    row(10, { state: 'photo', still: calm.id }),
    row(9, { state: 'merged', still: calm.id }),
    row(5, { state: 'missed', code: 'SW_CAM_STREAM_LIMIT' }),
    row(1, { state: 'open', still: undefined }),
  );
});
afterAll(() => stage.app.close());

const ask = (url: string) => stage.app.inject({ url, headers: { host: 'localhost', accept: 'text/html' } });
/** The page without what the components leave between texts. */
const page = async (url: string): Promise<string> => {
  const answer = await ask(url);
  expect(answer.statusCode).toBe(200);
  return answer.body.replace(/<!--.*?-->/g, '').replace(/<script type="application\/json".*/s, '');
};

describe('/e/<episode>', () => {
  it('shows the calm photo, the set, the verdict, and why it was taken', async () => {
    const body = await page(`/e/${episode}`);
    expect(body).toContain(`${calm.path}?w=1280`);
    for (const name of ['.before.jpg', '.peak.jpg']) expect(body).toContain(name);
    expect(body).toContain('Something has arrived');
    expect(body).toContain('3.1 % of the picture');
    expect(body).toContain('Main stream: it has the most pixels');
    expect(body).toContain('Kept seconds of the main stream (SW_STILL_DAMAGED)');
    expect(body.match(/the camera’s own event/g)?.length).toBeGreaterThanOrEqual(4);
  });

  it('leads to the photo before it, and that one back', async () => {
    expect(await page(`/e/${episode}`)).toContain(`rel="prev" href="/photo/${alone.id}"`);
    expect(await page(`/photo/${alone.id}`)).toContain(`rel="next" href="/e/${episode}"`);
  });

  it('offers nothing to whoever may only look', async () => {
    const body = await page(`/e/${episode}`);
    for (const word of ['Delete', 'Keep as favourite', 'What was it really?']) expect(body).not.toContain(word);
  });

  it.each([`/e/${episodeId(GARDEN, ago(99))}`, '/e/x', `/photo/${'0'.repeat(32)}`, '/photo/x'])(
    '%s is nothing',
    async (url) => {
      expect((await ask(url)).statusCode).toBe(404);
    },
  );

  it('gives its own script what it is drawn from', async () => {
    const accept = 'application/vnd.stillwatch.page+json';
    const answer = await stage.app.inject({ url: `/e/${episode}`, headers: { host: 'localhost', accept } });
    expect(answer.headers['content-type']).toContain(accept);
    expect(answer.json()).toMatchObject({ page: 'episode', data: { verdict: 'arrived', stills: { length: 3 } } });
  });
});

describe('/photos', () => {
  it('jumps to a day from its date field, without script', async () => {
    const body = await page('/photos');
    expect(body).toContain('min="2026-11-23" max="2026-11-23"');
    expect((await ask('/photos?day=2026-11-20')).headers['location']).toBe('/photos/2026-11-20');
    expect((await ask('/photos?day=2026-02-30')).statusCode).toBe(400);
    expect((await ask('/photos?day=//x')).statusCode).toBe(400);
  });

  it('shows one camera’s day', async () => {
    const body = await page('/photos/2026-11-23/garden');
    expect(body).toContain('Garden · Today, Monday 23 November');
    expect(body.match(/id="still-/g)).toHaveLength(2);
    expect((await ask('/photos/2026-11-23/nowhere')).statusCode).toBe(404);
  });
});

describe('/ledger', () => {
  it('accounts for every trigger of the day', async () => {
    const body = await page('/ledger');
    expect(body).toContain('4 triggers, 3 accounted for');
    expect(body.match(/class="ledger-row/g)).toHaveLength(4);
    expect(body.match(new RegExp(`href="/e/${episode}"`, 'g'))).toHaveLength(2);
    expect(body).toContain('SW_CAM_STREAM_LIMIT');
  });

  it('shows what was missed alone, and says when there was nothing', async () => {
    expect((await page('/ledger?missed=1')).match(/class="ledger-row/g)).toHaveLength(1);
    expect(await page('/ledger?day=2026-11-20')).toContain('Nothing asked for a photo.');
    expect((await ask('/ledger?day=2026-02-30')).statusCode).toBe(400);
  });
});

describe('/search', () => {
  const shown = async (query: string): Promise<readonly (string | undefined)[]> =>
    [...(await page(`/search?${query}`)).matchAll(/id="still-([0-9a-f]{32})"/g)].map(([, id]) => id);

  it('finds by words and by condition', async () => {
    expect(await shown('q=garden')).toEqual([calm.id, alone.id]);
    expect(await shown('verdict=arrived')).toEqual([calm.id]);
    expect(await shown('verdict=lasting')).toEqual([calm.id]);
    expect((await ask('/search?verdict=lasting')).body).toContain('<option value="lasting" selected');
    expect(await shown('q=yesterday')).toEqual([]);
    expect(await shown('camera=garden&favourite=true')).toEqual([]);
  });

  it('says what it looked for, field by field, and offers all of it as a zip to whoever may take it', async () => {
    const body = await page('/search?q=garden+yesterday&claim=person&hourFrom=22&hourUntil=6');
    expect(body).toContain('Looked for: Garden · 22 Nov 00:00 – 23 Nov 00:00 · 22:00–06:00 · Person');
    expect(body).not.toContain('photos.zip');
    expect(await shown('hourFrom=14&hourUntil=15')).toContain(calm.id);
    expect(await shown('hourFrom=3&hourUntil=4')).toEqual([]);
    expect(await shown('from=2026-11-23&until=2026-11-23&kind=calm')).toContain(calm.id);
    expect((await ask('/search?from=2026-02-30')).statusCode).toBe(400);
  });

  it('has one address for a search, without the fields that were left empty', async () => {
    const { statusCode, headers } = await ask('/search?q=garden&camera=&verdict=&from=');
    expect([statusCode, headers['location']]).toEqual([302, '/search?q=garden']);
  });

  it('asks before it looks, and says which words it did not know', async () => {
    expect(await shown('')).toEqual([]);
    expect(await page('/search?q=xyzzy')).toContain('These words mean nothing here: xyzzy');
  });

  it.each(['verdict=x', 'camera=%2e%2e', 'before=x', `q=${'a'.repeat(201)}`])('refuses ?%s', async (query) => {
    expect((await ask(`/search?${query}`)).statusCode).toBe(400);
  });
});
