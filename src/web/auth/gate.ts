// Who asks: by token, by session, or by where the connection comes from. In that order, and never by two of them at once.

import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  isAlive,
  isSessionAlive,
  narrower,
  SESSION_TOUCH,
  type SecretHash,
  type Session,
  type User,
} from '../../domain/account.ts';
import { NOBODY, type Principal, ROLE_PERMISSIONS, VISITOR } from '../../domain/permission.ts';
import { later } from '../../domain/units.ts';
import { type Refusal, refusal } from '../access-policy.ts';
import type { WebDeps } from '../deps.ts';
import type { AuthDeps } from './deps.ts';
import { secretHash } from './secrets.ts';
import { type Origin, originOf } from './visitor.ts';

export interface Identity {
  readonly principal: Principal;
  readonly origin: Origin;
  /** Of a principal `user`. */
  readonly session: Session | undefined;
  /** Why somebody without a login may not look. */
  readonly why: Refusal | undefined;
}

/** `__Host-`: only over HTTPS, only from this host, for all of it, so that no neighbour can plant one (RFC 6265bis 4.1.3.2). */
const SECURE_COOKIE = '__Host-stillwatch';
const PLAIN_COOKIE = 'stillwatch';
const BEARER = /^Bearer +([\w-]{20,200})$/i;

const cookieName = (isHttps: boolean): string => (isHttps ? SECURE_COOKIE : PLAIN_COOKIE);

export const sessionCookie = (header: string | undefined, isHttps: boolean): string | undefined => {
  const name = cookieName(isHttps);
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  // Two of them: somebody else planted one. Neither is believed.
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
};

/** undefined takes the cookie away. */
export const setSessionCookie = (
  reply: FastifyReply,
  value: string | undefined,
  isHttps: boolean,
  seconds: number,
): void => {
  const life = value === undefined ? 'Max-Age=0' : `Max-Age=${seconds}`;
  const secure = isHttps ? '; Secure' : '';
  reply.header('set-cookie', `${cookieName(isHttps)}=${value ?? ''}; Path=/; ${life}; HttpOnly; SameSite=Lax${secure}`);
};

const userPrincipal = (user: User): Principal => ({
  kind: 'user',
  id: user.id,
  account: user.id,
  name: user.name,
  permissions: ROLE_PERMISSIONS[user.role],
  cameras: user.cameras,
});

/** A token has what it was given and its user still has; never `self`: it cannot make itself another login. */
const byToken = async (auth: AuthDeps, deps: WebDeps, hash: SecretHash): Promise<Principal> => {
  const token = await auth.accounts.token(hash);
  const now = deps.clock.now().wall;
  if (!token || !isAlive(token, now)) return NOBODY;
  const user = await auth.accounts.user(token.user);
  if (!user) return NOBODY;
  if (token.usedAt === undefined || now >= later(token.usedAt, SESSION_TOUCH))
    await auth.accounts.touchToken(hash, now);
  const has = new Set([...ROLE_PERMISSIONS[user.role], ...(user.role === 'owner' ? (['upload'] as const) : [])]);
  return {
    kind: 'token',
    id: token.id,
    account: user.id,
    name: `${user.name}: ${token.name}`,
    permissions: token.permissions.filter((permission) => permission !== 'self' && has.has(permission)),
    cameras: narrower(token.cameras, user.cameras),
  };
};

const bySession = async (
  auth: AuthDeps,
  deps: WebDeps,
  cookie: string,
): Promise<{ readonly principal: Principal; readonly session: Session } | undefined> => {
  const hash = secretHash(cookie);
  const session = await auth.accounts.session(hash);
  const now = deps.clock.now().wall;
  if (!session || !isSessionAlive(session, auth.policy, now)) return undefined;
  const user = await auth.accounts.user(session.user);
  if (!user) return undefined;
  if (now >= later(session.seenAt, SESSION_TOUCH)) await auth.accounts.touchSession(hash, now);
  return { principal: userPrincipal(user), session };
};

export const identify = async (deps: WebDeps, request: FastifyRequest): Promise<Identity> => {
  const { headers, socket } = request.raw;
  const { auth } = deps;
  const peer = socket.remoteAddress;
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true;
  const origin = originOf({ peer, isEncrypted, headers }, auth?.trustProxy ?? []);
  const why =
    origin.isTrustedProxy && !deps.access.publicView
      ? 'proxied'
      : refusal({ peer, httpVersion: request.raw.httpVersion, headers }, deps.access);
  const unknown = { principal: why ? NOBODY : VISITOR, origin, session: undefined, why };
  if (!auth) return unknown;
  const { authorization } = headers;
  if (authorization !== undefined) {
    // Whoever shows a token is that token: a wrong one is nobody, also on this network.
    const [, token] = BEARER.exec(authorization) ?? [];
    const principal = token === undefined ? NOBODY : await byToken(auth, deps, secretHash(token));
    return {
      principal,
      origin,
      session: undefined,
      why: principal.kind === 'token' ? undefined : (why ?? 'elsewhere'),
    };
  }
  const cookie = sessionCookie(headers.cookie, origin.isHttps);
  const found = cookie === undefined ? undefined : await bySession(auth, deps, cookie);
  return found ? { ...found, origin, why: undefined } : unknown;
};
