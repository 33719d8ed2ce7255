// What one principal can see: the catalogue and the status, narrowed to its cameras. Routes ask these, not the whole ones,
// so that no list, count or link can name a camera that whoever asks may not see.

import type { FastifyRequest } from 'fastify';
import { type CameraScope, type Principal, sees } from '../domain/permission.ts';
import type { WebDeps } from './deps.ts';
import type { Status } from './status.ts';

export type VisibleCatalog = WebDeps['catalog'];

export interface Visible {
  readonly catalog: VisibleCatalog;
  readonly status: () => Status;
}

const narrowCatalog = (catalog: VisibleCatalog, cameras: CameraScope): VisibleCatalog => {
  if (cameras === 'all') return catalog;
  const days: VisibleCatalog['days'] = async () => (await catalog.days()).filter(({ camera }) => sees(cameras, camera));
  return {
    async list(query) {
      const within = query.cameras ? query.cameras.filter((camera) => sees(cameras, camera)) : cameras;
      return catalog.list({ ...query, cameras: within });
    },
    async find(id) {
      const still = await catalog.find(id);
      return still && sees(cameras, still.camera) ? still : undefined;
    },
    async findByPath(path) {
      const still = await catalog.findByPath(path);
      return still && sees(cameras, still.camera) ? still : undefined;
    },
    days,
    count: async () => (await days()).reduce((sum, { covers }) => sum + covers, 0),
    coverDays: async (only) => (await catalog.coverDays(only)).filter(({ camera }) => sees(cameras, camera)),
    dayHours: async (day, only) => (await catalog.dayHours(day, only)).filter(({ camera }) => sees(cameras, camera)),
    sheet: async (day, only) => (await catalog.sheet(day, only)).filter(({ camera }) => sees(cameras, camera)),
  };
};

/** Of a principal that may not look at all: nothing. */
export const visibleTo = (deps: Pick<WebDeps, 'catalog' | 'status'>, principal: Principal): Visible => {
  const cameras: CameraScope = principal.permissions.includes('view') ? principal.cameras : [];
  return {
    catalog: narrowCatalog(deps.catalog, cameras),
    status() {
      const status = deps.status();
      if (cameras === 'all') return status;
      const { senders = [] } = status;
      return {
        ...status,
        cameras: status.cameras.filter(({ id }) => sees(cameras, id)),
        senders: senders.filter(({ id }) => sees(cameras, id)),
      };
    },
  };
};

/** `deps` with the catalogue and the status that whoever asks can see. */
export const seenBy = (request: FastifyRequest, deps: WebDeps): WebDeps => ({ ...deps, ...request.visible });
