// The latest requirement report of a camera as one page to print or to send.

import type { FastifyInstance } from 'fastify';
import { isCameraId } from '../domain/ids.ts';
import type { WebDeps } from './deps.ts';
import { REPORT_POLICY, reportPage } from './report-page.ts';
import { sendTrouble } from './trouble.ts';
import { requestLanguage } from './visit.ts';

export const reportRoutes = (app: FastifyInstance, deps: WebDeps): void => {
  app.get<{ Params: { camera: string } }>(
    '/cameras/:camera/report',
    { config: { access: { may: 'configure', of: 'camera' } } },
    (request, reply) => {
      const { camera } = request.params;
      const report = isCameraId(camera) ? deps.api.reports.of(camera).report : undefined;
      if (!report) return sendTrouble(deps, request, reply, 'notFound');
      return reply
        .headers({
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': REPORT_POLICY,
          'cache-control': 'no-store',
        })
        .send(reportPage(report, requestLanguage(request, deps.language)));
    },
  );
};
