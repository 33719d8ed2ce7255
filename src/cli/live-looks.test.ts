import { expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { seconds } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { liveLooks } from './live-looks.ts';

const garden = cameraId('garden');
const JPEG = Buffer.from('picture').toString('base64');

it('asks once for all who look, and again when the picture is old', async () => {
  const clock = fakeClock();
  const looks = liveLooks(clock);
  let asked = 0;
  looks.attach(garden, () => {
    asked += 1;
  });
  const both = [looks.look(garden), looks.look(garden)];
  looks.answered({ type: 'looked', camera: garden, jpeg: JPEG });
  for (const picture of both) expect(Buffer.from((await picture) ?? []).toString()).toBe('picture');
  await looks.look(garden);
  expect(asked).toBe(1);
  await clock.advance(seconds(1));
  const next = looks.look(garden);
  looks.answered({ type: 'looked', camera: garden, jpeg: null });
  expect(await next).toBeUndefined();
  expect(asked).toBe(2);
});

it('has no picture of a camera that nobody watches, whose process is gone, or that does not answer', async () => {
  const clock = fakeClock();
  const looks = liveLooks(clock);
  expect(await looks.look(garden)).toBeUndefined();
  const detach = looks.attach(garden, () => undefined);
  const late = looks.look(garden);
  await clock.advance(seconds(5));
  expect(await late).toBeUndefined();
  const cut = looks.look(garden);
  detach();
  expect(await cut).toBeUndefined();
});
