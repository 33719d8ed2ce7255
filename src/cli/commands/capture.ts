// `stillwatch capture`: what a camera says, scrubbed and pseudonymised, as a folder that can be shown to others and become
// a fixture. A picture goes in only when the owner asks for it.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { gatherEvidence } from '../../adapters/onvif/evidence.ts';
import type { HttpAnswer, HttpRequest } from '../../adapters/onvif/http.ts';
import { snapshotSource } from '../../adapters/onvif/snapshot.ts';
import { xmlText } from '../../adapters/onvif/xml.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { seconds } from '../../domain/units.ts';
import { reportLines } from '../camera-report.ts';
import { openOnvifCamera } from '../onvif-camera.ts';
import { bundleName, scrubber } from './capture-scrub.ts';

export interface Captured {
  readonly operation: string;
  readonly status: number;
  readonly body: Uint8Array;
}

/** Collects the answers of one client, first of each kind, and every one that holds events. */
export const captureTap = (): {
  readonly seen: readonly Captured[];
  tap(request: HttpRequest, answer: HttpAnswer): void;
} => {
  const seen: Captured[] = [];
  const count = new Map<string, number>();
  return {
    seen,
    tap(request, answer) {
      if (request.method !== 'POST') return;
      const operation = /<s:Body><(\w+)/.exec(request.body ?? '')?.[1] ?? 'unknown';
      const number = (count.get(operation) ?? 0) + 1;
      count.set(operation, number);
      const holdsEvents = operation === 'PullMessages' && Buffer.from(answer.body).includes('NotificationMessage');
      // GetStreamUri and the like are asked per profile: each answer is another document.
      if (number > 4 && !holdsEvents) return;
      if (seen.length < 200) seen.push({ operation, status: answer.status, body: answer.body });
    },
  };
};

/** A log of a minute's events needs no more; a camera that floods is cut off. */
const MOST_LISTEN = 600;

interface CaptureOptions {
  readonly out: string;
  readonly listen: string;
  readonly withSnapshot?: boolean;
}

export const captureCommand = (program: Command): void => {
  program
    .command('capture')
    .description('write what a camera says into a folder, without names, addresses, serial numbers and passwords')
    .argument('[camera]', 'name of a configured camera, or an address (STILLWATCH_USER and STILLWATCH_PASSWORD log in)')
    .option('--out <folder>', 'where to write the bundle', '.')
    .option('--listen <seconds>', 'how long to listen for events; walk through the picture meanwhile', '60')
    .option('--with-snapshot', 'put one picture in, as it is: look at it before you show it to anyone')
    .action(async (camera: string | undefined, options: CaptureOptions) => {
      const { signal } = new AbortController();
      const clock = systemClock();
      const collected = captureTap();
      await using client = await openOnvifCamera(camera, signal, (...exchange) => collected.tap(...exchange));
      const gathered = await gatherEvidence(
        {
          client,
          clock,
          // Pictures are the report's business; here only documents are collected.
          frame: () => Promise.reject(new StillwatchError('SW_CAM_NO_VIDEO', { path: 'not asked', media: 'nothing' })),
          listen: seconds(Math.min(MOST_LISTEN, Math.max(1, Number(options.listen) || 60))),
          progress: (what) => process.stderr.write(`asking: ${what}\n`),
        },
        signal,
      );
      const identity = gathered.identity.type === 'answered' ? gathered.identity.value : undefined;
      const clean = scrubber();
      clean.hide(identity?.serial, 'serial');
      clean.hide(identity?.mac, 'serial');
      clean.hide(client.credentials?.user, 'user');
      clean.hide(client.credentials?.password.reveal(), 'user');
      if (!/^[\d.]+$/.test(client.address.hostname)) clean.hide(client.address.hostname, 'host');

      const name = bundleName(identity?.make, identity?.model, identity?.serial);
      const folder = join(options.out, name);
      await mkdir(folder, { recursive: true });
      for (const [index, { operation, status, body }] of collected.seen.entries()) {
        const file = `${String(index + 1).padStart(3, '0')}-${operation}${status === 200 ? '' : `-${status}`}.xml`;
        await writeFile(join(folder, file), clean.scrub(xmlText(body)));
      }
      const lines = reportLines(gathered).map((line) => ({
        ...line,
        evidence: line.evidence.map((fact) => clean.scrub(fact.en)),
      }));
      const about = {
        make: identity?.make,
        model: identity?.model,
        firmware: identity?.firmware,
        capturedAt: new Date().toISOString(),
        lines,
      };
      await writeFile(join(folder, 'about.json'), `${JSON.stringify(about, undefined, 2)}\n`);
      if (options.withSnapshot) {
        const { jpeg } = await snapshotSource(client, clock).take({ signal });
        await writeFile(join(folder, 'snapshot.jpg'), jpeg);
      }
      process.stdout.write(`${folder}\n`);
      process.stderr.write(
        'Read the files before you send them to anyone: what a camera calls its zones is not known here.\n',
      );
    });
};
