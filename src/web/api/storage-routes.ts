// Storage: what the photos take, the keep rules, when the disk would be full, and what a sweep would take away.

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { civilTime } from '../../domain/civil-time.ts';
import { forecast } from '../../domain/forecast.ts';
import { freeToKeep, type KeepRules } from '../../domain/retention.ts';
import type { StoredStill } from '../../domain/still.ts';
import { ms } from '../../domain/units.ts';
import type { WebDeps } from '../deps.ts';
import type { StorageView, SweepWish } from '../wire-api.ts';
import { stillResource } from './resources.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { STORAGE, SWEEP_PLAN } from './schemas.ts';

const DAY_MS = 86_400_000;
/** Photos named in a dry run. */
const EXAMPLES = 60;

const days = (age: number | undefined): number | null => (age === undefined ? null : age / DAY_MS);

export const storageView = async (deps: WebDeps, request: FastifyRequest): Promise<StorageView> => {
  const { storage } = deps.api;
  const rules = storage.rules();
  const space = await storage.space();
  const rows = await deps.catalog.days();
  const held = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const today = civilTime(deps.clock.now().wall, deps.zone).day;
  const { fullOn, takesFrom, ...rate } = forecast(rows, space, rules, held, today);
  const seen = request.principal.cameras;
  return {
    heldBytes: held,
    photos: await request.visible.catalog.count(),
    disk: { free: space.free, total: space.total, keepFree: freeToKeep(rules, space.total) },
    rules: {
      ageDays: days(rules.each.age),
      bytes: rules.bytes ?? null,
      stillsPerCamera: rules.each.stills ?? null,
      includesFound: rules.includesFound,
      cameras: Object.fromEntries(
        Object.entries(rules.cameras)
          .filter(([id]) => seen === 'all' || seen.some((camera) => camera === id))
          .map(([id, { age, bytes = null, stills = null }]) => [id, { ageDays: days(age), bytes, stills }]),
      ),
    },
    forecast: { ...rate, fullOn: fullOn ?? null, takesFrom: takesFrom ?? null },
  };
};

const limit = z.number().positive().nullable();
const wish: z.ZodType<SweepWish> = z.strictObject({
  ageDays: limit,
  stillsPerCamera: limit,
  bytes: limit,
  /** null: what the program thinks right; 0: no such rule. */
  free: z.number().min(0).nullable(),
});

/** The rules as they would be; what cameras have of their own stays. */
const rulesOf = (wanted: SweepWish, now: KeepRules): KeepRules => {
  const { ageDays, stillsPerCamera, bytes, free } = wanted;
  return {
    each: {
      ...(ageDays === null ? {} : { age: ms(ageDays * DAY_MS) }),
      ...(stillsPerCamera === null ? {} : { stills: stillsPerCamera }),
    },
    cameras: now.cameras,
    ...(bytes === null ? {} : { bytes }),
    free: free ?? undefined,
    // A rule that is written down is one: then photos of another program may go as well.
    includesFound: [ageDays, stillsPerCamera, bytes, free].some((rule) => rule !== null),
  };
};

export const storageApi = (api: Api, { deps, parts }: ApiContext): void => {
  api.get(
    '/api/v1/storage',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getStorage',
        tags: ['storage'],
        summary: 'What the photos take, what the keep rules are, and when the disk would be full',
        response: { 200: STORAGE, ...PROBLEMS },
      },
    },
    async (request, reply) => reply.send(await storageView(deps, request)),
  );

  api.post(
    '/api/v1/storage/dry-run',
    {
      config: { access: { may: 'configure', of: 'site' }, audit: 'nothing' },
      schema: {
        operationId: 'planSweep',
        tags: ['storage'],
        summary: 'What these keep rules, or those in force, would take away now; nothing is taken',
        body: wish.nullish(),
        response: { 200: SWEEP_PLAN, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const examples: StoredStill[] = [];
      const now = parts.storage.rules();
      const rules = request.body ? rulesOf(request.body, now) : now;
      const { stills, bytes, reasons } = await parts.storage.plan(rules, (still) => {
        if (examples.length < EXAMPLES) examples.push(still);
      });
      return reply.send({ stills, bytes, reasons: { ...reasons }, examples: examples.map(stillResource) });
    },
  );
};
