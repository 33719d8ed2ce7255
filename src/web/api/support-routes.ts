// The support report: what somebody who helps needs to know, without secrets.

import { z } from 'zod';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';

export const supportApi = (api: Api, { parts }: ApiContext): void => {
  const { supportReport } = parts;
  if (!supportReport) return;
  api.get(
    '/api/v1/support-report',
    {
      config: { access: { may: 'administer', of: 'site' }, audit: 'exported' },
      schema: {
        operationId: 'getSupportReport',
        tags: ['site'],
        summary: 'Versions, settings, states and figures, with secrets and addresses taken out',
        response: { 200: z.record(z.string(), z.unknown()), ...PROBLEMS },
      },
    },
    async (_, reply) =>
      reply
        .headers({
          'cache-control': 'no-store',
          'content-disposition': 'attachment; filename="stillwatch-report.json"',
          'content-type': 'application/json; charset=utf-8',
        })
        .send(JSON.parse(await supportReport()) as Record<string, unknown>),
  );
};
