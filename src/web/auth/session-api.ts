// /api/v1: the set-up claim, logging in and out, one's own account.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isoText } from '../../domain/civil-time.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { PERMISSIONS } from '../../domain/permission.ts';
import { Secret } from '../../domain/secret.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { INSTANT } from '../api/schemas.ts';
import type { WebDeps } from '../deps.ts';
import { requestLanguage } from '../visit.ts';
import type { AuthDeps } from './deps.ts';
import { setSessionCookie } from './gate.ts';
import { checkedPassword, claimSite, type Granted, logIn, type Visit } from './login.ts';
import { newRecoveryCode, typedSecret } from './secrets.ts';

const name = z.string().min(1).max(40);
const password = z.string().min(1).max(1024);
const done = z.object({ done: z.literal(true) });
const session = z.object({
  kind: z.enum(['nobody', 'visitor', 'user', 'token']),
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  cameras: z.union([z.literal('all'), z.array(z.string())]),
  hasSecondFactor: z.boolean(),
  /** False: nobody owns this site yet; `/setup` claims it. */
  isClaimed: z.boolean(),
});
const device = z.object({
  id: z.string(),
  createdAt: INSTANT,
  seenAt: INSTANT,
  address: z.string(),
  agent: z.string(),
  isThis: z.boolean(),
});
/** At a fresh second factor: so many are enough for some lost telephones. */
const RECOVERY_CODES = 10;

export const visitOf = (request: FastifyRequest, deps: WebDeps): Visit => ({
  origin: request.identity.origin,
  isLocal: request.identity.why === undefined && !deps.access.publicView,
  agent: request.headers['user-agent'] ?? '',
  now: deps.clock.now().wall,
});

/** A new id at every login; the one that was shown before is over. */
export const giveSession = async (
  request: FastifyRequest,
  reply: FastifyReply,
  auth: AuthDeps,
  granted: Granted,
): Promise<void> => {
  const before = request.identity.session;
  if (before) await auth.accounts.endSessions(before.user, { id: before.id });
  setSessionCookie(reply, granted.secret, request.identity.origin.isHttps, auth.policy.longest / 1000);
};

export const endSession = async (request: FastifyRequest, reply: FastifyReply, deps: WebDeps): Promise<void> => {
  const { session: mine, origin, principal } = request.identity;
  if (mine && deps.auth) {
    await deps.auth.accounts.endSessions(mine.user, { id: mine.id });
    const at = deps.clock.now().wall;
    await deps.auth.accounts.write({ at, action: 'logout', who: principal.name, address: origin.address, object: '' });
  }
  setSessionCookie(reply, undefined, origin.isHttps, 0);
};

export const sessionApi = (api: Api, { deps }: ApiContext, auth: AuthDeps): void => {
  const { accounts, passwords, codes } = auth;
  const describe = async (request: FastifyRequest): Promise<z.infer<typeof session>> => {
    const { kind, name: who, permissions, cameras, id } = request.principal;
    const user = kind === 'user' ? await accounts.user(id) : undefined;
    return {
      kind,
      name: who,
      permissions: [...permissions],
      cameras: cameras === 'all' ? cameras : [...cameras],
      hasSecondFactor: user?.totp !== undefined,
      isClaimed: (await accounts.users()).length > 0,
    };
  };
  /** The account of the request, with its password proven once more. */
  const proven = async (
    request: FastifyRequest,
    typed: string,
  ): Promise<NonNullable<Awaited<ReturnType<typeof accounts.user>>>> => {
    const user = await accounts.user(request.principal.id);
    const verdict = await passwords.check(new Secret(typed), user?.passwordHash);
    if (!user || verdict === 'wrong') throw new StillwatchError('SW_LOGIN_REFUSED');
    return user;
  };
  const tell = (request: FastifyRequest, action: Parameters<typeof accounts.write>[0]['action']): Promise<void> => {
    const { principal, origin } = request.identity;
    return accounts.write({
      at: deps.clock.now().wall,
      action,
      who: principal.name,
      address: origin.address,
      object: '',
    });
  };
  const common = { tags: ['accounts'] };
  const self = { config: { access: { may: 'self', of: 'site' } } } as const;

  api.get(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: {
        ...common,
        operationId: 'getSession',
        summary: 'Who this request is, and what it may do',
        response: { 200: session, ...PROBLEMS },
      },
    },
    async (request, reply) => reply.header('cache-control', 'no-store').send(await describe(request)),
  );
  api.post(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: {
        ...common,
        operationId: 'logIn',
        summary: 'Log in: sets the session’s cookie',
        body: z.strictObject({ name, password, code: z.string().max(40).optional() }),
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      await giveSession(request, reply, auth, await logIn(auth, request.body, visitOf(request, deps)));
      return reply.send({ done: true });
    },
  );
  api.delete(
    '/api/v1/session',
    {
      config: { access: 'public' },
      schema: {
        ...common,
        operationId: 'logOut',
        summary: 'Log out: the session is over on the server too',
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      await endSession(request, reply, deps);
      return reply.send({ done: true });
    },
  );
  api.post(
    '/api/v1/setup',
    {
      config: { access: 'public' },
      schema: {
        ...common,
        operationId: 'claimSite',
        summary: 'Make the first owner, with the key that the terminal printed',
        body: z.strictObject({ key: z.string().min(1).max(40), name, password }),
        response: { 201: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      await giveSession(request, reply, auth, await claimSite(auth, request.body, visitOf(request, deps)));
      return reply.code(201).send({ done: true });
    },
  );
  api.get(
    '/api/v1/sessions',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'listSessions',
        summary: 'Where one is logged in',
        response: { 200: z.object({ items: z.array(device) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const items = (await accounts.sessionsOf(request.principal.id)).map((one) => ({
        id: one.id,
        createdAt: isoText(one.createdAt, deps.zone),
        seenAt: isoText(one.seenAt, deps.zone),
        address: one.address,
        agent: one.agent,
        isThis: one.id === request.identity.session?.id,
      }));
      return reply.header('cache-control', 'no-store').send({ items });
    },
  );
  api.delete(
    '/api/v1/sessions/:id',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'endSession',
        summary: 'Log out elsewhere',
        params: z.object({ id: z.string().max(40) }),
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const ended = await accounts.endSessions(request.principal.id, { id: request.params.id });
      if (ended === 0) return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      await tell(request, 'session-ended');
      return reply.send({ done: true });
    },
  );
  api.put(
    '/api/v1/session/password',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'changePassword',
        summary: 'Change one’s password; every other session ends',
        body: z.strictObject({ current: password, next: password }),
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const user = await proven(request, request.body.current);
      const next = checkedPassword(request.body.next, user.name, auth.policy);
      await accounts.changeUser(user.id, { passwordHash: await passwords.hash(next) });
      const mine = request.identity.session?.hash;
      await accounts.endSessions(user.id, mine ? { except: mine } : {});
      await tell(request, 'password-changed');
      return reply.send({ done: true });
    },
  );
  api.post(
    '/api/v1/session/second-factor',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'beginSecondFactor',
        summary: 'A secret for the authenticator app; nothing changes before a code of it is shown',
        response: { 200: z.object({ secret: z.string(), uri: z.string() }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const secret = codes.newSecret();
      return reply.header('cache-control', 'no-store').send({ secret, uri: codes.uri(secret, request.principal.name) });
    },
  );
  api.put(
    '/api/v1/session/second-factor',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'setSecondFactor',
        summary: 'Switch the second factor on; answers the recovery codes, once',
        body: z.strictObject({ password, secret: z.string().regex(/^[A-Z2-7]{32}$/), code: z.string().max(10) }),
        response: { 200: z.object({ recoveryCodes: z.array(z.string()) }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { secret, code, password: typed } = request.body;
      const user = await proven(request, typed);
      const period = codes.period(secret, code, deps.clock.now().wall);
      if (period === undefined) throw new StillwatchError('SW_LOGIN_REFUSED');
      const recoveryCodes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
      await accounts.changeUser(user.id, { totp: secret, totpUsed: period, recovery: recoveryCodes.map(typedSecret) });
      await tell(request, 'second-factor-on');
      return reply.header('cache-control', 'no-store').send({ recoveryCodes });
    },
  );
  api.delete(
    '/api/v1/session/second-factor',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'removeSecondFactor',
        summary: 'Switch the second factor off',
        body: z.strictObject({ password }),
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const user = await proven(request, request.body.password);
      await accounts.changeUser(user.id, { totp: undefined, totpUsed: undefined, recovery: [] });
      await tell(request, 'second-factor-off');
      return reply.send({ done: true });
    },
  );
};
