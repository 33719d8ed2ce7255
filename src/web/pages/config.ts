// The editor of stillwatch.yml: also, and above all, while the file has mistakes.

import type { FastifyInstance } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { sendView } from '../document.ts';
import { configView } from '../settings/settings-view.ts';
import { TEXTS } from '../texts.ts';
import { seenBy } from '../visible.ts';
import { visitOf } from './frame.ts';
import { systemFrame } from './system-frame.ts';

export const CONFIG_PAGE = '/system/config';

export const configPages = (app: FastifyInstance, all: WebDeps): void => {
  const { config } = all.api;
  if (!config) return;
  app.get(CONFIG_PAGE, { config: { access: { may: 'configure', of: 'site' } } }, (request, reply) => {
    const visit = visitOf(request, seenBy(request, all));
    const reading = config.read();
    const frame = systemFrame(visit, TEXTS[visit.language].config.title, CONFIG_PAGE);
    const data = { config: configView(reading, visit.language), etag: `"${reading.revision}"` };
    return sendView(request, reply, { page: 'config', frame, data }, all.assets);
  });
};
