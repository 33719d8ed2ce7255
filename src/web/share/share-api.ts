// /api/v1/shares: links that show one happening, one camera's day or one camera to somebody without an account.

import { z } from 'zod';
import type { Share, ShareScope } from '../../domain/account.ts';
import { isDay, isoText } from '../../domain/civil-time.ts';
import { cameraId, type EpisodeId } from '../../domain/ids.ts';
import { allows } from '../../domain/permission.ts';
import { later, ms } from '../../domain/units.ts';
import { cameraOfEpisode } from '../access.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { CAMERA_ID, EPISODE_ID, INSTANT } from '../api/schemas.ts';
import type { AuthDeps } from '../auth/deps.ts';
import { newId, newSecret, secretHash } from '../auth/secrets.ts';
import { requestLanguage } from '../visit.ts';
import type { ShareView } from '../wire-accounts.ts';

const DAY_MS = 86_400_000;
/** A year: longer than that is an account. */
const LONGEST_DAYS = 366;

const day = z.string().refine(isDay, 'YYYY-MM-DD');
const scope = z.discriminatedUnion('of', [
  z.strictObject({ of: z.literal('episode'), episode: EPISODE_ID }),
  z.strictObject({ of: z.literal('day'), camera: CAMERA_ID, day }),
  z.strictObject({ of: z.literal('camera'), camera: CAMERA_ID }),
]);
const share = z.object({
  id: z.string(),
  scope: z.object({
    of: z.enum(['episode', 'day', 'camera']),
    camera: z.string(),
    episode: z.string().optional(),
    day: z.string().optional(),
  }),
  createdAt: INSTANT,
  expiresAt: INSTANT,
  opened: z.int(),
  by: z.string(),
});

/** undefined: an episode whose name holds no camera. */
const scopeOf = (asked: z.infer<typeof scope>): ShareScope | undefined => {
  if (asked.of !== 'episode') return { ...asked, camera: cameraId(asked.camera) };
  const camera = cameraOfEpisode(asked.episode);
  return camera && { of: 'episode', camera, episode: asked.episode as EpisodeId };
};

export const shareApi = (api: Api, { deps }: ApiContext, auth: AuthDeps): void => {
  const { accounts, policy } = auth;
  const access = { config: { access: { may: 'share', of: 'some' } } } as const;
  const common = { tags: ['accounts'] };
  const view = (one: Share, by: string): ShareView => ({
    id: one.id,
    scope: one.scope,
    createdAt: isoText(one.createdAt, deps.zone),
    expiresAt: isoText(one.expiresAt, deps.zone),
    opened: one.opened,
    by,
  });

  api.get(
    '/api/v1/shares',
    {
      ...access,
      schema: {
        ...common,
        operationId: 'listShares',
        summary: 'One’s own share links; owners: everybody’s',
        response: { 200: z.object({ items: z.array(share) }), ...PROBLEMS },
      },
    },
    async ({ principal }, reply) => {
      await accounts.forgetExpired(deps.clock.now().wall, policy);
      const isAdministrator = allows(principal, 'administer');
      const names = new Map((await accounts.users()).map((user) => [user.id, user.name]));
      // Whoever acts for no account has made none.
      const found = await accounts.shares(isAdministrator ? undefined : (principal.account ?? ''));
      return reply.send({ items: found.map((one) => view(one, names.get(one.user) ?? '')) });
    },
  );
  api.post(
    '/api/v1/shares',
    {
      ...access,
      schema: {
        ...common,
        operationId: 'makeShare',
        summary: 'A link to one happening, one camera’s day or one camera; its address is told this once',
        body: z.strictObject({ scope, days: z.int().min(1).max(LONGEST_DAYS) }),
        response: { 201: z.object({ path: z.string(), ...share.shape }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { body, principal, identity } = request;
      const wanted = scopeOf(body.scope);
      const language = requestLanguage(request, deps.language);
      const { account } = principal;
      if (account === undefined) return sendRequestTrouble(reply, 'refused', language);
      if (!wanted || !allows(principal, 'share', wanted.camera)) return sendRequestTrouble(reply, 'notFound', language);
      const now = deps.clock.now().wall;
      const token = newSecret();
      const made: Share = {
        hash: secretHash(token),
        id: newId(),
        user: account,
        scope: wanted,
        createdAt: now,
        expiresAt: later(now, ms(body.days * DAY_MS)),
        opened: 0,
      };
      await accounts.addShare(made);
      const object = [made.id, wanted.of, wanted.of === 'episode' ? wanted.episode : wanted.camera];
      await accounts.write({
        at: now,
        action: 'shared',
        who: principal.name,
        address: identity.origin.address,
        object: [...object, ...(wanted.of === 'day' ? [wanted.day] : [])].join(' '),
      });
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ path: `/s/${token}`, ...view(made, principal.name) });
    },
  );
  api.delete(
    '/api/v1/shares/:id',
    {
      ...access,
      schema: {
        ...common,
        operationId: 'removeShare',
        summary: 'Take a link back; owners: anybody’s',
        params: z.object({ id: z.string().max(40) }),
        response: { 200: z.object({ done: z.literal(true) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { principal, identity } = request;
      const whose = allows(principal, 'administer') ? undefined : (principal.account ?? '');
      if (!(await accounts.removeShare(request.params.id, whose))) {
        return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      }
      await accounts.write({
        at: deps.clock.now().wall,
        action: 'share-removed',
        who: principal.name,
        address: identity.origin.address,
        object: request.params.id,
      });
      return reply.send({ done: true });
    },
  );
};
