// The cameras of bench/many-cameras.ts, in a process of their own so that their CPU is not counted. Each has an address of its
// own on loopback. From `faultsAfterMs` on, every third fails in a way of its own; some do so again and again.

import type { ActiveFault } from '../src/simulator/fault.ts';
import { type SimulatedCamera, simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { street } from './lib/street.ts';

interface Recipe {
  readonly cameras: number;
  readonly port: number;
  readonly loopSeconds: number;
  readonly faultsAfterMs: number;
}

const recipe = JSON.parse(process.argv[2] ?? '{}') as Recipe;
const REPEAT_MS = 20_000;

const FAULTS: readonly { readonly fault: ActiveFault; readonly isRepeated?: true }[] = [
  { fault: { name: 'wrong-password' } },
  { fault: { name: 'silent' } },
  { fault: { name: 'rebooting', milliseconds: 5000 }, isRepeated: true },
  { fault: { name: 'cut-mid-packet', afterPictures: 40 } },
  { fault: { name: 'packet-loss', every: 7 } },
  { fault: { name: 'no-such-path' } },
  { fault: { name: 'session-limit', answer: 453 } },
  { fault: { name: 'garbage' } },
  { fault: { name: 'slow', bytesPerSecond: 2000 } },
  { fault: { name: 'half-key-frame' } },
  { fault: { name: 'privacy', picture: 'black' } },
];

const { loopSeconds } = recipe;
const streams = {
  main: street({ width: 1280, height: 720, fps: 5, loopSeconds }),
  sub: street({ width: 640, height: 360, fps: 10, loopSeconds }),
};
const cameras: SimulatedCamera[] = [];
for (let number = 0; number < recipe.cameras; number++) {
  const host = `127.0.${1 + Math.floor(number / 200)}.${1 + (number % 200)}`;
  cameras.push(await simulatedCamera({ streams, host, port: recipe.port, hasSound: false }));
}

const startedAt = performance.now();
const connectedAt = new Map<number, number>();
setInterval(() => {
  for (const [number, camera] of cameras.entries()) {
    if (!connectedAt.has(number) && camera.stats().connections > 0) connectedAt.set(number, performance.now());
  }
}, 20);

const bite = async (isFirst: boolean): Promise<void> => {
  for (let number = 0, kind = 0; number < cameras.length; number += 3, kind++) {
    const chosen = FAULTS[kind % FAULTS.length];
    if (chosen && (isFirst || chosen.isRepeated)) await cameras[number]?.setFault(chosen.fault);
  }
};
setTimeout(() => {
  void bite(true);
  setInterval(() => void bite(false), REPEAT_MS);
}, recipe.faultsAfterMs);

process.on('message', (question: 'stats') => {
  if (question !== 'stats') return;
  process.send?.({
    connectedAt: [...connectedAt].map(([number, at]) => [number, at - startedAt]),
    connections: cameras.map((camera) => camera.stats().connections),
    faults: cameras.map((_, number) =>
      number % 3 === 0 ? (FAULTS[(number / 3) % FAULTS.length]?.fault.name ?? null) : null,
    ),
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ hosts: cameras.map(({ host }) => host) });
