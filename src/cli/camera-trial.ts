// Tries a new camera out from an address and a login: who it is, where its streams are, whether everything that is needed
// works, with a first photo. A refused login ends it at once: each further try brings some cameras nearer to their lock.

import type { Camera, StreamAddress } from '../domain/camera.ts';
import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import { suggestId } from '../domain/new-camera.ts';
import type { Credentials } from '../domain/secret.ts';
import type { Shot } from '../domain/still.ts';
import { streamPaths } from '../domain/stream-paths.ts';
import { type Ms, seconds } from '../domain/units.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Trial, TrialFacts, TrialStep, TrialWish } from '../ports/camera-trial.ts';
import type { StillSource } from '../ports/still-source.ts';
import { type CameraCheckParts, checkCamera } from './camera-check.ts';

export interface TrialParts extends Omit<CameraCheckParts, 'camera' | 'still'> {
  /** @throws StillwatchError */
  readonly ask: (host: string, credentials: Credentials | undefined, signal: AbortSignal) => Promise<TrialFacts>;
  readonly still: (address: StreamAddress) => StillSource;
}

interface Candidate {
  /** `owner`, `onvif`, or the make whose paths fitted. */
  readonly source: string;
  readonly main: string;
  readonly sub: string;
}

const CALM_PERIOD: Ms = seconds(10);
const LONGEST_EPISODE: Ms = seconds(300);

/** A camera that answers so is there and lets us in: only the path is another. */
const IS_OTHER_PATH: ReadonlySet<string> = new Set([
  'SW_CAM_NO_PATH',
  'SW_CAM_NO_VIDEO',
  'SW_CAM_PROTOCOL',
  'SW_CAM_LOST',
]);

const urlOf = (address: string, stream: string): string =>
  /^rtsps?:\/\//i.test(stream) ? stream : `rtsp://${address}/${stream.replace(/^\/+/, '')}`;

const candidatesOf = ({ address, main, sub }: TrialWish, facts: TrialFacts | undefined): readonly Candidate[] => {
  const own = main ?? sub;
  if (own !== undefined) {
    return [{ source: 'owner', main: urlOf(address, main ?? own), sub: urlOf(address, sub ?? own) }];
  }
  const said = facts?.main ?? facts?.sub;
  return [
    ...(facts && said !== undefined ? [{ source: 'onvif', main: facts.main ?? said, sub: facts.sub ?? said }] : []),
    ...streamPaths(facts?.identity.make).map((paths) => ({
      source: paths.make,
      main: urlOf(address, paths.main),
      sub: urlOf(address, paths.sub),
    })),
  ];
};

/** Yields each step as its verdict is known. */
export async function* tryCamera(
  wish: TrialWish,
  parts: TrialParts,
  signal: AbortSignal,
): AsyncGenerator<TrialStep, Trial> {
  const { credentials } = wish;
  const host = hostOf(urlOf(wish.address, ''));
  const at = (url: string): StreamAddress => (credentials ? { url, credentials } : { url });
  const none: Trial = { isGood: false, camera: undefined, identity: undefined, shot: undefined };

  let facts: TrialFacts | undefined;
  try {
    facts = await parts.ask(host, credentials, signal);
    yield { name: 'onvif', verdict: 'ok', facts };
  } catch (thrown) {
    signal.throwIfAborted();
    const error = toStillwatchError(thrown);
    const isRefused = error.code === 'SW_CAM_AUTH' || error.code === 'SW_CAM_LOCKED';
    yield { name: 'onvif', verdict: isRefused ? 'failed' : 'warning', error };
    if (isRefused) return none;
  }

  let chosen: Candidate | undefined;
  let last = new StillwatchError('SW_CAM_NO_PATH', { path: wish.sub ?? wish.main ?? '?' });
  for (const candidate of candidatesOf(wish, facts)) {
    try {
      await using _ = await parts.packets.open(at(candidate.sub), { signal });
      chosen = candidate;
      break;
    } catch (thrown) {
      signal.throwIfAborted();
      last = toStillwatchError(thrown);
      if (!IS_OTHER_PATH.has(last.code)) break;
    }
  }
  if (!chosen) {
    yield { name: 'paths', verdict: 'failed', error: last };
    return { ...none, identity: facts?.identity };
  }
  yield { name: 'paths', verdict: 'ok', source: chosen.source };

  const name = facts?.identity.name ?? facts?.identity.model ?? host;
  const camera: Camera = {
    id: suggestId([facts?.identity.make, facts?.identity.model], []),
    name,
    streams: { main: at(chosen.main), sub: at(chosen.sub) },
    rules: { calmPeriod: CALM_PERIOD, longestEpisode: LONGEST_EPISODE },
    isDemo: false,
  };
  let shot: Shot | undefined;
  const source = parts.still(camera.streams.main);
  const still: StillSource = {
    name: source.name,
    async take(options) {
      shot = await source.take(options);
      return shot;
    },
  };
  let isGood = true;
  for await (const step of checkCamera({ ...parts, camera, still }, signal)) {
    if (step.verdict !== 'ok') isGood = false;
    yield step;
  }
  return { isGood, camera, identity: facts?.identity, shot };
}
