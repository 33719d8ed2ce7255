// What a camera is proven to do: the requirement report, made on demand. Only for those who configure: it names addresses,
// firmware and what the camera's login may do.

import { isCameraId } from '../../domain/ids.ts';
import { reportView } from '../report-view.ts';
import { requestLanguage } from '../visit.ts';
import { sendRequestTrouble } from './problem.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { CAMERA_PARAMS, CAMERA_REPORT } from './schemas.ts';

export const reportApi = (api: Api, { deps, parts }: ApiContext): void => {
  api.get(
    '/api/v1/cameras/:camera/report',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'getCameraReport',
        tags: ['cameras'],
        summary:
          'What the camera was proven to do, requirement by requirement, with the evidence; and what is asked now',
        params: CAMERA_PARAMS,
        response: { 200: CAMERA_REPORT, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { camera } = request.params;
      const isKnown = request.visible.status().cameras.some(({ id }) => id === camera);
      if (!isKnown || !isCameraId(camera)) return sendRequestTrouble(reply, 'notFound', language);
      return reply.send(reportView(parts.reports.of(camera), deps, language));
    },
  );

  api.post(
    '/api/v1/cameras/:camera/report',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'makeCameraReport',
        tags: ['cameras'],
        summary:
          'Ask the camera everything an owner may require of it; read the report when `state` is no longer `asking`',
        params: CAMERA_PARAMS,
        response: { 202: CAMERA_REPORT, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const { camera } = request.params;
      const isKnown = request.visible.status().cameras.some(({ id }) => id === camera);
      if (!isKnown || !isCameraId(camera)) return sendRequestTrouble(reply, 'notFound', language);
      return reply.code(202).send(reportView(parts.reports.start(camera), deps, language));
    },
  );
};
