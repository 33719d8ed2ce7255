// One simulated camera with one fault, watched by the real supervisor over the real client: does it come back, how soon,
// and what did it cost the camera? Time runs twenty times faster, except for what HTTP waits.

import { onvifClient } from '../../src/adapters/onvif/client.ts';
import { pullPointSource } from '../../src/adapters/onvif/pull-point.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import type { CameraMessage } from '../../src/domain/camera-message.ts';
import { Secret } from '../../src/domain/secret.ts';
import { monoMs, ms, seconds } from '../../src/domain/units.ts';
import { meaningOf } from '../../src/motion/onvif-topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../../src/simulator/onvif/camera.ts';
import type { FaultName } from '../../src/simulator/onvif/fault.ts';
import type { PersonaName } from '../../src/simulator/onvif/persona.ts';
import { type EventSupervisor, eventSupervisor, type LineFact } from '../../src/watch/event-supervisor.ts';

/** How much faster leases, pauses and back-off run here. */
export const FASTER = 20;

export const fasterClock = (): Clock => {
  const real = systemClock();
  return {
    now: () => ({ mono: monoMs(real.now().mono * FASTER), wall: real.now().wall }),
    sleep: (by, signal) => real.sleep(ms(by / FASTER), signal),
  };
};

export interface Watched extends AsyncDisposable {
  readonly camera: SimulatedOnvif;
  readonly supervisor: EventSupervisor;
  /** Everything heard; the latest only when `keeps` is false. */
  readonly heard: readonly CameraMessage[];
  readonly heardCount: () => number;
  readonly lines: readonly LineFact[];
}

export const watchedCamera = async (persona: PersonaName, keeps = true): Promise<Watched> => {
  const camera = await simulatedOnvif({ persona, second: 1000 / FASTER });
  const clock = fasterClock();
  const client = onvifClient({
    device: new URL(camera.deviceUrl),
    credentials: { user: camera.account.user, password: new Secret(camera.account.password) },
    clock,
  });
  const heard: CameraMessage[] = [];
  const lines: LineFact[] = [];
  let heardCount = 0;
  const supervisor = eventSupervisor({
    source: pullPointSource(client, clock, { lease: seconds(60), pull: seconds(1) }),
    clock,
    random: Math.random,
    hear: (messages) => {
      heardCount += messages.length;
      if (!keeps) heard.length = 0;
      heard.push(...messages);
    },
    line: (fact) => {
      if (!keeps) lines.length = 0;
      lines.push(fact);
    },
  });
  return {
    camera,
    supervisor,
    heard,
    heardCount: () => heardCount,
    lines,
    async [Symbol.asyncDispose]() {
      await supervisor.close();
      await client[Symbol.asyncDispose]();
      await camera[Symbol.asyncDispose]();
    },
  };
};

export interface Recovery {
  readonly persona: PersonaName;
  readonly fault: FaultName;
  /**
   * Real milliseconds from the end of the fault until motion was heard, or until a camera that refuses everything was asked
   * again and refused again; undefined: not within the time.
   */
  readonly after: number | undefined;
  /** Requests during the fault, per real second. */
  readonly rate: number;
  /** Most subscriptions alive at once, and those left after closing. */
  readonly most: number;
  readonly left: number;
}

const until = async (isTrue: () => boolean, within: number): Promise<boolean> => {
  const deadline = Date.now() + within;
  while (!isTrue()) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
};

/** The fault lasts `during` real milliseconds after a good start; then motion happens until it is heard. */
export const recover = async (
  persona: PersonaName,
  fault: FaultName,
  during = 1200,
  within = 30_000,
): Promise<Recovery> => {
  const watched = await watchedCamera(persona);
  const { camera, heard, supervisor } = watched;
  try {
    // A camera that claims much and refuses all is never heard; what must not end is the asking, at ever longer intervals.
    const { refusesAll } = camera.persona;
    const asked = (): number => camera.requests.get('CreatePullPointSubscription') ?? 0;
    if (!(await until(() => (refusesAll ? asked() : heard.length) > 0, 10_000)))
      throw new Error(`${persona} was not heard even without ${fault}`);
    const total = (): number => [...camera.requests.values()].reduce((sum, count) => sum + count, 0);
    let most = 0;
    const before = total();
    camera.faults.set([{ fault }]);
    // Something happens meanwhile: faults of events need events.
    camera.scene('motion', true);
    camera.scene('motion', false);
    const end = Date.now() + during;
    while (Date.now() < end) {
      most = Math.max(most, camera.subscriptions.live().length);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const rate = (total() - before) / (during / 1000);
    camera.faults.set([]);
    const clearedAt = Date.now();
    const [seen, askedBefore] = [heard.length, asked()];
    const isHeard = (): boolean =>
      heard.slice(seen).some((message) => message.operation === 'Changed' && meaningOf(message).motion === true);
    let isActive = false;
    const came = await until(() => {
      // Again and again, as motion does; each time a change.
      if (Date.now() % 100 < 6) {
        isActive = !isActive;
        camera.scene('motion', isActive);
      }
      most = Math.max(most, camera.subscriptions.live().length);
      return refusesAll ? asked() > askedBefore : isHeard();
    }, within);
    const after = came ? Date.now() - clearedAt : undefined;
    await supervisor.close();
    return { persona, fault, after, rate, most, left: camera.subscriptions.live().length };
  } finally {
    await watched[Symbol.asyncDispose]();
  }
};

/** Faults after which a subscription must come back by itself; a refused login waits for the owner or the lock's end. */
export const PASSING_FAULTS: readonly FaultName[] = [
  'clock-ahead',
  'clock-behind',
  'clock-1970',
  'nat-address',
  'loopback-address',
  'wrong-port-address',
  'subscription-dies',
  'subscription-silent',
  'slots-full',
  'create-hangs',
  'renew-unsupported',
  'needs-message-id',
  'needs-reference-parameters',
  'unsubscribe-kills-all',
  'pull-at-once',
  'slow',
  'hang',
  'reset',
  'close-keep-alive',
  'html-503',
  'chunked',
  'gzip',
  'multipart',
  'byte-order-mark',
  'junk-tail',
  'truncated',
  'unbound-prefix',
  'empty-body',
  'entity-bomb',
  'huge',
  'deep',
  'duplicate-events',
  'reversed-events',
  'true-without-false',
  'initialized-true',
  'utc-1970',
  'utc-zero',
  'media2-500',
];
