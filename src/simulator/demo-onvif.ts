// The demo camera's ONVIF side: an Axis-like persona that says what happens in the drawn scene while it happens.

import type { Credentials } from '../domain/secret.ts';
import { type SimulatedOnvif, simulatedOnvif } from './onvif/camera.ts';
import type { SimulatedCamera } from './rtsp-server.ts';
import { type Happening, TIMELINE } from './scene/timeline.ts';

export interface DemoOnvifOptions {
  readonly camera: Pick<SimulatedCamera, 'host' | 'port' | 'sceneAt' | 'sendMetadata'>;
  readonly credentials: Credentials;
  /** What a snapshot shows. */
  readonly picture: () => Promise<Uint8Array>;
}

/** Real cameras decide a moment after the first moving picture, and hold on for a moment after the last. Seconds. */
const DECIDES_AFTER = 0.6;
const HOLDS_FOR = 1.5;
const LOOK_EVERY_MS = 200;

/** Who carries parcels and hauls bins is a person; a cat and a car are motion to this camera. */
const HAS_PERSON: ReadonlySet<Happening['name']> = new Set(['post', 'bin-out', 'parcel-in', 'bin-back']);

/** What the camera claims at a moment of the loop. Clouds do not fool it. */
export const demoClaims = (seconds: number): { readonly motion: boolean; readonly person: boolean } => {
  const now = TIMELINE.find(
    ({ kind, start, end }) => kind !== 'light' && seconds >= start + DECIDES_AFTER && seconds < end + HOLDS_FOR,
  );
  return { motion: now !== undefined, person: now !== undefined && HAS_PERSON.has(now.name) };
};

export const demoOnvif = async ({ camera, credentials, picture }: DemoOnvifOptions): Promise<SimulatedOnvif> => {
  const onvif = await simulatedOnvif({
    persona: 'axis',
    host: camera.host,
    account: { user: credentials.user, password: credentials.password.reveal() },
    rtsp: `rtsp://${camera.host}:${camera.port}`,
    picture,
    metadata: (document) => camera.sendMetadata(document),
  });
  let said = { motion: false, person: false };
  const look = setInterval(() => {
    const now = demoClaims(camera.sceneAt() / 1000);
    for (const kind of ['motion', 'person'] as const) if (now[kind] !== said[kind]) onvif.scene(kind, now[kind]);
    said = now;
  }, LOOK_EVERY_MS);
  return {
    ...onvif,
    // A spread would freeze the count.
    get failedLogins() {
      return onvif.failedLogins;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(look);
      await onvif[Symbol.asyncDispose]();
    },
  };
};
