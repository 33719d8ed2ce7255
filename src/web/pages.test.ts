import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { type EpochMs, epochMs, ms } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { GARDEN, type StageOptions, type WebStage, watched, webStage } from '../testing/web-stage.ts';

const HOST = { host: 'localhost' };
const MINUTE = 60_000;
const shed = cameraId('shed');
const ago = (minutes: number) => epochMs(SOME_TIME - minutes * MINUTE);

const stages: WebStage[] = [];
const stageOf = async (options: StageOptions = {}): Promise<WebStage> => {
  const stage = await webStage(options);
  stages.push(stage);
  return stage;
};
afterAll(async () => {
  for (const stage of stages.splice(0)) await stage.app.close();
});

const page = async (stage: WebStage, url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
  const answer = await stage.app.inject({ url, headers: { ...HOST, accept: 'text/html', ...headers } });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(answer.headers['cache-control']).toBe('no-cache');
  expect(answer.headers['vary']).toBe('Accept, Accept-Language, Cookie');
  return answer.body;
};
/** The stills shown on a page, in order. */
const shown = (body: string): readonly string[] =>
  [...body.matchAll(/(?:id="still-|data-still=")([0-9a-f]{32})"/g)].map(([, id = '']) => id);
const hrefOf = (body: string, rel: 'next' | 'prev'): string | undefined =>
  new RegExp(`rel="${rel}" href="([^"]*)"`).exec(body)?.[1]?.replaceAll('&amp;', '&');

const seeing = (camera = GARDEN): WatchFact => ({ type: 'seeing', camera, at: ago(60), codec: 'h264' });
const episode = episodeId(GARDEN, epochMs(SOME_TIME));

describe('/', () => {
  it('shows what will happen when there is no photo yet', async () => {
    const stage = await stageOf();
    expect(await page(stage, '/')).toContain('The first one comes when the camera is seen');
    stage.feed.tell(seeing());
    const body = await page(stage, '/');
    expect(body).toContain('the scene has then been calm for 10 s');
    expect(body).toContain('The camera sees');
    expect(body).not.toContain('<img');
  });

  it('shows the newest photo large, with its time as headline, and those before it', async () => {
    const stage = await stageOf();
    const stills: StoredStill[] = [];
    for (let at = 0; at < 20; at++) stills.push(await stage.add({ takenAt: ago(at), delay: 640 as never }));
    const body = await page(stage, '/');
    expect(shown(body)).toEqual(stills.slice(0, 13).map((still) => still.id));
    expect(body).toContain('<span class="minutes">14:32</span><span class="seconds">:07</span>');
    expect(body).toContain('2560 × 1440');
    expect(body).toContain('taken 0.6 s after calm');
    expect(body).toContain('alt="Photo from Garden, Today, Monday 23 November, 14:32:07"');
    expect(body).toContain('20 photos today');
  });

  it('says in the morning what the night was, and whose it is what lasts', async () => {
    const clock = fakeClock(epochMs(Date.UTC(2026, 10, 23, 5, 30)));
    const stage = await stageOf({ clock, cameras: [watched('Garden'), watched('Shed'), watched('Drive')] });
    const at = (hour: number): EpochMs => epochMs(Date.UTC(2026, 10, 23, hour));
    const change = { perMille: 12, mask: '0'.repeat(144) };
    await stage.add({ takenAt: at(1), change: { ...change, verdict: 'passing' } });
    await stage.add({ takenAt: at(2), camera: shed, change: { ...change, verdict: 'arrived' } });
    await stage.add({ takenAt: at(3), camera: shed, change: { ...change, verdict: 'gone' } });
    await stage.add({ takenAt: at(4), change: { ...change, verdict: 'passing' }, ownerVerdict: 'gone' });
    const body = await page(stage, '/');
    expect(body).toContain('<a href="/search?q=last+night">Last night: 4 photos</a>');
    const lasting = /<a href="([^"]*)">3 where something arrived or is gone: Shed, Garden<\/a>/.exec(body)?.[1];
    expect(shown(await page(stage, lasting?.replaceAll('&amp;', '&') ?? ''))).toHaveLength(3);
    await clock.advance(ms(6 * 60 * MINUTE));
    expect(await page(stage, '/')).not.toContain('Last night');
  });

  const moments: readonly (readonly [string, readonly WatchFact[], string, string])[] = [
    ['starting', [], 'Connecting to the camera', 'Nothing is known of the scene'],
    ['calm', [seeing()], 'The camera sees', 'then been calm for 10 s'],
    [
      'moving',
      [
        seeing(),
        { type: 'episode-opened', camera: GARDEN, at: ago(0), episode, cause: 'pixels' },
        { type: 'moving', camera: GARDEN, at: ago(0), episode, score: 1, calmAt: epochMs(SOME_TIME + 7300) },
      ],
      'something moves',
      '8 s to calm',
    ],
    [
      'taking',
      [seeing(), { type: 'episode-ended', camera: GARDEN, at: ago(0), episode, end: 'calm', peakScore: 1 }],
      'taking the photo',
      'The photo is on its way',
    ],
    [
      'blind',
      [
        seeing(),
        {
          type: 'blind',
          camera: GARDEN,
          at: ago(10),
          code: 'SW_CAM_PORT_CLOSED',
          facts: { host: '192.168.1.50', port: 554 },
          retryAt: epochMs(SOME_TIME + 30_000),
        },
      ],
      'Blind since 14:22:07',
      '192.168.1.50 is on, but port 554 is closed',
    ],
  ];
  it.each(moments)('draws a camera that is %s', async (state, facts, sentence, note) => {
    const stage = await stageOf();
    for (const fact of facts) stage.feed.tell(fact);
    const body = await page(stage, '/');
    expect(body).toContain(`data-state="${state}"`);
    expect(body).toContain(sentence);
    expect(body).toContain(note);
  });

  it('never lets blind look calm, whatever happened before', async () => {
    const stage = await stageOf();
    const [, , , , [, facts]] = moments as [unknown, unknown, unknown, unknown, (typeof moments)[number]];
    for (const fact of [...(moments[2]?.[1] ?? []), ...(facts ?? [])]) stage.feed.tell(fact);
    const body = await page(stage, '/');
    expect(body).not.toContain('is-good');
    expect(body).not.toContain('camera-calm');
    expect(body).not.toContain('data-calm-at');
    expect(body).not.toContain('The camera sees');
    expect(body).toContain('ring-hatch');
    expect(body).toContain('Next try at 14:32:37.');
    expect(body).toContain('SW_CAM_PORT_CLOSED');
  });

  it('says when there is no automatic retry, and which photo was missed and why', async () => {
    const stage = await stageOf();
    stage.feed.tell({
      type: 'still-missed',
      camera: GARDEN,
      at: ago(3),
      episode,
      kind: 'calm',
      code: 'SW_STILL_DAMAGED',
      facts: { detail: 'half' },
    });
    stage.feed.tell({ type: 'blind', camera: GARDEN, at: ago(2), code: 'SW_CAM_AUTH', facts: {}, retryAt: undefined });
    const body = await page(stage, '/');
    expect(body).toContain('No automatic retry.');
    expect(body).toContain('A photo was missed at 14:29:07.');
  });

  it('sums several cameras up, the blind ones first', async () => {
    const stage = await stageOf({ cameras: [watched('Garden'), watched('Shed'), watched('Door')] });
    stage.feed.tell(seeing());
    stage.feed.tell({ type: 'blind', camera: shed, at: ago(2), code: 'SW_CAM_LOST', facts: {}, retryAt: ago(0) });
    const body = await page(stage, '/');
    const sentence = /id="sentence">(.*?)<\/p>/.exec(body)?.[1]?.replace(/<[^>]*>/g, '');
    expect(sentence).toBe('1 camera is blind · 1 camera is connecting · 1 of 3 cameras see · What to do');
  });

  it('escapes what the owner and the camera say', async () => {
    const stage = await stageOf({ cameras: [{ ...watched('Garden'), name: '<img src=x onerror=alert(1)>' }] });
    stage.feed.tell({
      type: 'blind',
      camera: GARDEN,
      at: ago(2),
      code: 'SW_CAM_BUSY',
      facts: { status: '<script>alert(2)</script>' },
      retryAt: ago(0),
    });
    await stage.add({});
    for (const url of ['/', '/photos']) {
      const body = await page(stage, url);
      expect(body).not.toContain('<img src=x');
      expect(body).not.toContain('<script>');
    }
  });

  it('answers programs in JSON', async () => {
    const stage = await stageOf({ cameras: [watched('Garden'), watched('Shed')] });
    stage.feed.tell(seeing());
    stage.feed.tell({
      type: 'moving',
      camera: GARDEN,
      at: ago(0),
      episode,
      score: 1,
      calmAt: epochMs(SOME_TIME + 7000),
    });
    stage.feed.tell({ type: 'blind', camera: shed, at: ago(2), code: 'SW_CAM_AUTH', facts: {}, retryAt: undefined });
    await stage.add({});
    await stage.add({ takenAt: ago(24 * 60), camera: shed });
    const answer = await stage.app.inject({
      url: '/',
      headers: { ...HOST, accept: 'application/json', 'accept-language': 'da' },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toMatchObject({
      name: 'Stillwatch',
      version: '0.1.0',
      at: '2026-11-23T14:32:07.120+01:00',
      uptimeSeconds: 0,
      photos: 2,
      photosToday: 1,
      latest: { camera: 'garden' },
      cameras: [
        {
          id: 'garden',
          state: 'seeing',
          scene: 'moving',
          calmAt: '2026-11-23T14:32:14.120+01:00',
          calmPeriodSeconds: 10,
          trouble: null,
          photosToday: 1,
        },
        {
          id: 'shed',
          state: 'blind',
          scene: null,
          calmAt: null,
          photosToday: 0,
          latest: { takenAt: '2026-11-22T14:32:07.120+01:00' },
          trouble: { code: 'SW_CAM_AUTH', retryAt: null },
        },
      ],
    });
    expect(JSON.stringify(answer.json())).toContain('Kameraet afviste');
  });
});

describe('/photos', () => {
  let stage: WebStage;
  const stills: StoredStill[] = [];
  beforeAll(async () => {
    stage = await webStage();
    // 150 photos, 20 minutes apart: three days.
    for (let at = 0; at < 150; at++) stills.push(await stage.add({ takenAt: ago(at * 20) }));
    await stage.add({ takenAt: ago(5), kind: 'before' });
  });
  afterAll(() => stage.app.close());

  it('leads through every photo once, forth and back, without script', async () => {
    const forth: (readonly string[])[] = [];
    let url: string | undefined = '/photos';
    let last = '';
    while (url) {
      const body = await page(stage, url);
      forth.push(shown(body));
      last = body;
      url = hrefOf(body, 'next');
    }
    expect(forth.map((ids) => ids.length)).toEqual([60, 60, 30]);
    expect(forth.flat()).toEqual(stills.map((still) => still.id));

    const middle = await page(stage, hrefOf(last, 'prev') ?? '');
    expect(shown(middle)).toEqual(forth[1]);
    const back = await stage.app.inject({ url: hrefOf(middle, 'prev') ?? '', headers: HOST });
    expect([back.statusCode, back.headers['location']]).toEqual([302, '/photos']);
  });

  it('groups by the site’s day and counts the whole day', async () => {
    const body = await page(stage, '/photos');
    const titles = [
      ...body
        .replace(/<!--.*?-->/g, '')
        .matchAll(/<h2 id="title-([\d-]+)"><a[^>]*>([^<]*)<\/a> <span class="count">([^<]*)</g),
    ];
    expect(titles.map(([, day, title, count]) => [day, title, count])).toEqual([
      // 44 since midnight; the sibling beside one of them is no photo of its own.
      ['2026-11-23', 'Today, Monday 23 November', '44 photos'],
      ['2026-11-22', 'Yesterday, Sunday 22 November', '72 photos'],
    ]);
  });

  it('makes only the newest photo large, and only on the first page', async () => {
    const first = await page(stage, '/photos');
    expect(first).toContain('class="headline"');
    const second = await page(stage, hrefOf(first, 'next') ?? '');
    expect(second).not.toContain('class="headline"');
  });

  it('shows a day, its neighbours, and pages inside it', async () => {
    const body = await page(stage, '/photos/2026-11-22');
    expect(shown(body)).toHaveLength(60);
    expect(body).toContain('href="/photos/2026-11-23"');
    expect(body).toContain('href="/photos/2026-11-21"');
    const next = hrefOf(body, 'next') ?? '';
    expect(next).toMatch(/^\/photos\/2026-11-22\?before=/);
    const rest = await page(stage, next);
    expect(shown(rest)).toHaveLength(12);
    expect(hrefOf(rest, 'next')).toBeUndefined();
  });

  it('says that a day has no photos', async () => {
    expect(await page(stage, '/photos/2020-01-01')).toContain('No photos were taken on this day.');
  });

  it.each(['/photos/2026-02-30', '/photos/today', '/photos/2026-11-23/x'])('%s is nothing', async (url) => {
    expect((await stage.app.inject({ url, headers: HOST })).statusCode).toBe(404);
  });

  it.each([
    'before=x',
    'before=',
    'after=1-zz',
    'before=1&after=2',
    `before=1-${'a'.repeat(32)}&before=1-${'a'.repeat(32)}`,
    `before=1-${'A'.repeat(32)}`,
  ])('does not take ?%s for a place', async (query) => {
    expect((await stage.app.inject({ url: `/photos?${query}`, headers: HOST })).statusCode).toBe(400);
  });

  it('reserves every photo’s place, and loads those far down only when they are near', async () => {
    const body = await page(stage, '/photos');
    const images = [...body.matchAll(/<img [^>]*>/g)].map(([image]) => image);
    expect(images).toHaveLength(60);
    for (const image of images) expect(image).toMatch(/ width="2560" height="1440"/);
    expect(images.filter((image) => image.includes('loading="lazy"')).length).toBeGreaterThan(48);
    expect(images[0]).not.toContain('lazy');
  });

  it('shows a photo whose size nobody knows, and one from the demo as such', async () => {
    const mixed = await stageOf();
    await mixed.add({ takenAt: ago(1), width: 0, height: 0, kind: 'adopted' });
    await mixed.add({ takenAt: ago(2), isDemo: true });
    const body = await page(mixed, '/photos');
    expect(body).not.toContain('width="0"');
    expect(body).not.toContain(' 0w');
    expect(body).toContain('<span class="demo-mark">DEMO</span>');
    expect(body).toContain('alt="Demo photo from Garden');
  });
});

describe('languages', () => {
  it('answers in the visitor’s language and remembers a choice', async () => {
    const stage = await stageOf();
    await stage.add({});
    expect(await page(stage, '/', { 'accept-language': 'da' })).toContain('<html lang="da">');
    expect(await page(stage, '/')).toContain('<html lang="en">');
    const chosen = await stage.app.inject({ url: '/photos?lang=da', headers: HOST });
    expect(chosen.headers['set-cookie']).toBe('lang=da; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly');
    expect(chosen.body).toContain('I dag, mandag 23. november');
    expect(await page(stage, '/', { cookie: 'lang=da' })).toContain('Nyeste billede');
    const odd = await stage.app.inject({ url: '/?lang=x%0d%0aset-cookie:a', headers: HOST });
    expect([odd.statusCode, odd.headers['set-cookie']]).toEqual([200, undefined]);
  });

  it('offers the other language at the same place', async () => {
    const stage = await stageOf();
    for (let at = 0; at < 130; at++) await stage.add({ takenAt: ago(at) });
    const second = hrefOf(await page(stage, '/photos'), 'next') ?? '';
    const link = /<a href="([^"]*)" hreflang="da"/.exec(await page(stage, second))?.[1]?.replaceAll('&amp;', '&');
    expect(link).toBe(`${second}&lang=da`);
    expect(shown(await page(stage, link ?? ''))).toEqual(shown(await page(stage, second)));
  });
});

describe('trouble', () => {
  it('is a page for people, JSON for programs, a line for the rest', async () => {
    const stage = await stageOf();
    const ask = (headers: Readonly<Record<string, string>>, url = '/nothing') =>
      stage.app.inject({ url, headers: { ...HOST, ...headers } });
    expect((await ask({ accept: 'text/html,*/*;q=0.8' })).body).toContain('<h1>There is nothing here</h1>');
    expect((await ask({ accept: 'application/json' })).json()).toMatchObject({ status: 404, type: 'about:blank' });
    expect((await ask({ accept: '*/*' })).headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await ask({}, '/api/nothing')).headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect((await ask({ accept: 'text/html', 'accept-language': 'da' })).body).toContain('Her er ikke noget');
  });

  it('hides the inside of a failure from the visitor, and writes it to the log', async () => {
    const stage = await stageOf({
      catalog: {
        list: () => Promise.reject(new Error('disk I/O error at rtsp://admin:secret@10.0.0.1/')),
        find: async () => undefined,
        findByPath: async () => undefined,
        days: async () => [],
        count: async () => 0,
        coverDays: async () => [],
        dayHours: async () => [],
        sheet: async () => [],
      },
    });
    const answer = await stage.app.inject({ url: '/', headers: { ...HOST, accept: 'text/html' } });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([500, 'no-store']);
    expect(answer.body).toContain('Stillwatch goes on watching');
    expect(answer.body).not.toContain('disk I/O');
    expect(stage.errors.join()).toContain('disk I/O error');
    expect(stage.errors.join()).not.toContain('secret');
    const health = await stage.app.inject({ url: '/healthz', headers: HOST });
    expect([health.statusCode, health.json()]).toMatchObject([503, { status: 'failing' }]);
  });
});

describe('/healthz', () => {
  it('is well while it can answer, also when a camera is blind', async () => {
    const stage = await stageOf({ cameras: [watched('Garden'), watched('Shed')] });
    stage.feed.tell(seeing());
    stage.feed.tell({ type: 'blind', camera: shed, at: ago(1), code: 'SW_CAM_LOST', facts: {}, retryAt: undefined });
    const answer = await stage.app.inject({ url: '/healthz', headers: HOST });
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { status: 'ok', version: '0.1.0', uptimeSeconds: 0, cameras: { starting: 0, seeing: 1, blind: 1 } },
    ]);
  });
});

describe('/assets', () => {
  it('serves what the pages name, for good', async () => {
    const stage = await stageOf();
    const body = await page(stage, '/');
    const named = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url = '']) => url);
    // Icon, manifest, touch icon, font, style, the page's script and the app's.
    expect(named).toHaveLength(7);
    for (const url of named) {
      const answer = await stage.app.inject({ url, headers: HOST });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(answer.headers['content-type']).toMatch(
        /^(text\/(css|javascript)|font\/woff2|image\/(svg\+xml|png)|application\/manifest\+json)/,
      );
    }
    expect((await stage.app.inject({ url: '/assets/..%2fbundle.json', headers: HOST })).statusCode).toBe(404);
    expect((await stage.app.inject({ url: '/favicon.ico', headers: HOST })).headers['location']).toMatch(
      /^\/assets\/icon/,
    );
  });

  it('keeps the browser’s files inside their budget', async () => {
    const { gzipSync } = await import('node:zlib');
    const stage = await stageOf();
    const body = await page(stage, '/');
    const size = async (pattern: RegExp, packed: boolean): Promise<number> => {
      const url = pattern.exec(body)?.[1] ?? '';
      const { rawPayload } = await stage.app.inject({ url, headers: HOST });
      return packed ? gzipSync(rawPayload).length : rawPayload.length;
    };
    // Budgets of the design, packed: 60 kB of script for the first view, 180 kB for the whole app, 12 kB of style; one font
    // file of 34 kB. A script names those it needs at once with `from` or `import`, the others only to fetch them later.
    const scriptSizes = async (first: readonly string[], names: RegExp): Promise<ReadonlyMap<string, number>> => {
      const loaded = new Map<string, number>();
      const waiting = [...first];
      for (const url of waiting) {
        if (loaded.has(url)) continue;
        const { rawPayload, body: script, statusCode } = await stage.app.inject({ url, headers: HOST });
        expect(statusCode).toBe(200);
        loaded.set(url, gzipSync(rawPayload).length);
        for (const [, name = ''] of script.matchAll(names)) waiting.push(`/assets/${name}`);
      }
      return loaded;
    };
    const sum = (sizes: ReadonlyMap<string, number>): number => [...sizes.values()].reduce((all, one) => all + one, 0);
    const client = /src="(\/assets\/client[^"]+)"/.exec(body)?.[1] ?? '';
    const preloaded = /rel="modulepreload" href="([^"]+)"/.exec(body)?.[1] ?? '';
    const whole = await scriptSizes([client], /["'`]\.\/([\w-]+\.js)["'`]/g);
    const texts = [...whole.keys()].find((url) => url.includes('/en')) ?? '';
    expect(whole.size).toBeGreaterThan(5);
    expect(sum(whole)).toBeLessThan(180_000);
    const atOnce = /(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g;
    const view = await scriptSizes([client, preloaded, texts], atOnce);
    expect(view.size).toBeGreaterThan(2);
    expect(sum(view)).toBeLessThan(60_000);
    expect(await size(/href="(\/assets\/style[^"]+)"/, true)).toBeLessThan(12_000);
    expect(await size(/href="(\/assets\/atkinson[^"]+)"/, false)).toBeLessThanOrEqual(34_000);
  });
});
