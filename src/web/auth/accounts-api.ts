// /api/v1: accounts of others, API tokens, the audit log.

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type ApiToken,
  AUDIT_ACTIONS,
  type AuditAction,
  isUserName,
  narrower,
  type User,
} from '../../domain/account.ts';
import { isoText } from '../../domain/civil-time.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { cameraId } from '../../domain/ids.ts';
import { type CameraScope, PERMISSIONS, ROLE_PERMISSIONS, ROLES } from '../../domain/permission.ts';
import { later, ms } from '../../domain/units.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { CAMERA_ID, INSTANT } from '../api/schemas.ts';
import { requestLanguage } from '../visit.ts';
import type { AuthDeps } from './deps.ts';
import { checkedPassword } from './login.ts';
import { newId, newSecret, secretHash } from './secrets.ts';

const name = z.string().min(1).max(40);
const password = z.string().min(1).max(1024);
const scope = z.union([z.literal('all'), z.array(CAMERA_ID).max(1000)]);
const done = z.object({ done: z.literal(true) });
const params = z.object({ id: z.string().max(40) });
const user = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  cameras: scope,
  hasSecondFactor: z.boolean(),
  createdAt: INSTANT,
  lastLoginAt: INSTANT.nullable(),
});
const token = z.object({
  id: z.string(),
  name: z.string(),
  permissions: z.array(z.enum(PERMISSIONS)),
  cameras: scope,
  createdAt: INSTANT,
  expiresAt: INSTANT.nullable(),
  usedAt: INSTANT.nullable(),
});
const entry = z.object({
  number: z.int(),
  at: INSTANT,
  action: z.enum(AUDIT_ACTIONS),
  who: z.string(),
  address: z.string(),
  object: z.string(),
  /** Photos that were seen; 1 for anything else. */
  count: z.int(),
  until: INSTANT,
});
const DAY_MS = 86_400_000;
const AUDIT_PAGE = 100;

const scopeOf = (asked: 'all' | readonly string[]): CameraScope => (asked === 'all' ? asked : asked.map(cameraId));
const scopeView = (cameras: CameraScope): 'all' | string[] => (cameras === 'all' ? cameras : [...cameras]);

export const accountsApi = (api: Api, { deps, viewings }: ApiContext, auth: AuthDeps): void => {
  const { accounts, passwords } = auth;
  const administer = { config: { access: { may: 'administer', of: 'site' } } } as const;
  const self = { config: { access: { may: 'self', of: 'site' } } } as const;
  const common = { tags: ['accounts'] };
  const userView = (one: User): z.infer<typeof user> => ({
    id: one.id,
    name: one.name,
    role: one.role,
    cameras: scopeView(one.cameras),
    hasSecondFactor: one.totp !== undefined,
    createdAt: isoText(one.createdAt, deps.zone),
    lastLoginAt: one.lastLoginAt === undefined ? null : isoText(one.lastLoginAt, deps.zone),
  });
  const tokenView = (one: ApiToken): z.infer<typeof token> => ({
    id: one.id,
    name: one.name,
    permissions: [...one.permissions],
    cameras: scopeView(one.cameras),
    createdAt: isoText(one.createdAt, deps.zone),
    expiresAt: one.expiresAt === undefined ? null : isoText(one.expiresAt, deps.zone),
    usedAt: one.usedAt === undefined ? null : isoText(one.usedAt, deps.zone),
  });
  const tell = (request: FastifyRequest, action: AuditAction, object: string): Promise<void> => {
    const { principal, origin } = request.identity;
    return accounts.write({ at: deps.clock.now().wall, action, who: principal.name, address: origin.address, object });
  };
  const settled = (outcome: Awaited<ReturnType<typeof accounts.changeUser>>, who: string): void => {
    if (outcome === 'unknown') throw new StillwatchError('SW_ACCOUNT_UNKNOWN', { name: who });
    if (outcome === 'name') throw new StillwatchError('SW_ACCOUNT_NAME', { name: who });
    if (outcome === 'last-owner') throw new StillwatchError('SW_ACCOUNT_LAST_OWNER', { name: who });
  };
  const known = async (id: string): Promise<User> => {
    const found = await accounts.user(id);
    if (!found) throw new StillwatchError('SW_ACCOUNT_UNKNOWN', { name: id });
    return found;
  };

  api.get(
    '/api/v1/users',
    {
      ...administer,
      schema: {
        ...common,
        operationId: 'listUsers',
        summary: 'Every account',
        response: { 200: z.object({ items: z.array(user) }), ...PROBLEMS },
      },
    },
    async (_, reply) => reply.send({ items: (await accounts.users()).map(userView) }),
  );
  api.post(
    '/api/v1/users',
    {
      ...administer,
      schema: {
        ...common,
        operationId: 'addUser',
        summary: 'A new account',
        body: z.strictObject({ name, password, role: z.enum(ROLES), cameras: scope.default('all') }),
        response: { 201: user, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (!isUserName(body.name)) throw new StillwatchError('SW_ACCOUNT_NAME', { name: body.name });
      const cameras = body.role === 'owner' ? 'all' : scopeOf(body.cameras);
      const passwordHash = await passwords.hash(checkedPassword(body.password, body.name, auth.policy));
      const made = {
        id: newId(),
        name: body.name,
        role: body.role,
        cameras,
        passwordHash,
        createdAt: deps.clock.now().wall,
      };
      if (!(await accounts.addUser(made, 'another'))) throw new StillwatchError('SW_ACCOUNT_NAME', { name: body.name });
      await tell(request, 'user-added', body.name);
      return reply.code(201).send(userView({ ...made, recovery: [] }));
    },
  );
  api.patch(
    '/api/v1/users/:id',
    {
      ...administer,
      schema: {
        ...common,
        operationId: 'changeUser',
        summary: 'Change an account; a new password ends its sessions',
        params,
        body: z.strictObject({
          role: z.enum(ROLES).optional(),
          cameras: scope.optional(),
          password: password.optional(),
          resetSecondFactor: z.literal(true).optional(),
        }),
        response: { 200: user, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const found = await known(request.params.id);
      const role = body.role ?? found.role;
      const cameras = role === 'owner' ? 'all' : body.cameras === undefined ? found.cameras : scopeOf(body.cameras);
      const next = body.password === undefined ? undefined : checkedPassword(body.password, found.name, auth.policy);
      const outcome = await accounts.changeUser(found.id, {
        role,
        cameras,
        ...(next ? { passwordHash: await passwords.hash(next) } : {}),
        ...(body.resetSecondFactor ? { totp: undefined, totpUsed: undefined, recovery: [] } : {}),
      });
      settled(outcome, found.name);
      if (next) await accounts.endSessions(found.id, {});
      await tell(request, 'user-changed', found.name);
      return reply.send(userView(await known(found.id)));
    },
  );
  api.delete(
    '/api/v1/users/:id',
    {
      ...administer,
      schema: {
        ...common,
        operationId: 'removeUser',
        summary: 'Take an account away, with its sessions, tokens and links',
        params,
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const found = await known(request.params.id);
      settled(await accounts.removeUser(found.id), found.name);
      await tell(request, 'user-removed', found.name);
      return reply.send({ done: true });
    },
  );

  api.get(
    '/api/v1/tokens',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'listTokens',
        summary: 'One’s own API tokens',
        response: { 200: z.object({ items: z.array(token) }), ...PROBLEMS },
      },
    },
    async (request, reply) => reply.send({ items: (await accounts.tokens(request.principal.id)).map(tokenView) }),
  );
  api.post(
    '/api/v1/tokens',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'makeToken',
        summary: 'A new API token, shown once; it can never do more than its owner',
        body: z.strictObject({
          name,
          permissions: z.array(z.enum(PERMISSIONS)).min(1),
          cameras: scope.default('all'),
          /** null: until it is taken away. */
          days: z.int().min(1).max(3660).nullable(),
        }),
        response: { 201: z.object({ token: z.string(), ...token.shape }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { body, principal } = request;
      const mine = await known(principal.id);
      const has = new Set([...ROLE_PERMISSIONS[mine.role], ...(mine.role === 'owner' ? (['upload'] as const) : [])]);
      const permissions = body.permissions.filter((permission) => permission !== 'self' && has.has(permission));
      if (permissions.length < body.permissions.length) {
        return sendRequestTrouble(reply, 'refused', requestLanguage(request, deps.language));
      }
      const now = deps.clock.now().wall;
      const secret = `sw_${newSecret()}`;
      const made: ApiToken = {
        hash: secretHash(secret),
        id: newId(),
        user: mine.id,
        name: body.name,
        permissions,
        cameras: narrower(scopeOf(body.cameras), mine.cameras),
        createdAt: now,
        expiresAt: body.days === null ? undefined : later(now, ms(body.days * DAY_MS)),
        usedAt: undefined,
      };
      await accounts.addToken(made);
      await tell(request, 'token-made', body.name);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ token: secret, ...tokenView(made) });
    },
  );
  api.delete(
    '/api/v1/tokens/:id',
    {
      ...self,
      schema: {
        ...common,
        operationId: 'removeToken',
        summary: 'Take a token away; owners: anybody’s',
        params,
        response: { 200: done, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { principal } = request;
      const whose = principal.permissions.includes('administer') ? undefined : principal.id;
      if (!(await accounts.removeToken(request.params.id, whose))) {
        return sendRequestTrouble(reply, 'notFound', requestLanguage(request, deps.language));
      }
      await tell(request, 'token-removed', request.params.id);
      return reply.send({ done: true });
    },
  );

  api.get(
    '/api/v1/audit',
    {
      ...administer,
      schema: {
        ...common,
        operationId: 'listAudit',
        summary: 'Who did what, newest first',
        querystring: z.object({
          cursor: z
            .string()
            .regex(/^\d{1,15}$/)
            .optional(),
          /** Leave out looking at photos. */
          changes: z.literal('1').optional(),
        }),
        response: { 200: z.object({ items: z.array(entry), next: z.string().nullable() }), ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { cursor } = request.query;
      await viewings?.write();
      const rows = await accounts.audit({
        limit: AUDIT_PAGE + 1,
        ...(request.query.changes ? { actions: AUDIT_ACTIONS.filter((action) => action !== 'viewed') } : {}),
        ...(cursor === undefined ? {} : { before: Number(cursor) }),
      });
      const items = rows
        .slice(0, AUDIT_PAGE)
        .map((row) => ({ ...row, at: isoText(row.at, deps.zone), until: isoText(row.until, deps.zone) }));
      const last = items.at(-1);
      return reply.send({ items, next: rows.length > AUDIT_PAGE && last ? String(last.number) : null });
    },
  );
};
