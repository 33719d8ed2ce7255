// The site as a whole: status, health, the ledger, storage, the error table.

import { civilTime } from '../../domain/civil-time.ts';
import { ERROR_TABLE, type StillwatchErrorCode } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import { later, ms } from '../../domain/units.ts';
import { healthView, statusView } from '../status-view.ts';
import { seenBy } from '../visible.ts';
import { requestLanguage } from '../visit.ts';
import { sendRequestTrouble } from './problem.ts';
import { ledgerDay, triggerResource } from './resources.ts';
import { type Api, type ApiContext, camerasOf, PROBLEMS } from './route.ts';
import { ERROR_ROWS, HEALTH, LEDGER_DAYS, LEDGER_DAYS_QUERY, LEDGER_QUERY, STATUS, TRIGGER_PAGE } from './schemas.ts';
import { storageApi } from './storage-routes.ts';

const DAY_MS = 86_400_000;
/** Sums go back this far unless asked otherwise. */
const SUM_DAYS = 30;

const statusRoutes = (api: Api, { deps }: ApiContext): void => {
  api.get(
    '/api/v1/status',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getStatus',
        tags: ['site'],
        summary: 'Cameras, what is in front of them, and the newest photo',
        response: { 200: STATUS, ...PROBLEMS },
      },
    },
    async (request, reply) =>
      reply.send(await statusView(seenBy(request, deps), requestLanguage(request, deps.language))),
  );

  api.get(
    '/api/v1/health',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'getHealth',
        tags: ['site'],
        summary: 'Whether the program answers and its catalogue can be read',
        response: { 200: HEALTH, 503: HEALTH, '4xx': PROBLEMS['4xx'] },
      },
    },
    async (request, reply) => {
      const health = await healthView(seenBy(request, deps));
      return reply.code(health.status === 'ok' ? 200 : 503).send(health);
    },
  );

  api.get(
    '/api/v1/errors',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listErrors',
        tags: ['site'],
        summary: 'Every error code with its cause and remedy; `{name}` stands for a fact of the moment',
        response: { 200: ERROR_ROWS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const codes = Object.keys(ERROR_TABLE) as StillwatchErrorCode[];
      const items = codes.map((code) => ({
        code,
        text: ERROR_TABLE[code][language],
        remedy: ERROR_TABLE[code].remedy,
      }));
      return reply.send({ items });
    },
  );
};

/** `<milliseconds>~<id>` */
const ledgerCursor = (text: string | undefined): { readonly at: number; readonly id: string } | undefined | null => {
  if (text === undefined) return undefined;
  const [, at = '', id = ''] = /^(\d{1,15})~([0-9a-z-]{1,60})$/.exec(text) ?? [];
  return id === '' ? null : { at: Number(at), id };
};

const ledgerRoutes = (api: Api, { deps }: ApiContext): void => {
  api.get(
    '/api/v1/ledger',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'listTriggers',
        tags: ['ledger'],
        summary: 'Every trigger with its outcome, newest first: the photo, or the reason why there is none',
        querystring: LEDGER_QUERY,
        response: { 200: TRIGGER_PAGE, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const { camera, day, missed, cursor, limit } = request.query;
      const language = requestLanguage(request, deps.language);
      const before = ledgerCursor(cursor);
      if (before === null) {
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'querystring/cursor', detail: 'no such place' }]);
      }
      const cameras = camerasOf(undefined, request.principal.cameras);
      const rows = await deps.ledger.list({
        ...(cameras ? { cameras } : {}),
        ...(camera !== undefined && isCameraId(camera) ? { camera } : {}),
        ...(day === undefined ? {} : { day }),
        ...(missed === 'true' ? { missedOnly: true } : {}),
        ...(before ? { before } : {}),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return reply.send({
        items: shown.map((row) => triggerResource(row, deps.zone, language)),
        next: rows.length > limit && last ? `${last.at}~${last.id}` : null,
      });
    },
  );

  api.get(
    '/api/v1/ledger/days',
    {
      config: { access: { may: 'view', of: 'site' } },
      schema: {
        operationId: 'sumTriggers',
        tags: ['ledger'],
        summary: 'The ledger’s sums by day and camera, newest day first; the last 30 days unless `from` says otherwise',
        querystring: LEDGER_DAYS_QUERY,
        response: { 200: LEDGER_DAYS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const start = later(deps.clock.now().wall, ms(-SUM_DAYS * DAY_MS));
      const from = request.query.from ?? civilTime(start, deps.zone).day;
      const { camera } = request.query;
      const cameras = camerasOf(camera === undefined ? undefined : [camera], request.principal.cameras);
      const sums = (await deps.ledger.sums(from)).filter((sum) => !cameras || cameras.includes(sum.camera));
      return reply.send({ items: sums.map(ledgerDay) });
    },
  );
};

export const siteApi = (api: Api, context: ApiContext): void => {
  statusRoutes(api, context);
  ledgerRoutes(api, context);
  storageApi(api, context);
};
