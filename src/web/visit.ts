// What one request asks for, read from its headers and query; everything is checked here, nothing is trusted.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Language } from '../domain/errors.ts';
import { type CameraId, isCameraId, isStillId } from '../domain/ids.ts';
import type { StillCursor } from '../ports/catalog.ts';
import { chooseLanguage, isLanguage, LANGUAGE_COOKIE } from './language.ts';

/** The value of `?name=`; undefined when it is absent, null when it is there more than once. */
export const queryValue = (request: FastifyRequest, name: string): string | undefined | null => {
  // An address that could not even be decoded has no query.
  const value = (request.query as Readonly<Record<string, unknown>> | null)?.[name];
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : null;
};

export const requestLanguage = (request: FastifyRequest, fallback: Language): Language =>
  chooseLanguage(
    {
      asked: queryValue(request, LANGUAGE_COOKIE),
      cookie: request.headers.cookie,
      acceptLanguage: request.headers['accept-language'],
    },
    fallback,
  );

/** Remembers a language that was asked for by `?lang=`. Not a secret, and it says nothing about who asks. */
export const rememberLanguage = (request: FastifyRequest, reply: FastifyReply): void => {
  const asked = queryValue(request, LANGUAGE_COOKIE);
  if (!isLanguage(asked)) return;
  reply.header('set-cookie', `${LANGUAGE_COOKIE}=${asked}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`);
};

/** `?camera=`: undefined when absent, null when it cannot be a camera's name. */
export const requestCamera = (request: FastifyRequest): CameraId | undefined | null => {
  const value = queryValue(request, 'camera');
  if (value === undefined || value === '') return undefined;
  return value !== null && isCameraId(value) ? value : null;
};

export const formatCursor = (cursor: StillCursor): string => `${cursor.takenAt}-${cursor.id}`;

/** undefined for any text that `formatCursor` does not write. */
export const parseCursor = (text: string): StillCursor | undefined => {
  const [, takenAt = '', id = ''] = /^(-?\d{1,15})-([0-9a-f]{32})$/.exec(text) ?? [];
  return takenAt !== '' && isStillId(id) ? { takenAt: Number(takenAt), id } : undefined;
};

/** True when `If-None-Match` names `etag` (RFC 9110 13.1.2, weak comparison). */
export const isNotModified = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' || header.split(',').some((item) => item.trim().replace(/^W\//, '') === etag));
