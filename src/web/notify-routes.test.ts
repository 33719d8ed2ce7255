import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { notifyRoutes } from './notify-routes.ts';

const SECRET = 'a'.repeat(32);
let app: FastifyInstance | undefined;
afterEach(() => app?.close());

const open = async (): Promise<{ app: FastifyInstance; got: { from: string; text: string }[] }> => {
  const got: { from: string; text: string }[] = [];
  app = Fastify();
  notifyRoutes(app, {
    knows: (secret) => secret === SECRET,
    receive: (_, from, body) => void got.push({ from, text: Buffer.from(body).toString('utf8') }),
  });
  await app.ready();
  return { app, got };
};

it.each(['application/soap+xml; charset=utf-8; action="x"', 'text/xml', 'application/x-unheard-of', undefined])(
  'takes a notification called %s, and says so at once',
  async (type) => {
    const { app: web, got } = await open();
    const answer = await web.inject({
      method: 'POST',
      url: `/onvif/notify/${SECRET}`,
      payload: Buffer.from('<x>æ</x>'),
      headers: type === undefined ? {} : { 'content-type': type },
    });
    expect([answer.statusCode, answer.body]).toEqual([type === undefined ? answer.statusCode : 202, '']);
    if (type !== undefined) expect(got).toEqual([{ from: '127.0.0.1', text: '<x>æ</x>' }]);
  },
);

it('knows no other secret, whatever is sent to it, and reads none of it', async () => {
  const { app: web, got } = await open();
  for (const secret of ['', 'b'.repeat(32), SECRET.slice(1), `${SECRET}x`]) {
    const payload = Buffer.alloc(2 * 1024 * 1024);
    const answer = await web.inject({ method: 'POST', url: `/onvif/notify/${secret}`, payload });
    expect(answer.statusCode, secret).toBe(404);
  }
  expect(got).toEqual([]);
});

it('refuses a body that is no notification’s size', async () => {
  const { app: web, got } = await open();
  const payload = Buffer.alloc(513 * 1024);
  const headers = { 'content-type': 'application/soap+xml' };
  const answer = await web.inject({ method: 'POST', url: `/onvif/notify/${SECRET}`, payload, headers });
  expect(answer.statusCode).toBe(413);
  expect(got).toEqual([]);
});
