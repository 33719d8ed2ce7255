import { expect, it } from 'vitest';
import { webStage } from '../../testing/web-stage.ts';

it('whoever asks without end is told to wait, and nobody else is', async () => {
  const stage = await webStage();
  const ask = (remoteAddress: string) =>
    stage.app.inject({ url: '/api/v1/errors?code=SW_CAM_AUTH', headers: { host: 'localhost' }, remoteAddress });
  const statuses = new Map<number, number>();
  for (let asked = 0; asked < 640; asked++) {
    const { statusCode } = await ask('192.168.1.7');
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
  }
  expect([...statuses.keys()]).toEqual([200, 429]);
  expect(statuses.get(200)).toBeGreaterThanOrEqual(600);
  const refused = await ask('192.168.1.7');
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.headers['content-type']).toContain('application/problem+json');
  expect((await ask('192.168.1.8')).statusCode).toBe(200);
  await stage.app.close();
});
