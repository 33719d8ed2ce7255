// What the routes of the API have in common: the types that schemas give their handlers, and the answers every route may give.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import type { CameraScope } from '../../domain/permission.ts';
import type { StillCursor } from '../../ports/catalog.ts';
import type { ViewingLog } from '../auth/viewing.ts';
import type { WebDeps } from '../deps.ts';
import { formatCursor, parseCursor } from '../visit.ts';
import type { ApiProblem } from '../wire-api.ts';
import type { ApiParts } from './parts.ts';
import { PROBLEM } from './schemas.ts';

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiContext {
  readonly deps: WebDeps;
  readonly parts: ApiParts;
  /** undefined: this role has no accounts. */
  readonly viewings: ViewingLog | undefined;
}

interface ProblemContent {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: z.ZodType<ApiProblem> } };
}

const problem = (description: string): ProblemContent => ({
  description,
  content: { 'application/problem+json': { schema: PROBLEM } },
});

/** What every route may answer besides its own. */
export const PROBLEMS: { readonly '4xx': ProblemContent; readonly '5xx': ProblemContent } = {
  '4xx': problem('The request cannot be carried out as it is.'),
  '5xx': problem('A camera, the disk or Stillwatch itself is in trouble.'),
};

/** undefined: from the newest on; null: no place in the list. */
export const cursorOf = (text: string | undefined): StillCursor | undefined | null =>
  text === undefined ? undefined : (parseCursor(text) ?? null);

/** The page of the rows that were read with one more than `limit`, and where the next one begins. */
export const pageOf = <Row extends StillCursor>(
  rows: readonly Row[],
  limit: number,
): { readonly rows: readonly Row[]; readonly next: string | null } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? formatCursor(last) : null };
};

/** Those of the asked cameras that may be seen; undefined: no condition. */
export const camerasOf = (
  asked: readonly string[] | undefined,
  scope: CameraScope,
): readonly CameraId[] | undefined => {
  const wanted = asked?.filter((id): id is CameraId => isCameraId(id));
  if (scope === 'all') return wanted;
  return wanted ? wanted.filter((id) => scope.includes(id)) : scope;
};

/** A parameter that may come once, several times or not at all. */
export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] | undefined =>
  value === undefined ? undefined : ([value].flat() as readonly T[]);
