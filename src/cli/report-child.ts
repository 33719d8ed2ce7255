// Makes one requirement report in a process of its own: it decodes what a camera sends, and a fault in the native decoder
// ends this process and nothing else. Told what to ask over IPC, because a login is nothing for an argument.

import { systemClock } from '../adapters/system/clock.ts';
import { toStillwatchError } from '../domain/errors.ts';
import { ms } from '../domain/units.ts';
import { makeReport } from './camera-report.ts';
import { homeOf, type ReportAnswer, type ReportQuestion } from './camera-reports.ts';
import { fromWireCamera } from './capture-protocol.ts';
import { openOnvif } from './open-onvif.ts';

const tell = (answer: ReportAnswer): void => {
  if (process.connected) process.send?.(answer);
};

const answer = async ({ camera: wire, host, listen }: ReportQuestion): Promise<void> => {
  const camera = fromWireCamera(wire);
  const clock = systemClock();
  const { signal } = new AbortController();
  // A camera that was followed to another address is looked for there.
  const typed = host === homeOf(camera) ? camera.onvif?.device : undefined;
  await using client = await openOnvif(
    {
      host,
      device: typed === undefined ? undefined : new URL(typed),
      credentials: camera.streams.main.credentials,
      onvif: camera.onvif,
    },
    clock,
    signal,
  );
  const progress = (what: string): void => tell({ type: 'asking', what });
  const report = await makeReport({ client, clock, listen: ms(listen), progress, name: camera.name }, signal);
  tell({ type: 'made', report });
};

process.once('message', (question: ReportQuestion) => {
  answer(question)
    .catch((thrown: unknown) => {
      const { code, facts } = toStillwatchError(thrown);
      tell({ type: 'failed', code, facts });
    })
    .finally(() => process.disconnect?.());
});
// Nobody reads the report any more.
process.on('disconnect', () => process.exit());
