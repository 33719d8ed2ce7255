// What listening costs, and whether it lasts.
//   tsx bench/onvif-events.ts cost [cameras] [seconds]   CPU and memory of events-only operation, leases in real time
//   tsx bench/onvif-events.ts last [minutes]             seven makes, a fault every few seconds, leases of three seconds

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onvifClient } from '../src/adapters/onvif/client.ts';
import { pullPointSource } from '../src/adapters/onvif/pull-point.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { Secret } from '../src/domain/secret.ts';
import { type SimulatedOnvif, simulatedOnvif } from '../src/simulator/onvif/camera.ts';
import { PERSONA_NAMES } from '../src/simulator/onvif/persona.ts';
import { eventSupervisor } from '../src/watch/event-supervisor.ts';
import { PASSING_FAULTS, watchedCamera } from '../test/support/onvif-recovery.ts';

const [mode = 'cost', first, second] = process.argv.slice(2);
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const makes = PERSONA_NAMES.filter((name) => name !== 'liar');

/** Cameras in a process of their own, so that only the listening is measured. */
const cameras = async (): Promise<void> => {
  const made: SimulatedOnvif[] = [];
  for (let count = 0; count < Number(first); count++) {
    made.push(
      await simulatedOnvif({ persona: makes[count % makes.length] ?? 'tapo', account: { user: 'a', password: 'b' } }),
    );
  }
  process.send?.(made.map(({ deviceUrl }) => deviceUrl));
  let isActive = false;
  // Each camera changes its state every ten seconds: a busy yard.
  setInterval(() => {
    isActive = !isActive;
    for (const one of made) one.scene('motion', isActive);
  }, 10_000);
};

const cost = async (count: number, duration: number): Promise<void> => {
  const child = fork(fileURLToPath(import.meta.url), ['cameras', String(count)]);
  const urls = await new Promise<string[]>((resolve) => child.once('message', (told) => resolve(told as string[])));
  const clock = systemClock();
  let messages = 0;
  const listeners = urls.map((url) => {
    const credentials = { user: 'a', password: new Secret('b') };
    const client = onvifClient({ device: new URL(url), credentials, clock });
    const supervisor = eventSupervisor({
      source: pullPointSource(client, clock),
      clock,
      random: Math.random,
      hear: (heard) => (messages += heard.length),
      line: () => {},
    });
    return { client, supervisor };
  });
  await wait(8_000);
  const before = process.cpuUsage();
  const heardBefore = messages;
  await wait(duration * 1000);
  const used = process.cpuUsage(before);
  const share = (used.user + used.system) / 1000 / (duration * 1000);
  console.log(
    `${count} cameras: ${(share * 100).toFixed(2)} % of a core, ${((share * 100) / count).toFixed(3)} % each; ` +
      `RSS ${mib(process.memoryUsage().rss)}, heap ${mib(process.memoryUsage().heapUsed)}; ` +
      `${((messages - heardBefore) / duration).toFixed(1)} messages/s`,
  );
  for (const { supervisor, client } of listeners) {
    await supervisor.close();
    await client[Symbol.asyncDispose]();
  }
  child.kill();
};

const last = async (minutes: number): Promise<void> => {
  const end = Date.now() + minutes * 60_000;
  const all = await Promise.all(makes.map((make) => watchedCamera(make, false)));
  const longest = all.map(() => 0);
  const most = all.map(() => 0);
  let faults = 0;
  await Promise.all([
    ...all.map(async (watched, index) => {
      let heard = 0;
      let heardAt = Date.now();
      let isActive = false;
      while (Date.now() < end) {
        await wait(200);
        isActive = !isActive;
        watched.camera.scene('motion', isActive);
        if (watched.heardCount() > heard) heardAt = Date.now();
        heard = watched.heardCount();
        longest[index] = Math.max(longest[index] ?? 0, Date.now() - heardAt);
        most[index] = Math.max(most[index] ?? 0, watched.camera.subscriptions.live().length);
      }
    }),
    ...all.map(async ({ camera }) => {
      while (Date.now() < end) {
        await wait(2000 + Math.random() * 8000);
        const fault = PASSING_FAULTS[Math.floor(Math.random() * PASSING_FAULTS.length)];
        if (Math.random() < 0.05) camera.reboot();
        else if (fault) camera.faults.set([{ fault }]);
        faults += 1;
        await wait(Math.random() * 3000);
        camera.faults.set([]);
      }
    }),
  ]);
  console.log(`${minutes} minutes, ${faults} faults, leases of 3 s real time; RSS ${mib(process.memoryUsage().rss)}`);
  for (const [index, { camera, supervisor, heardCount }] of all.entries()) {
    const { opened, failed } = supervisor.counters();
    const requests = [...camera.requests.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${makes[index]?.padEnd(10)} heard ${heardCount()}, subscriptions ${opened}, failures ${failed}, ` +
        `${(requests / minutes / 60).toFixed(1)} requests/s, longest silence ${((longest[index] ?? 0) / 1000).toFixed(1)} s, ` +
        `most subscriptions at once ${most[index]}`,
    );
  }
  // The owner stops the program: what is left at a camera then is a leak, but for what its lease frees by itself.
  for (const { supervisor } of all) await supervisor.close();
  await wait(3_500);
  console.log(
    `left at the cameras after closing: ${all.map(({ camera }) => camera.subscriptions.live().length).join(' ')}`,
  );
  for (const one of all) await one[Symbol.asyncDispose]();
};

if (mode === 'cameras') await cameras();
else if (mode === 'last') await last(Number(first ?? 60));
else for (const count of first ? [Number(first)] : [1, 10, 100]) await cost(count, Number(second ?? 30));
