// One camera read by the library's own RTSP client, in a process of its own: what blocks, leaks or crashes in there ends this
// process and nothing else. Says what it reads to its parent, and ends with it.

import { openRtspDemux, type RtspDemux } from '../adapters/av/rtsp-demux.ts';
import { toStillwatchError } from '../domain/errors.ts';
import { type LibavCommand, type LibavReport, MOST_UNTAKEN } from './libav-protocol.ts';

const flow = { isStopping: false, untaken: 0, onTaken: (): void => undefined };

const say = (report: LibavReport): void => {
  if (process.connected) process.send?.(report);
};

/** While the parent takes nothing, nothing is read: the camera is held back by its own connection. */
const room = async (): Promise<void> => {
  while (flow.untaken >= MOST_UNTAKEN && !flow.isStopping) {
    await new Promise<void>((resolve) => (flow.onTaken = resolve));
  }
};

const read = async (demux: RtspDemux): Promise<void> => {
  say({ type: 'open', format: demux.format });
  for await (const packet of demux.packets()) {
    if (flow.isStopping) return;
    flow.untaken += 1;
    say({ type: 'packet', packet });
    await room();
  }
};

const run = async (url: string): Promise<void> => {
  try {
    const demux = await openRtspDemux(url);
    try {
      await read(demux);
    } finally {
      await demux.close();
    }
  } catch (thrown) {
    const { code, facts } = toStillwatchError(thrown);
    say({ type: 'failed', code, facts });
  }
  if (process.connected) process.disconnect();
};

process.on('message', (command: LibavCommand) => {
  switch (command.type) {
    case 'open':
      void run(command.url);
      return;
    case 'taken':
      flow.untaken -= command.packets;
      break;
    case 'stop':
      flow.isStopping = true;
      break;
    default:
      return;
  }
  flow.onTaken();
});
// The library may be waiting for the camera in a thread that nothing can wake.
process.once('disconnect', () => process.exit());
