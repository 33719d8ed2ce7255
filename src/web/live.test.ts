import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { episodeId } from '../domain/ids.ts';
import { epochMs, seconds } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { GARDEN, type StageOptions, type WebStage, watched, webStage } from '../testing/web-stage.ts';

interface Event {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A browser's ear: what comes is there to be waited for. */
interface Viewer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly events: readonly Event[];
  /** Resolves when `count` events named `name` have come. */
  until(name: string, count?: number): Promise<readonly Event[]>;
  readonly ended: Promise<void>;
  leave(): void;
}

const parse = (block: string): Event | undefined => {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  return data === undefined
    ? undefined
    : { id: field('id'), name: field('event') ?? 'message', data: JSON.parse(data) as Event['data'] };
};

const listen = (stage: WebStage, headers: Readonly<Record<string, string>> = {}): Promise<Viewer> =>
  new Promise((resolve, reject) => {
    const { port } = stage.app.server.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, path: '/api/v1/live', headers, agent: false }, (answer) => {
      const events: Event[] = [];
      const waiting = new Set<() => void>();
      let rest = '';
      let isEnded = false;
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = parse(block);
          if (event) events.push(event);
        }
        for (const wake of waiting) wake();
      });
      const ended = new Promise<void>((done) => {
        answer.on('close', () => {
          isEnded = true;
          for (const wake of waiting) wake();
          done();
        });
      });
      answer.on('error', () => undefined);
      resolve({
        status: answer.statusCode,
        headers: answer.headers,
        events,
        ended,
        leave: () => sent.destroy(),
        until: (name, count = 1) =>
          new Promise((found, failed) => {
            const look = (): void => {
              const named = events.filter((event) => event.name === name);
              if (named.length >= count) {
                waiting.delete(look);
                found(named);
              } else if (isEnded) failed(new Error(`the stream ended before ${count} ${name}`));
            };
            waiting.add(look);
            look();
          }),
      });
    });
    sent.on('error', reject);
    sent.end();
  });

const stages: WebStage[] = [];
const listening = async (options: StageOptions = {}): Promise<WebStage> => {
  const stage = await webStage(options);
  stages.push(stage);
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  return stage;
};
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.app.close();
});

describe('/api/v1/live', () => {
  it('greets with the time, and tells of photos and cameras as they come', async () => {
    const stage = await listening();
    const viewer = await listen(stage);
    expect([viewer.status, viewer.headers['content-type'], viewer.headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    expect(viewer.headers['x-content-type-options']).toBe('nosniff');
    expect((await viewer.until('hello'))[0]?.data).toEqual({ nowMs: SOME_TIME });

    const still = await stage.add({});
    expect((await viewer.until('still'))[0]?.data).toMatchObject({
      still: { id: still.id, url: '/snapshots/2026-11-23/14-32-07.jpg' },
    });
    stage.feed.tell({ type: 'seeing', camera: GARDEN, at: epochMs(SOME_TIME), codec: 'h264' });
    const episode = episodeId(GARDEN, epochMs(SOME_TIME));
    const calmAt = epochMs(SOME_TIME + 9000);
    stage.feed.tell({ type: 'moving', camera: GARDEN, at: epochMs(SOME_TIME), episode, score: 1, calmAt });
    expect((await viewer.until('camera', 2)).map((event) => event.data)).toEqual([
      { camera: 'garden', state: 'seeing', scene: 'calm', calmAtMs: null, isOnlyCountdown: false },
      { camera: 'garden', state: 'seeing', scene: 'moving', calmAtMs: SOME_TIME + 9000, isOnlyCountdown: false },
    ]);
    viewer.leave();
  });

  it('tells a viewer who comes back what it missed, once and in order', async () => {
    const stage = await listening();
    const first = await listen(stage);
    await stage.add({ takenAt: epochMs(SOME_TIME + 1000) });
    const lastId = (await first.until('still'))[0]?.id ?? '';
    first.leave();
    await first.ended;
    for (const second of [2, 3, 4]) await stage.add({ takenAt: epochMs(SOME_TIME + second * 1000) });
    const again = await listen(stage, { 'last-event-id': lastId });
    const urls = (await again.until('still', 3)).map((event) => (event.data['still'] as { url: string }).url);
    expect(urls).toEqual(
      [2, 3, 4].map((second) => `/snapshots/2026-11-23/14-32-${String(7 + second).padStart(2, '0')}.jpg`),
    );
    expect(again.events.filter((event) => event.name === 'reset')).toEqual([]);
    again.leave();
  });

  it('can be resumed from the greeting, before any event came', async () => {
    const stage = await listening();
    const first = await listen(stage);
    const greeted = (await first.until('hello'))[0]?.id ?? '';
    expect(greeted).not.toBe('');
    first.leave();
    await stage.add({});
    const again = await listen(stage, { 'last-event-id': greeted });
    expect(await again.until('still')).toHaveLength(1);
    again.leave();
  });

  it.each(['elsewhere-3', 'nonsense', 'x'.repeat(500)])(
    'tells a viewer with the id %s to fetch everything anew',
    async (id) => {
      const stage = await listening();
      const viewer = await listen(stage, { 'last-event-id': id });
      expect(await viewer.until('reset')).toHaveLength(1);
      viewer.leave();
    },
  );

  it('beats every 15 seconds', async () => {
    const clock = fakeClock(epochMs(SOME_TIME));
    const stage = await listening({ clock });
    const viewer = await listen(stage);
    await viewer.until('hello');
    await clock.advance(seconds(14));
    expect(viewer.events.filter((event) => event.name === 'beat')).toEqual([]);
    await clock.advance(seconds(1));
    expect((await viewer.until('beat'))[0]?.data).toEqual({ nowMs: SOME_TIME + 15_000 });
    await clock.advance(seconds(30));
    await viewer.until('beat', 3);
    viewer.leave();
  });

  it('ends with the server, and leaves no sleeper behind', async () => {
    const clock = fakeClock(epochMs(SOME_TIME));
    const stage = await listening({ clock });
    const viewer = await listen(stage);
    await viewer.until('hello');
    expect(clock.sleepers).toBe(1);
    await stage.app.close();
    await viewer.ended;
    await clock.advance(seconds(0));
    expect(clock.sleepers).toBe(0);
    await stage.add({});
  });

  it('leaves its source when it closes', async () => {
    let left = 0;
    const stage = await listening({ live: { subscribe: () => () => void (left += 1) } });
    expect(left).toBe(0);
    await stage.app.close();
    expect(left).toBe(1);
  });

  it('lets go of a viewer that does not read, and keeps the others', async () => {
    // Long events, so that few are needed.
    const stage = await listening({ cameras: [{ ...watched('Garden'), name: 'x'.repeat(50_000) }] });
    const reader = await listen(stage);
    await reader.until('hello');
    const { port } = stage.app.server.address() as AddressInfo;
    const deaf = connect(port, '127.0.0.1').pause();
    deaf.on('error', () => undefined);
    deaf.write('GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        stage.app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      });
    while ((await connections()) < 2) await new Promise((resolve) => setImmediate(resolve));
    const still = await stage.add({});
    // What the kernel takes for the deaf one is some megabytes; then the bytes pile up here, and end it.
    let told = 1;
    while ((await connections()) > 1 && told < 1000) {
      stage.feed.stored(still);
      told += 1;
      await reader.until('still', told);
    }
    expect(await connections()).toBe(1);
    deaf.destroy();
    reader.leave();
  });

  it('turns the 129th viewer away, and takes it when another has left', async () => {
    const stage = await listening();
    const viewers = await Promise.all(Array.from({ length: 128 }, () => listen(stage)));
    const refused = await listen(stage);
    expect([refused.status, refused.headers['retry-after'], refused.headers['content-type']]).toEqual([
      503,
      '30',
      'application/problem+json; charset=utf-8',
    ]);
    viewers[0]?.leave();
    await viewers[0]?.ended;
    let status: number | undefined = 503;
    while (status === 503) {
      const next = await listen(stage);
      status = next.status;
      viewers.push(next);
    }
    expect(status).toBe(200);
    for (const viewer of viewers) viewer.leave();
  });
});
