import { expect, it } from 'vitest';
import { ROLE_PERMISSIONS, type Role } from '../../domain/permission.ts';
import type { CameraReport } from '../../domain/requirement.ts';
import { GARDEN, watched, webStage } from '../../testing/web-stage.ts';
import type { CameraReports, ReportStatus } from '../reports.ts';

const HOST = { host: 'localhost' };
const REPORT: CameraReport = {
  camera: 'TP-Link Tapo C100',
  at: '2026-11-23T20:00:00.000Z',
  lines: [
    { id: 'identity', state: 'proven', evidence: [{ en: 'asked', da: 'spurgt' }] },
    {
      id: 'snapshot',
      state: 'refused',
      evidence: [{ en: 'http://a:geheim@10.0.0.1/ <b>', da: 'http://a:geheim@10.0.0.1/ <b>' }],
    },
  ],
};

/** A camera that is asked once, and answers when the test says so. */
const stage = async () => {
  let role: Role = 'owner';
  let status: ReportStatus = { asking: undefined, trouble: undefined, report: undefined };
  let started = 0;
  const reports: CameraReports = {
    of: (camera) => (camera === GARDEN ? status : { asking: undefined, trouble: undefined, report: undefined }),
    start: () => {
      started += 1;
      status = { ...status, asking: 'GetProfiles' };
      return status;
    },
  };
  const { app } = await webStage({
    cameras: [watched('Garden'), watched('Shed')],
    reports,
    identify: async () => ({
      kind: 'user',
      id: role,
      name: role,
      permissions: ROLE_PERMISSIONS[role],
      cameras: 'all',
    }),
  });
  return {
    app,
    started: () => started,
    be: (other: Role) => {
      role = other;
    },
    set: (now: ReportStatus) => {
      status = now;
    },
    get: async (url: string, language = 'en') => app.inject({ url, headers: { ...HOST, 'accept-language': language } }),
  };
};

it('a report is asked for, read while it is made, and read when it is there, in the visitor’s language', async () => {
  const on = await stage();
  const url = '/api/v1/cameras/garden/report';
  expect((await on.get(url)).json()).toEqual({ state: 'none', asking: null, trouble: null, report: null });
  const begun = await on.app.inject({ method: 'POST', url, headers: { ...HOST, 'sec-fetch-site': 'same-origin' } });
  expect(begun.statusCode).toBe(202);
  expect(begun.json()).toMatchObject({ state: 'asking', asking: 'GetProfiles' });
  expect(on.started()).toBe(1);
  on.set({ asking: undefined, trouble: undefined, report: REPORT });
  const made = (await on.get(url, 'da')).json<Record<string, unknown>>();
  expect(made).toMatchObject({
    state: 'made',
    report: {
      camera: 'TP-Link Tapo C100',
      lines: [
        { id: 'identity', state: 'proven', stateText: 'bevist', evidence: ['spurgt'], advice: null },
        {
          id: 'snapshot',
          state: 'refused',
          stateText: 'afvist',
          advice: expect.stringContaining('strømmen') as string,
        },
      ],
    },
  });
  expect(JSON.stringify(made)).not.toContain('geheim');
  on.set({
    asking: undefined,
    trouble: { at: 0 as never, code: 'SW_CAM_AUTH', facts: {}, retryAt: undefined },
    report: REPORT,
  });
  expect((await on.get(url)).json()).toMatchObject({ state: 'failed', trouble: { code: 'SW_CAM_AUTH' } });
  await on.app.close();
});

it('the printable page loads nothing and escapes what the camera says; without a report there is none', async () => {
  const on = await stage();
  expect((await on.get('/cameras/garden/report')).statusCode).toBe(404);
  on.set({ asking: undefined, trouble: undefined, report: REPORT });
  const page = await on.get('/cameras/garden/report', 'da');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page.body).toContain('Kravrapport: TP-Link Tapo C100');
  expect(page.body).not.toMatch(/<script|geheim|<b>/);
  await on.app.close();
});

it('is for those who configure, and for cameras that are there', async () => {
  const on = await stage();
  expect((await on.get('/api/v1/cameras/attic/report')).statusCode).toBe(404);
  on.be('viewer');
  for (const url of ['/api/v1/cameras/garden/report', '/cameras/garden/report']) {
    expect((await on.get(url)).statusCode).toBe(403);
  }
  expect(on.started()).toBe(0);
  await on.app.close();
});
