// A site on which everything is switched on that some configuration switches on: what walks every route needs every route.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConfigFile } from '../config/config-file.ts';
import { newContact } from '../domain/contact.ts';
import { StillwatchError } from '../domain/errors.ts';
import { type CameraId, cameraId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxSettings } from '../domain/inbox.ts';
import { Secret } from '../domain/secret.ts';
import { epochMs, ms } from '../domain/units.ts';
import type { CameraClocks } from '../ports/camera-clock.ts';
import type { CameraTrials } from '../ports/camera-trial.ts';
import { memoryFilms } from './memory-clip-store.ts';
import { SOME_TIME } from './stills.ts';
import type { StageOptions } from './web-stage.ts';

export const LAKE: CameraId = cameraId('lake');

const YML = `cameras:
  garden:
    address: 192.0.2.5
  shed:
    address: 192.0.2.6
`;

/** Whoever is looked for or tried does not answer. */
const silentTrials: CameraTrials = {
  async *run() {
    yield { name: 'onvif', verdict: 'warning', error: new StillwatchError('SW_CAM_UNREACHABLE', { host: 'x' }) };
    return { isGood: false, camera: undefined, identity: undefined, shot: undefined };
  },
  async *find() {
    yield { type: 'progress', asked: 1, total: 1 };
  },
  loginOf: () => undefined,
  keepPhoto: async () => undefined,
};

const wrongClock: CameraClocks = {
  read: async () => ({
    utc: epochMs(SOME_TIME + 3_600_000),
    offset: ms(3_600_000),
    setBy: 'Manual',
    zone: 'CET-1CEST,M3.5.0,M10.5.0/3',
    ntp: ['pool.example'],
  }),
  set: async () => ({ utc: epochMs(SOME_TIME), offset: ms(0), setBy: undefined, zone: undefined, ntp: [] }),
};

const lakeInbox: InboxSettings = {
  cameras: [{ id: LAKE, name: 'Lake', key: new Secret('key-of-lake-canary'), limits: INBOX_LIMITS }],
  bind: '0.0.0.0',
  host: 'photos.example',
  http: { tlsPort: 8443, plain: 'no' },
  ftp: { port: 2121, passivePorts: [50_000, 50_099], allowsActive: false, plain: 'no' },
  mail: { port: 2525, plain: 'no' },
  burstGap: ms(60_000),
  burstWait: ms(20_000),
};

/** @param folder empty; the configuration is written into it */
export const everythingOn = (folder: string): StageOptions => {
  writeFileSync(join(folder, 'stillwatch.yml'), YML);
  let isOn = false;
  return {
    config: openConfigFile(folder, {}),
    trials: silentTrials,
    clocks: wrongClock,
    inbox: { settings: lakeInbox, contactOf: newContact, films: memoryFilms() },
    notifier: {
      list: async () => [],
      receivers: () => [],
      test: async (receiver) => {
        throw new StillwatchError('SW_RECEIVER_UNKNOWN', { receiver, known: '–' });
      },
    },
    notify: { knows: () => false, receive: () => undefined },
    demo: {
      isOn: () => isOn,
      photos: async () => 0,
      start: async () => {
        isOn = true;
        return cameraId('demo');
      },
      remove: async () => {
        isOn = false;
        return 0;
      },
    },
  };
};
