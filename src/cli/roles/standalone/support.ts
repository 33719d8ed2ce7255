// The support report of a program that runs: versions, settings that say nothing of the owner's network, states and figures.

import { cpus, freemem, release, totalmem } from 'node:os';
import type { Settings } from '../../../config/settings.ts';
import type { Camera } from '../../../domain/camera.ts';
import { toStillwatchError } from '../../../domain/errors.ts';
import type { Vitals } from '../../../web/deps.ts';
import type { Status } from '../../../web/status.ts';
import { withoutSecrets } from '../../support-report.ts';
import { version } from '../../version.ts';

export interface SupportParts {
  readonly settings: () => Settings;
  readonly vitals: Vitals;
  readonly status: () => Status;
}

/** Whatever of a camera must not leave the house, wherever it turns up again. */
const secretsOf = (camera: Camera): readonly string[] => {
  const streams = [camera.streams.main, camera.streams.sub, camera.stills?.snapshot].filter((one) => one !== undefined);
  return streams.flatMap(({ url, credentials }) => [
    ...(URL.canParse(url) ? [new URL(url).hostname] : []),
    ...(credentials ? [credentials.user, credentials.password.reveal()] : []),
  ]);
};

const cameraFacts = ({ id, isDemo, rules, motionBy, motion, onvif, stills }: Camera): object => ({
  id,
  isDemo,
  rules,
  motionBy: motionBy ?? 'pixels',
  motion: { mode: motion?.mode, threshold: motion?.threshold, areas: motion?.areas?.length ?? 0 },
  onvif: onvif && { channels: onvif.channels },
  stills: stills && { hasRing: stills.ring !== undefined, hasSnapshot: stills.snapshot !== undefined },
});

/** Each part by itself: a report is wanted most when something is broken. */
const part = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work();
  } catch (thrown) {
    return { failed: toStillwatchError(thrown).message };
  }
};

export const runningReport = async ({ settings, vitals, status }: SupportParts): Promise<string> => {
  const now = settings();
  const secrets = now.cameras.flatMap(secretsOf);
  const facts = {
    program: { version, node: process.versions.node, platform: `${process.platform} ${process.arch} ${release()}` },
    machine: { processors: cpus().length, memoryMb: Math.round(totalmem() / 1e6), freeMb: Math.round(freemem() / 1e6) },
    settings: {
      cameras: now.cameras.map(cameraFacts),
      zone: now.zone,
      language: now.language,
      keep: now.keep,
      web: {
        port: now.web.port,
        isPublic: now.web.isPublic,
        loginToView: now.web.loginToView,
        proxies: now.web.trustProxy?.length ?? 0,
      },
    },
    cost: await part(() => vitals.machine()),
    readiness: await part(() => vitals.readiness()),
    cameras: await part(() =>
      status().cameras.map(({ id, sight, since, trouble, missed, motion, events }) => ({
        id,
        sight,
        since,
        trouble,
        missed,
        motion,
        events,
      })),
    ),
    metrics: await part(async () => (await vitals.metrics()).split('\n').filter((line) => !line.startsWith('#'))),
  };
  // Each text by itself: once all of it is JSON, a secret inside a text is escaped twice.
  const clean = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? withoutSecrets(value, secrets) : value;
  return `${JSON.stringify(facts, clean, 2)}\n`;
};
