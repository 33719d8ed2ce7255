// Finding and trying cameras for the running program's API: the real network, behind a guard for addresses.

import { networkInterfaces } from 'node:os';
import { addressGuard } from '../adapters/address-guard/address-guard.ts';
import type { Camera } from '../domain/camera.ts';
import type { CameraId } from '../domain/ids.ts';
import type { Shot } from '../domain/still.ts';
import { withStillFacts } from '../domain/still-facts.ts';
import type { CameraTrials } from '../ports/camera-trial.ts';
import type { Clock } from '../ports/clock.ts';
import type { Spool } from '../ports/spool.ts';
import { findCameras, finderParts, rangeOf } from './camera-finder.ts';
import { manualDraft } from './manual-still.ts';

export interface CameraTrialsParts {
  readonly clock: Clock;
  readonly zone: string;
  readonly cameras: () => readonly Camera[];
  readonly spool: Pick<Spool, 'accept'>;
  /** The spool has something new. */
  readonly onAccepted: () => void;
}

/** This machine's own addresses: cameras may be simulated there, or come through another program. */
const ownMachine = (): readonly string[] => [
  '127.0.0.0/8',
  '::1/128',
  ...Object.values(networkInterfaces()).flatMap((some) => (some ?? []).map(({ address }) => address)),
];

const hostsOf = (address: string, ...urls: readonly (string | undefined)[]): readonly string[] => [
  new URL(`rtsp://${address}`).hostname,
  ...urls.flatMap((url) => (url !== undefined && /^[a-z]+:\/\//i.test(url) ? [new URL(url).hostname] : [])),
];

/** Loaded when a camera is set up, which is seldom: decoder and clients take 30 MB that the main process is otherwise without. */
const trying = async () => ({
  ...(await import('./camera-trial.ts')),
  ...(await import('./camera-trial-parts.ts')),
});

export const cameraTrials = (parts: CameraTrialsParts): CameraTrials => ({
  async *run(wish, isOwnMachineAllowed, signal) {
    const guard = addressGuard({ allow: isOwnMachineAllowed ? ownMachine() : [] });
    for (const host of hostsOf(wish.address, wish.main, wish.sub, wish.onvif)) await guard.pin(host);
    const device = wish.onvif === undefined ? undefined : new URL(wish.onvif);
    const { tryCamera, trialParts } = await trying();
    return yield* tryCamera(wish, trialParts(parts.clock, device), signal);
  },
  async *find(range, isPublicAllowed, signal) {
    const wanted = range === undefined ? {} : { range: rangeOf(range, isPublicAllowed) };
    yield* findCameras(wanted, finderParts, signal);
  },
  loginOf: (id: CameraId) => parts.cameras().find((camera) => camera.id === id)?.streams.main.credentials,
  async keepPhoto({ id, name }, shot: Shot) {
    const draft = manualDraft({ id, isDemo: false }, shot, parts.zone);
    await parts.spool.accept(draft, withStillFacts(shot.jpeg, draft, { cameraName: name }));
    parts.onAccepted();
  },
});
