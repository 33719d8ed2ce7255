import { describe, expect, it } from 'vitest';
import { webStage } from '../testing/web-stage.ts';

const HOST = { host: 'localhost' };

describe('/readyz', () => {
  it('is 200 when all is well', async () => {
    const { app } = await webStage();
    const answer = await app.inject({ url: '/readyz', headers: HOST });
    const well = { ok: true, reasons: [] };
    expect([answer.statusCode, answer.json()]).toEqual([200, { ready: true, sees: well, keeps: well, ships: well }]);
    expect(answer.headers['cache-control']).toBe('no-store');
    await app.close();
  });

  it('is 503 with the reasons when something is not', async () => {
    const well = { isTrue: true, troubles: [], reasons: [] };
    const sees = { isTrue: false, troubles: [], reasons: ['garden SW_CAM_LOST'] };
    const { app } = await webStage({
      vitals: {
        readiness: async () => ({ isReady: false, sees, keeps: well, ships: well }),
        machine: () => Promise.reject(new TypeError('nobody asks')),
        metrics: async () => '',
      },
    });
    const answer = await app.inject({ url: '/readyz', headers: HOST });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { ready: false, sees: { ok: false, reasons: ['garden SW_CAM_LOST'] } },
    ]);
    await app.close();
  });
});

describe('/metrics', () => {
  it('is the text of the counters, in the type that scrapers ask for', async () => {
    const { app } = await webStage();
    const answer = await app.inject({ url: '/metrics', headers: HOST });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toBe('stillwatch_spool_photos 0\n');
    await app.close();
  });
});
