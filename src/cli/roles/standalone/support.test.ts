import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../config/settings.ts';
import { ACCOUNT_POLICY } from '../../../domain/account.ts';
import { cameraId } from '../../../domain/ids.ts';
import { Secret } from '../../../domain/secret.ts';
import { epochMs, seconds } from '../../../domain/units.ts';
import type { Vitals } from '../../../web/deps.ts';
import { statusFeed } from '../../../web/status-feed.ts';
import { runningReport } from './support.ts';

const GARDEN = cameraId('garden');
const PASSWORD = 'C4nary "pass"';
const credentials = { user: 'the-camera-user', password: new Secret(PASSWORD) };
const stream = { url: 'rtsp://cam.example.org:554/stream1', credentials };
const camera = {
  id: GARDEN,
  name: 'Garden',
  isDemo: false,
  streams: { main: stream, sub: stream },
  rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
};
const settings: Settings = {
  cameras: [camera],
  rootCamera: undefined,
  snapshotsDir: '/home/anna/snapshots',
  zone: 'Europe/Copenhagen',
  language: 'en',
  keep: { each: {}, cameras: {}, free: undefined, includesFound: false },
  accounts: ACCOUNT_POLICY,
  web: { port: 10_000, bind: '192.168.1.20', isPublic: false },
};

describe('the report of a program that runs', () => {
  it('holds what helps and no password, user, host, address or folder, wherever they turn up', async () => {
    const feed = statusFeed([camera], epochMs(1));
    const detail = `rtsp://the-camera-user:${encodeURIComponent(PASSWORD)}@cam.example.org/ said no to 192.168.1.50 ${PASSWORD}`;
    const facts = { detail };
    feed.tell({ type: 'blind', camera: GARDEN, at: epochMs(2), code: 'SW_CAM_AUTH', facts, retryAt: undefined });
    const well = { isTrue: true, troubles: [], reasons: [`told by ${PASSWORD}`] };
    const vitals: Vitals = {
      readiness: async () => ({ isReady: true, sees: well, keeps: well, ships: well }),
      machine: () => Promise.reject(new Error(`no answer from 10.0.0.9 as ${credentials.user}`)),
      metrics: async () => '# HELP x\nstillwatch_spool_photos 3\n',
    };
    const report = await runningReport({ settings: () => settings, vitals, status: () => feed.status() });
    for (const secret of [PASSWORD, 'C4nary', 'the-camera-user', 'cam.example.org', '192.168.1', '10.0.0.9', 'anna'])
      expect(report).not.toContain(secret);
    for (const shown of ['SW_CAM_AUTH', 'stillwatch_spool_photos 3', '"calmPeriod"', 'Europe/Copenhagen'])
      expect(report).toContain(shown);
  });
});
