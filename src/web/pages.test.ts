import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../domain/ids.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
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
    // Every script there is, the parts of other pages too: more than any first view loads.
    const waiting = [/src="(\/assets\/client[^"]+)"/.exec(body)?.[1] ?? ''];
    const loaded = new Map<string, number>();
    for (const url of waiting) {
      if (loaded.has(url)) continue;
      const { rawPayload, body: script, statusCode } = await stage.app.inject({ url, headers: HOST });
      expect(statusCode).toBe(200);
      loaded.set(url, gzipSync(rawPayload).length);
      for (const [, name = ''] of script.matchAll(/["'`]\.\/([\w-]+\.js)["'`]/g)) waiting.push(`/assets/${name}`);
    }
    expect(loaded.size).toBeGreaterThan(5);
    expect([...loaded.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60_000);
    expect(await size(/href="(\/assets\/style[^"]+)"/, true)).toBeLessThan(12_000);
    expect(await size(/href="(\/assets\/atkinson[^"]+)"/, false)).toBeLessThanOrEqual(34_000);
  });
});
