// Photos by plan, live: the whole program at its moment, and one camera's capture where somebody is in the picture at it.

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { avPictureDecoder } from '../src/adapters/av/picture-decoder.ts';
import { avPictureReader } from '../src/adapters/av/picture-reader.ts';
import { rtspMetadata } from '../src/adapters/rtsp/metadata-run.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { fsSpool } from '../src/adapters/spool-fs/spool-fs.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { captureCamera } from '../src/cli/capture-camera.ts';
import { captureDesk } from '../src/cli/push-desk.ts';
import type { Camera } from '../src/domain/camera.ts';
import { cameraId } from '../src/domain/ids.ts';
import type { Schedule } from '../src/domain/schedule.ts';
import { Secret } from '../src/domain/secret.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { seconds } from '../src/domain/units.ts';
import type { WatchFact } from '../src/ports/telemetry.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { testClip } from '../src/testing/test-media.ts';
import type { MotionEngineFactory } from '../src/watch/motion-engine.ts';
import { eventually, startProgram } from './support/program.ts';

const credentials = { user: 'admin', password: new Secret('canary-plan-4c') };

/** The time of day in UTC, `HH:MM:SS`. */
const timeOf = (at: number): string => new Date(at).toISOString().slice(11, 19);
const wholeSecond = (at: number): number => Math.ceil(at / 1000) * 1000;

it('the program takes and keeps a photo at its moment, and the ledger says that the plan asked for it', async () => {
  await using camera = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip({ moving: [0, 0] }) },
    credentials,
  });
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-plan-'));
  await mkdir(join(folder, 'secrets'));
  await writeFile(join(folder, 'secrets', 'garden'), `${credentials.password.reveal()}\n`, { mode: 0o600 });
  // Several moments, so that one is left for a program that starts slowly.
  const moments = Array.from({ length: 20 }, (_, index) => wholeSecond(Date.now()) + (index + 1) * 15_000);
  const address = `rtsp://127.0.0.1:${camera.port}`;
  const plans = moments.map((at) => `      - { at: "${timeOf(at)}", wait: 10m }`);
  const lines = [
    'site: { zone: UTC }',
    'cameras:',
    '  garden:',
    '    name: Garden',
    `    main: ${address}/stream1`,
    `    sub: ${address}/stream2`,
    '    user: admin',
    '    password: { file: secrets/garden }',
    '    onvif: { enabled: false }',
    '    schedule:',
    ...plans,
  ];
  await writeFile(join(folder, 'stillwatch.yml'), `${lines.join('\n')}\n`);
  {
    await using program = await startProgram({ folder, env: {} });
    const startedAt = Date.now();
    const still = await eventually(
      'a photo by plan is in the gallery',
      async () => {
        const answer = await fetch(`${program.url}/api/v1/stills`).catch(() => undefined);
        if (!answer?.ok) return undefined;
        const { items } = (await answer.json()) as {
          items: readonly { id: string; kind: string; cause: string | null; url: string; width: number }[];
        };
        return items.find(({ kind }) => kind === 'scheduled');
      },
      240_000,
    );
    expect(still).toMatchObject({ camera: 'garden', episode: null, width: 1280 });
    const photo = new Uint8Array(await (await fetch(program.url + still.url)).arrayBuffer());
    expect(readStillFacts(photo)).toMatchObject({ id: still.id, kind: 'scheduled', source: 'main-stream' });
    expect(Buffer.from(photo).equals(await readFile(join(folder, still.url)))).toBe(true);

    const ledger = (await (await fetch(`${program.url}/api/v1/ledger`)).json()) as {
      items: readonly { origin: string; at: string; state: string; still?: string | null }[];
    };
    const asked = ledger.items.filter(({ origin }) => origin === 'schedule');
    expect(asked.find((row) => row.still === still.id)).toMatchObject({ state: 'photo' });
    // Never before its moment, and once for each that came.
    const came = moments.filter((at) => at >= startedAt - 1000 && at <= Date.now());
    expect(asked.length).toBeLessThanOrEqual(came.length);
    for (const { at } of asked) expect(Date.parse(at)).toBeGreaterThanOrEqual(moments[0] ?? Number.NaN);
    expect(await program.stop()).toBe(0);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

it('a moment at which something moves waits for calm; one that may not wait is kept to', async () => {
  await using simulated = await simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip() },
    credentials,
  });
  const folder = await mkdtemp(join(tmpdir(), 'stillwatch-plan-'));
  const clock = systemClock();
  const facts: WatchFact[] = [];
  const stopping = new AbortController();
  let isMoving = true;
  const engine: MotionEngineFactory = () => ({
    feed: (batch) => batch.map(({ pts }) => ({ pts, score: isMoving ? 0.5 : 0, isMotion: isMoving })),
    pace: 'eager',
    decodedShare: 0,
    [Symbol.dispose]: () => undefined,
  });
  // Late enough that the camera is seen, and the episode open, before them.
  const punctual = wholeSecond(Date.now() + 15_000);
  const patient = punctual + 1000;
  const plan = (at: number, window: number): Schedule => ({
    type: 'at',
    time: timeOf(at).replaceAll(':', '-'),
    window: seconds(window),
  });
  const camera: Camera = {
    id: cameraId('garden'),
    name: 'Garden',
    streams: {
      main: { url: simulated.url('main'), credentials },
      sub: { url: simulated.url('sub'), credentials },
    },
    rules: { calmPeriod: seconds(1), longestEpisode: seconds(3600) },
    stills: { schedules: [plan(punctual, 0), plan(patient, 3600)] },
    isDemo: false,
  };
  const running = captureCamera({
    camera,
    resume: undefined,
    known: undefined,
    desk: captureDesk({ endpoint: undefined, clock, onOpen: () => undefined, onShut: () => undefined }),
    metadata: rtspMetadata({ clock }),
    packets: rtspPacketSource({ clock }),
    engine,
    decoder: avPictureDecoder(),
    reader: avPictureReader(),
    spool: await fsSpool({ dir: join(folder, 'spool') }),
    shelf: await fsSpool({ dir: join(folder, 'shelf') }),
    clock,
    random: () => 0,
    zone: 'UTC',
    telemetry: { tell: (fact) => void facts.push(fact) },
    onEpisode: () => undefined,
  }).run(stopping.signal);
  await using _ending = {
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
      await rm(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    },
  };
  const planned = (): readonly WatchFact[] =>
    facts.filter((fact) => fact.type === 'trigger' && fact.origin === 'schedule');
  const kept = (): readonly WatchFact[] =>
    facts.filter((fact) => fact.type === 'still-accepted' && fact.kind === 'scheduled');
  const told = (type: WatchFact['type']): true | undefined => facts.some((fact) => fact.type === type) || undefined;

  await eventually('an episode is open', () => told('episode-opened'));
  await eventually('the photo that may not wait is kept', () => kept().length > 0 || undefined);
  // Both moments have long come, and the scheduler has looked again and again.
  await eventually('more than both moments are over', () => Date.now() > patient + 3500 || undefined);
  expect(planned()).toHaveLength(1);
  expect(planned()[0]?.at).toBeGreaterThanOrEqual(punctual);
  expect(told('episode-ended')).toBeUndefined();

  isMoving = false;
  await eventually('the photo that waited is kept', () => kept().length > 1 || undefined);
  const places = facts.map((fact, place) => ({ fact, place }));
  const ended = places.find(({ fact }) => fact.type === 'episode-ended')?.place;
  const waited = places.filter(({ fact }) => fact.type === 'trigger' && fact.origin === 'schedule')[1]?.place;
  expect(ended).toBeDefined();
  expect(waited).toBeGreaterThan(ended ?? Number.POSITIVE_INFINITY);
  expect(planned()).toHaveLength(2);
  expect(kept()).toHaveLength(2);
  expect(facts.filter((fact) => fact.type === 'still-missed' && fact.kind === 'scheduled')).toEqual([]);
});
