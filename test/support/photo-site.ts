// A site with one quiet simulated camera, for tests that order photos by hand and look at what became of them.

import { join } from 'node:path';
import { archivePaths } from '../../src/cli/archive-place.ts';
import { photoByRunning } from '../../src/cli/control.ts';
import { toStillwatchError } from '../../src/domain/errors.ts';
import { Secret } from '../../src/domain/secret.ts';
import { type SimulatedCamera, simulatedCamera } from '../../src/simulator/rtsp-server.ts';
import { testClip } from '../../src/testing/test-media.ts';
import { eventually, type Program, type ProgramOptions, startProgram } from './program.ts';

const credentials = { user: 'admin', password: new Secret('canary-site-3f0') };

export const quietCamera = (): Promise<SimulatedCamera> =>
  simulatedCamera({
    streams: { main: testClip({ width: 1280, height: 720 }), sub: testClip({ moving: [0, 0] }) },
    credentials,
  });

export const watching = async (
  camera: SimulatedCamera,
  folder: string,
  more: Pick<ProgramOptions, 'under' | 'environment'> = {},
): Promise<Program> => {
  const program = await startProgram({
    folder,
    env: {
      CAMERA_IP: `127.0.0.1:${camera.port}`,
      USRNAME: credentials.user,
      PASSWORD: credentials.password.reveal(),
      CALM_PERIOD: 3,
    },
    ...more,
  });
  await eventually('the camera is seen', () => (program.printed().includes('tapo sees') ? true : undefined));
  return program;
};

/** Has the running program take a photo. @returns where it lies, or why there is none */
export const order = async (program: Program): Promise<{ readonly path?: string; readonly code?: string }> => {
  try {
    const taken = await photoByRunning(archivePaths(join(program.folder, 'snapshots')).control, 'tapo');
    return taken?.still ? { path: taken.still.path } : {};
  } catch (thrown) {
    return { code: toStillwatchError(thrown).code };
  }
};

export interface LedgerItem {
  readonly state: string;
  readonly code?: string;
}

/** What the running program answers, as a visitor of this machine is told. */
export const ask = async <T>(program: Program, path: string): Promise<T> =>
  (await (await fetch(`${program.url}${path}`, { headers: { accept: 'application/json' } })).json()) as T;

export const ledgerOf = async (program: Program): Promise<readonly LedgerItem[]> =>
  (await ask<{ items: readonly LedgerItem[] }>(program, '/api/v1/ledger')).items;
