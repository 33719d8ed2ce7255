// The process that the cost bench measures: cameras read by our client into one engine each, as a capture process does.
// Usage: node motion-cost-child.mjs <url> <cameras> <economy|careful> [tick in ms]

import { setMaxListeners } from 'node:events';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { ms } from '../src/domain/units.ts';
import { carefulEngine } from '../src/watch/careful-engine.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';

const [url = '', cameras = '1', mode = 'economy', tick = '1000'] = process.argv.slice(2);
const source = rtspPacketSource({ clock: systemClock(), tick: ms(Number(tick)) });
const decoder = avLumaDecoder();
const open = mode === 'careful' ? carefulEngine({ decoder }) : cascadeEngine({ decoder, random: Math.random });
const signal = new AbortController().signal;
// One of each for every camera.
setMaxListeners(0, signal, process);

let opened = 0;
const watch = async (): Promise<void> => {
  await using run = await source.open({ url }, { signal });
  using engine = open(run.format);
  opened += 1;
  // The bench's clock starts here: what comes before is starting a process on a busy machine.
  if (opened === Number(cameras)) console.log('reading');
  let moving = 0;
  process.on('SIGUSR2', () =>
    console.log(JSON.stringify({ moving, decodedShare: engine.decodedShare, lost: run.counters().lost })),
  );
  for await (const batch of run.batches) {
    moving += engine.feed(batch).filter((reading) => reading.isMotion).length;
    run.pace(engine.pace);
  }
};

// A bench's stream ends; that is not worth a word.
for (const end of await Promise.allSettled(Array.from({ length: Number(cameras) }, watch))) {
  if (end.status === 'rejected') console.error(String(end.reason));
}
