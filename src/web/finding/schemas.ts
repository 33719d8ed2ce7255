// The schemas of finding and trying cameras; the compiler holds them to the types in wire-finding.ts.

import { z } from 'zod';
import { CAMERA_ID, CAMERA_IDENTITY, ERROR_CODE } from '../api/schemas.ts';
import type { ConfiguredCamera, DiscoveryView, TrialView, TrialWishView } from '../wire-finding.ts';

const text = z.string();
const trouble = z.object({ code: ERROR_CODE, text }).nullable();

/** A host by name or number, with a port or not; nothing that could be read as a path, a user or another scheme. */
const ADDRESS = z
  .string()
  .max(260)
  .regex(/^(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::\d{1,5})?$/);
const STREAM = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\s@]+$/);

export const TRIAL: z.ZodType<TrialView> = z
  .object({
    id: text,
    address: text,
    state: z.enum(['running', 'good', 'failed', 'stopped']),
    steps: z.array(
      z.object({
        name: z.enum(['onvif', 'paths', 'reachable', 'rtsp', 'login', 'sub', 'main', 'photo']),
        verdict: z.enum(['ok', 'warning', 'failed', 'not-tried']),
        title: text,
        detail: text,
        code: ERROR_CODE.nullable(),
        text: text.nullable(),
      }),
    ),
    identity: CAMERA_IDENTITY.nullable(),
    photo: text.nullable(),
    suggestion: z.object({ id: CAMERA_ID, name: text }).nullable(),
    trouble,
  })
  .meta({ id: 'Trial' });

export const TRIAL_WISH: z.ZodType<TrialWishView> = z.strictObject({
  address: ADDRESS.optional().meta({
    description: 'Host, with the RTSP port if it is not 554. Needed without `camera`.',
  }),
  user: z.string().min(1).max(200).optional(),
  password: z.string().max(500).optional().meta({ description: 'Kept in memory until the trial is forgotten.' }),
  main: STREAM.optional(),
  sub: STREAM.optional(),
  onvif: z
    .string()
    .max(500)
    .regex(/^https?:\/\/[^\s@]+$/)
    .optional(),
  camera: CAMERA_ID.optional(),
  isOwnMachineAllowed: z.boolean().optional().meta({ description: 'True: the address may be this machine’s own.' }),
});

export const DISCOVERY: z.ZodType<DiscoveryView> = z
  .object({
    id: text,
    state: z.enum(['running', 'done', 'failed', 'stopped']),
    asked: z.int(),
    total: z.int().nullable(),
    trouble,
    found: z.array(
      z.object({
        host: text,
        name: text.nullable(),
        make: text.nullable(),
        model: text.nullable(),
        mac: text.nullable(),
        by: z.enum(['multicast', 'sweep']),
        ports: z.array(z.int()),
        camera: text.nullable(),
      }),
    ),
  })
  .meta({ id: 'Discovery' });

export const DISCOVERY_WISH: z.ZodType<{
  readonly range?: string | undefined;
  readonly isPublicAllowed?: boolean | undefined;
}> = z.strictObject({
  range: z.string().max(60).optional().meta({
    description:
      '`192.168.1.0/24` or `192.168.1.10-40`, at most 4096 addresses; without it only those that answer by themselves.',
  }),
  isPublicAllowed: z.boolean().optional(),
});

/** `settings` is checked by the document's own schema. */
type NewCameraBody =
  | { readonly trial: string; readonly id?: string | undefined; readonly name?: string | undefined }
  | { readonly id: string; readonly name?: string | undefined; readonly settings: Readonly<Record<string, unknown>> };

const cameraName = z.string().min(1).max(60).optional();
export const NEW_CAMERA: z.ZodType<NewCameraBody> = z.union([
  z.strictObject({ trial: z.string().max(40), id: CAMERA_ID.optional(), name: cameraName }),
  z.strictObject({ id: CAMERA_ID, name: cameraName, settings: z.record(z.string(), z.unknown()) }),
]);

export const CONFIGURED: z.ZodType<{ readonly items: readonly ConfiguredCamera[] }> = z.object({
  items: z.array(
    z.object({ id: text, name: text, isEnabled: z.boolean(), isWatched: z.boolean(), address: text.nullable() }),
  ),
});

/** Progress, as `text/event-stream`. */
export const EVENTS: {
  readonly description: string;
  readonly content: { readonly 'text/event-stream': { readonly schema: z.ZodString } };
} = {
  description: 'Each event carries the whole answer of the same address without `/live`; `end` when it is over.',
  content: { 'text/event-stream': { schema: z.string() } },
};
