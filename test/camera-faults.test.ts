// One camera's whole capture path (RTSP client, watcher, photographer, decoder) against the simulated camera's every lie.
// Motion is scripted, so that each case waits for what it is about: blindness with the right name, sight again, a photo.

import { describe, expect, it } from 'vitest';
import { avPictureDecoder } from '../src/adapters/av/picture-decoder.ts';
import { avPictureReader } from '../src/adapters/av/picture-reader.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { Camera } from '../src/domain/camera.ts';
import { cameraId } from '../src/domain/ids.ts';
import { Secret } from '../src/domain/secret.ts';
import { seconds } from '../src/domain/units.ts';
import type { WatchFact } from '../src/ports/telemetry.ts';
import type { ActiveFault } from '../src/simulator/fault.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { memorySpool } from '../src/testing/memory-spool.ts';
import { testClip } from '../src/testing/test-media.ts';
import { mainStreamStill } from '../src/watch/main-stream-still.ts';
import type { MotionEngineFactory } from '../src/watch/motion-engine.ts';
import { photographer } from '../src/watch/photographer.ts';
import { watcher } from '../src/watch/watcher.ts';
import { eventually } from './support/program.ts';

const credentials = { user: 'admin', password: new Secret('canary-fault-9d') };

/** Motion in the first second of each run, calm after that. */
const restlessAtFirst: MotionEngineFactory = () => ({
  feed: (batch) => batch.map(({ pts }) => ({ pts, score: 0.5, isMotion: pts < 1000 })),
  pace: 'eager',
  decodedShare: 0,
  [Symbol.dispose]: () => undefined,
});

interface Site extends AsyncDisposable {
  readonly camera: SimulatedCamera;
  readonly facts: readonly WatchFact[];
  /** Waits for a fact after the ones already waited for. */
  next(what: string, is: (fact: WatchFact) => boolean, within?: number): Promise<WatchFact>;
}

const site = async (password: Secret = credentials.password): Promise<Site> => {
  const simulated = await simulatedCamera({
    streams: {
      main: testClip({ width: 1280, height: 720 }),
      sub: testClip({ width: 320, height: 180 }),
    },
    credentials,
  });
  const clock = systemClock();
  const facts: WatchFact[] = [];
  const telemetry = { tell: (fact: WatchFact): void => void facts.push(fact) };
  const login = { user: credentials.user, password };
  const camera: Camera = {
    id: cameraId('garden'),
    name: 'Garden',
    streams: {
      main: { url: simulated.url('main'), credentials: login },
      sub: { url: simulated.url('sub'), credentials: login },
    },
    rules: { calmPeriod: seconds(1), longestEpisode: seconds(300) },
    isDemo: false,
  };
  const packets = rtspPacketSource({ clock });
  const still = mainStreamStill({ address: camera.streams.main, packets, decoder: avPictureDecoder(), clock });
  const shelf = memorySpool();
  const stopping = new AbortController();
  const running = watcher({
    camera,
    packets,
    engine: restlessAtFirst,
    photographer: photographer({
      words: () => ({}),
      camera,
      sources: [still],
      spool: memorySpool(),
      shelf: { spool: shelf, read: shelf.read },
      reader: avPictureReader(),
      link: () => ({ isCostly: false, streamLimit: undefined, streamsOpen: 1 }),
      clock,
      random: () => 0,
      zone: 'Europe/Copenhagen',
      telemetry,
    }),
    clock,
    // No jitter: the shortest pauses, so that a case waits no longer than it must.
    random: () => 0,
    telemetry,
  }).run(stopping.signal);
  let seen = 0;
  return {
    camera: simulated,
    facts,
    next: (what, is, within) =>
      eventually(
        what,
        () => {
          const at = facts.findIndex((fact, index) => index >= seen && is(fact));
          if (at === -1) return undefined;
          seen = at + 1;
          return facts[at];
        },
        within,
      ),
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await running;
      await simulated.close();
    },
  };
};

const isSeeing = (fact: WatchFact): boolean => fact.type === 'seeing';
const isBlind = (fact: WatchFact): boolean => fact.type === 'blind';
const isPhoto = (fact: WatchFact): boolean => fact.type === 'still-accepted';

describe('a fault of the watched stream', () => {
  const table: readonly { readonly fault: ActiveFault; readonly codes: readonly string[] }[] = [
    { fault: { name: 'silent' }, codes: ['SW_CAM_SILENT'] },
    { fault: { name: 'cut-mid-packet', afterPictures: 3 }, codes: ['SW_CAM_LOST'] },
    { fault: { name: 'garbage' }, codes: ['SW_CAM_PROTOCOL', 'SW_CAM_LOST'] },
    { fault: { name: 'resolution-change' }, codes: ['SW_CAM_STREAM_CHANGED'] },
    { fault: { name: 'rebooting', milliseconds: 2500 }, codes: ['SW_CAM_LOST'] },
  ];
  it.concurrent.each(table)('$fault.name: blind with its name, and sight again', async ({ fault, codes }) => {
    await using scene = await site();
    await scene.next('it sees', isSeeing);
    await scene.next('a photo', isPhoto);
    await scene.camera.setFault({ ...fault, ...(fault.name === 'rebooting' ? {} : { stream: 'sub' }) });
    const blind = await scene.next('it is blind', isBlind);
    expect(codes).toContain(blind.type === 'blind' ? blind.code : '');
    if (fault.name !== 'rebooting') await scene.camera.setFault(undefined);
    await scene.next('it sees again', isSeeing);
    await scene.next('a photo again', isPhoto);
  });
});

describe('a camera that refuses at the door', () => {
  const table: readonly { readonly fault: ActiveFault; readonly code: string }[] = [
    { fault: { name: 'no-such-path' }, code: 'SW_CAM_NO_PATH' },
    { fault: { name: 'session-limit', answer: 453 }, code: 'SW_CAM_STREAM_LIMIT' },
    { fault: { name: 'session-limit', answer: 'silent' }, code: 'SW_CAM_STREAM_LIMIT' },
    { fault: { name: 'unknown-codec', codec: 'VP9' }, code: 'SW_CAM_CODEC' },
    { fault: { name: 'no-video' }, code: 'SW_CAM_NO_VIDEO' },
    { fault: { name: 'no-key-frames' }, code: 'SW_CAM_NO_KEY_FRAME' },
  ];
  it.concurrent.each(table)('$fault.name → $code, and sight when it is mended', async ({ fault, code }) => {
    await using scene = await site();
    await scene.next('it sees', isSeeing);
    await scene.camera.setFault({ name: 'rebooting', milliseconds: 400 });
    await scene.next('the connection is lost', isBlind);
    await scene.camera.setFault(fault);
    await scene.next(`it says ${code}`, (fact) => fact.type === 'blind' && fact.code === code);
    await scene.camera.setFault(undefined);
    await scene.next('it sees again', isSeeing);
  });

  it.concurrent('a wrong password is tried once, and no more', async () => {
    await using scene = await site(new Secret('not-it'));
    const blind = await scene.next('it is refused', isBlind);
    expect(blind).toMatchObject({ code: 'SW_CAM_AUTH' });
    const { refused } = scene.camera.stats();
    // The first 401 is the challenge, the second the refusal.
    expect(refused).toBeLessThanOrEqual(2);
    expect(blind.type === 'blind' && blind.retryAt !== undefined && blind.retryAt - blind.at).toBeGreaterThan(
      30 * 60_000,
    );
    expect(JSON.stringify(scene.facts)).not.toMatch(/canary|not-it/);
  });

  it.concurrent('a password that worked before means: locked', async () => {
    await using scene = await site();
    await scene.next('it sees', isSeeing);
    await scene.camera.setFault({ name: 'rebooting', milliseconds: 400 });
    await scene.next('the connection is lost', isBlind);
    await scene.camera.setFault({ name: 'locked', status: 401 });
    const locked = await scene.next('it is locked', (fact) => fact.type === 'blind' && fact.code === 'SW_CAM_LOCKED');
    expect(locked).toBeDefined();
  });
});

describe('what a camera may do without making us blind', () => {
  const table: readonly ActiveFault[] = [
    { name: 'session-timeout', milliseconds: 4000 },
    { name: 'stale-nonce' },
    { name: 'packet-loss', every: 40, stream: 'sub' },
    { name: 'teardown-ignored' },
  ];
  it.concurrent.each(table)('$name', async (fault) => {
    await using scene = await site();
    await scene.camera.setFault(fault);
    await scene.next('it sees', isSeeing);
    await scene.next('a photo', isPhoto);
    if (fault.name === 'session-timeout') {
      const before = scene.camera.stats().requests;
      await eventually('keep-alives were sent', () => {
        const { requests } = scene.camera.stats();
        const alive = (one: typeof requests): number => (one['GET_PARAMETER'] ?? 0) + (one['OPTIONS'] ?? 0);
        return alive(requests) > alive(before) + 2 ? true : undefined;
      });
    }
    expect(scene.facts.filter(isBlind)).toHaveLength(0);
  });
});

describe('a fault of the full-resolution stream', () => {
  it.concurrent('a damaged key frame is refused, and the next whole one is taken', async () => {
    await using scene = await site();
    await scene.camera.setFault({ name: 'half-key-frame', stream: 'main' });
    await scene.next('it sees', isSeeing);
    await eventually('the main stream was asked', () => (scene.camera.stats().requests['PLAY'] ?? 0) > 1 || undefined);
    expect(scene.facts.filter(isPhoto)).toHaveLength(0);
    await scene.camera.setFault(undefined);
    await scene.next('a whole photo', isPhoto);
  });

  it.concurrent('no place for a second stream: the photo is missed by name, and watching goes on', async () => {
    await using scene = await site();
    await scene.camera.setFault({ name: 'session-limit', answer: 453, stream: 'main' });
    const missed = await scene.next('it is missed', (fact) => fact.type === 'still-missed' && fact.kind === 'calm');
    expect(missed).toMatchObject({ code: 'SW_CAM_STREAM_LIMIT' });
    expect(scene.facts.filter(isBlind)).toHaveLength(0);
  });
});
