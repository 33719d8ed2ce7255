// Looking for cameras and trying them out: each is work that is started, followed and forgotten.

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, type StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import type { CameraTrials, FinderEvent, TrialWish } from '../../ports/camera-trial.ts';
import type { ConfigDocument, ConfigValue } from '../../ports/config-document.ts';
import { sendRequestTrouble } from '../api/problem.ts';
import { type Api, type ApiContext, PROBLEMS } from '../api/route.ts';
import { isMap } from '../settings/merge-patch.ts';
import { requestLanguage } from '../visit.ts';
import type { DiscoveryView, FoundCameraView, TrialWishView } from '../wire-finding.ts';
import { followJob } from './follow-job.ts';
import type { Job, Jobs } from './jobs.ts';
import { DISCOVERY, DISCOVERY_WISH, EVENTS, TRIAL, TRIAL_WISH } from './schemas.ts';
import { beginTrial, runTrial, type TrialState, trialView } from './trials.ts';

/** Each opens streams of a camera that may give two in all. */
const MOST_TRIALS = 4;

export interface DiscoveryState {
  readonly found: readonly Omit<FoundCameraView, 'camera'>[];
  readonly asked: number;
  readonly total: number | null;
  readonly isDone: boolean;
  readonly trouble: StillwatchError | undefined;
}

export interface FindingParts {
  readonly document: ConfigDocument;
  readonly trials: CameraTrials;
  readonly trialJobs: Jobs<TrialState>;
  readonly discoveries: Jobs<DiscoveryState>;
}

/** The cameras of the document, in force. */
export const camerasIn = (
  document: Pick<ConfigDocument, 'read'>,
): Readonly<Record<string, Readonly<Record<string, ConfigValue>>>> => {
  const { cameras } = document.read().effective;
  return (isMap(cameras) ? cameras : {}) as Readonly<Record<string, Readonly<Record<string, ConfigValue>>>>;
};

const nothingFound: DiscoveryState = { found: [], asked: 0, total: null, isDone: false, trouble: undefined };

const withEvent = (state: DiscoveryState, event: FinderEvent): DiscoveryState => {
  if (event.type === 'progress') return { ...state, asked: event.asked, total: event.total };
  const { host, name, make, model, mac, by, ports } = event.camera;
  const one = { host, name: name ?? null, make: make ?? null, model: model ?? null, mac: mac ?? null, by, ports };
  return { ...state, found: [...state.found, one] };
};

const runDiscovery = async (
  events: AsyncGenerator<FinderEvent>,
  change: (next: (state: DiscoveryState) => DiscoveryState) => void,
  signal: AbortSignal,
): Promise<void> => {
  try {
    for await (const event of events) change((state) => withEvent(state, event));
    change((state) => ({ ...state, isDone: true }));
  } catch (thrown) {
    const trouble = toStillwatchError(thrown);
    if (!signal.aborted) change((state) => ({ ...state, trouble }));
  }
};

/** What is not said is taken from the camera that is set up. */
const wishOf = (said: TrialWishView, { document, trials }: FindingParts): TrialWish | undefined => {
  const known = said.camera === undefined ? undefined : camerasIn(document)[said.camera];
  const textOf = (key: string): string | undefined => {
    const value = known?.[key];
    return typeof value === 'string' ? value : undefined;
  };
  const address = said.address ?? textOf('address');
  if (address === undefined || (said.camera !== undefined && !known)) return undefined;
  const login = said.camera !== undefined && isCameraId(said.camera) ? trials.loginOf(said.camera) : undefined;
  const user = said.user ?? login?.user;
  const password = said.password === undefined ? login?.password : new Secret(said.password);
  const main = said.main ?? textOf('main');
  const sub = said.sub ?? textOf('sub');
  return {
    address,
    credentials: user === undefined ? undefined : { user, password: password ?? new Secret('') },
    ...(main === undefined ? {} : { main }),
    ...(sub === undefined ? {} : { sub }),
    ...(said.onvif === undefined ? {} : { onvif: said.onvif }),
  };
};

const trialRoutes = (api: Api, { deps }: ApiContext, parts: FindingParts): void => {
  const { document, trials, trialJobs } = parts;
  const access = { config: { access: { may: 'configure', of: 'site' } } } as const;
  const tags = ['finding cameras'];
  const params = z.object({ trial: z.string().max(40) });
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);
  const shown = (job: Job<TrialState>, language: Language): ReturnType<typeof trialView> =>
    trialView(job, Object.keys(camerasIn(document)), language);

  api.post(
    '/api/v1/trials',
    {
      ...access,
      schema: {
        operationId: 'tryCamera',
        tags,
        summary: 'Tries a camera out, live, with a first photo; nothing is saved. A refused login ends it at once',
        body: TRIAL_WISH,
        response: { 202: TRIAL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      const wish = wishOf(request.body, parts);
      if (!wish)
        return sendRequestTrouble(reply, 'invalid', language, [{ at: 'body/address', detail: 'address or camera' }]);
      if (trialJobs.running >= MOST_TRIALS) return sendRequestTrouble(reply, 'inUse', language);
      const isOwnMachineAllowed = request.body.isOwnMachineAllowed ?? false;
      const job = trialJobs.start(beginTrial(wish), (change, signal) =>
        runTrial(trials, wish, isOwnMachineAllowed, change, signal),
      );
      return reply.code(202).header('location', `/api/v1/trials/${job.id}`).send(shown(job, language));
    },
  );

  api.get(
    '/api/v1/trials/:trial',
    {
      ...access,
      schema: {
        operationId: 'getTrial',
        tags,
        summary: 'The steps of a trial so far; forgotten after half an hour',
        params,
        response: { 200: TRIAL, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const job = trialJobs.get(request.params.trial);
      const language = languageOf(request);
      return job ? reply.send(shown(job, language)) : sendRequestTrouble(reply, 'notFound', language);
    },
  );

  api.get(
    '/api/v1/trials/:trial/live',
    {
      ...access,
      exposeHeadRoute: false,
      schema: {
        operationId: 'followTrial',
        tags,
        summary: 'The same as it grows',
        params,
        response: { 200: EVENTS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const job = trialJobs.get(request.params.trial);
      const language = languageOf(request);
      if (!job) return sendRequestTrouble(reply, 'notFound', language);
      const isFollowed = followJob(request, reply, job, () => ({ event: 'trial', data: shown(job, language) }));
      return isFollowed ? reply : sendRequestTrouble(reply, 'tooMany', language);
    },
  );

  api.get(
    '/api/v1/trials/:trial/photo',
    {
      ...access,
      schema: {
        operationId: 'getTrialPhoto',
        tags,
        summary: 'The first photo',
        params,
        response: { 200: { description: 'JPEG', content: { 'image/jpeg': { schema: z.any() } } }, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const shot = trialJobs.get(request.params.trial)?.state.trial?.shot;
      if (!shot) return sendRequestTrouble(reply, 'notFound', languageOf(request));
      return reply.type('image/jpeg').header('cache-control', 'no-store').send(Buffer.from(shot.jpeg));
    },
  );

  api.delete(
    '/api/v1/trials/:trial',
    {
      ...access,
      schema: {
        operationId: 'endTrial',
        tags,
        summary: 'Stops a trial, and forgets it with its password and photo',
        params,
        response: { 204: z.undefined(), ...PROBLEMS },
      },
    },
    async (request, reply) =>
      trialJobs.end(request.params.trial)
        ? reply.code(204).send()
        : sendRequestTrouble(reply, 'notFound', languageOf(request)),
  );
};

const discoveryRoutes = (api: Api, { deps }: ApiContext, { document, trials, discoveries }: FindingParts): void => {
  const access = { config: { access: { may: 'configure', of: 'site' } } } as const;
  const tags = ['finding cameras'];
  const params = z.object({ discovery: z.string().max(40) });
  const languageOf = (request: FastifyRequest): Language => requestLanguage(request, deps.language);
  const shown = (job: Job<DiscoveryState>, language: Language): DiscoveryView => {
    const { found, asked, total, isDone, trouble } = job.state;
    const hosts = new Map(
      Object.entries(camerasIn(document)).map(([id, { address }]) => [
        typeof address === 'string' ? address.replace(/:\d+$/, '') : '',
        id,
      ]),
    );
    return {
      id: job.id,
      state: trouble ? 'failed' : isDone ? 'done' : job.isRunning ? 'running' : 'stopped',
      asked,
      total,
      trouble: trouble ? { code: trouble.code, text: trouble.text(language) } : null,
      found: found.map((one) => ({ ...one, camera: hosts.get(one.host) ?? null })),
    };
  };

  api.post(
    '/api/v1/discoveries',
    {
      ...access,
      schema: {
        operationId: 'discoverCameras',
        tags,
        summary:
          'Asks the network for cameras, and knocks at a range, sixteen hosts at a time; private networks only unless told otherwise. No credential is sent',
        body: DISCOVERY_WISH,
        response: { 202: DISCOVERY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = languageOf(request);
      // One at a time: two would knock twice as fast.
      if (discoveries.running > 0) return sendRequestTrouble(reply, 'inUse', language);
      const { range, isPublicAllowed = false } = request.body;
      const job = discoveries.start(nothingFound, (change, signal) =>
        runDiscovery(trials.find(range, isPublicAllowed, signal), change, signal),
      );
      return reply.code(202).header('location', `/api/v1/discoveries/${job.id}`).send(shown(job, language));
    },
  );

  api.get(
    '/api/v1/discoveries/:discovery',
    {
      ...access,
      schema: {
        operationId: 'getDiscovery',
        tags,
        summary: 'What a search has found so far',
        params,
        response: { 200: DISCOVERY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const job = discoveries.get(request.params.discovery);
      const language = languageOf(request);
      return job ? reply.send(shown(job, language)) : sendRequestTrouble(reply, 'notFound', language);
    },
  );

  api.get(
    '/api/v1/discoveries/:discovery/live',
    {
      ...access,
      exposeHeadRoute: false,
      schema: {
        operationId: 'followDiscovery',
        tags,
        summary: 'The same as it grows',
        params,
        response: { 200: EVENTS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const job = discoveries.get(request.params.discovery);
      const language = languageOf(request);
      if (!job) return sendRequestTrouble(reply, 'notFound', language);
      const isFollowed = followJob(request, reply, job, () => ({ event: 'discovery', data: shown(job, language) }));
      return isFollowed ? reply : sendRequestTrouble(reply, 'tooMany', language);
    },
  );

  api.delete(
    '/api/v1/discoveries/:discovery',
    {
      ...access,
      schema: {
        operationId: 'endDiscovery',
        tags,
        summary: 'Stops a search, and forgets it',
        params,
        response: { 204: z.undefined(), ...PROBLEMS },
      },
    },
    async (request, reply) =>
      discoveries.end(request.params.discovery)
        ? reply.code(204).send()
        : sendRequestTrouble(reply, 'notFound', languageOf(request)),
  );
};

export const findingRoutes = (api: Api, context: ApiContext, parts: FindingParts): void => {
  trialRoutes(api, context, parts);
  discoveryRoutes(api, context, parts);
  api.addHook('preClose', async () => {
    parts.trialJobs.stopAll();
    parts.discoveries.stopAll();
  });
};
