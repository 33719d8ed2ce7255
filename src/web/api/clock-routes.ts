// A camera's own clock: how far it is off, and setting it because the owner said so.

import { z } from 'zod';
import { isoText } from '../../domain/civil-time.ts';
import { CLOCK_TOLERANCE } from '../../domain/event-check.ts';
import { isCameraId } from '../../domain/ids.ts';
import type { ClockReading } from '../../ports/camera-clock.ts';
import { requestLanguage } from '../visit.ts';
import type { CameraClockView } from '../wire-cameras.ts';
import { sendRequestTrouble } from './problem.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { CAMERA_PARAMS } from './schemas.ts';

/** A camera that is asked three things and answers none of them. */
const WITHIN_MS = 30_000;

const CLOCK: z.ZodType<CameraClockView> = z
  .object({
    at: z.string().meta({ format: 'date-time' }),
    offsetMs: z.int(),
    isRight: z.boolean(),
    setBy: z.string().nullable(),
    zone: z.string().nullable(),
    ntp: z.array(z.string()),
  })
  .meta({ id: 'CameraClock' });

/** A POSIX zone or a host name: neither holds anything that means something in XML. */
const plain = z.string().regex(/^[\w.,:<>+/-]{1,100}$/);

const WISH = z.strictObject({
  set: z.boolean().default(false).meta({ description: 'Set it to this machine’s clock.' }),
  zone: plain.exactOptional().meta({ description: 'With `set`: its time zone, `CET-1CEST,M3.5.0,M10.5.0/3`.' }),
  ntp: plain
    .nullable()
    .exactOptional()
    .meta({ description: 'The time server to ask; null: the one its network names.' }),
});

export const clockApi = (api: Api, { deps, parts }: ApiContext): void => {
  const { clocks } = parts;
  if (!clocks) return;
  const access = { config: { access: { may: 'configure', of: 'camera' } } } as const;
  const common = { tags: ['cameras'], params: CAMERA_PARAMS, response: { 200: CLOCK, ...PROBLEMS } };
  const shown = ({ utc, offset, setBy, zone, ntp }: ClockReading): CameraClockView => ({
    at: isoText(utc, deps.zone),
    offsetMs: offset,
    isRight: Math.abs(offset) <= CLOCK_TOLERANCE,
    setBy: setBy ?? null,
    zone: zone ?? null,
    ntp,
  });
  const known = (camera: string): camera is Parameters<typeof clocks.read>[0] =>
    isCameraId(camera) && parts.watched(camera) !== undefined;

  api.get(
    '/api/v1/cameras/:camera/clock',
    {
      ...access,
      schema: { ...common, operationId: 'getCameraClock', summary: 'What the camera’s own clock says, asked now' },
    },
    async (request, reply) => {
      const { camera } = request.params;
      if (!known(camera)) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply.send(shown(await clocks.read(camera, AbortSignal.timeout(WITHIN_MS))));
    },
  );
  api.post(
    '/api/v1/cameras/:camera/clock',
    {
      ...access,
      schema: {
        ...common,
        operationId: 'setCameraClock',
        summary: 'Set the camera’s clock, its zone or its time server',
        body: WISH,
      },
    },
    async (request, reply) => {
      const { camera } = request.params;
      if (!known(camera)) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      return reply.send(shown(await clocks.set(camera, request.body, AbortSignal.timeout(WITHIN_MS))));
    },
  );
};
