// A camera's kept readings as a graph, and another setting tried on them. Read a day at a time, one request after the other.

import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type TriedPast, tryOnPast } from '../../archive/tuning.ts';
import { type Camera, LEAST_THRESHOLD, MOST_THRESHOLD } from '../../domain/camera.ts';
import { isoText } from '../../domain/civil-time.ts';
import { areasOf, type DrawnMask, type DrawnZone } from '../../domain/drawn-areas.ts';
import type { Language } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import type { TunedEpisode } from '../../domain/readings-replay.ts';
import { type EpochMs, epochMs, later, ms, seconds } from '../../domain/units.ts';
import { type OneAtATime, oneAtATime } from '../one-at-a-time.ts';
import { dayShort, zoneMoment } from '../time-text.ts';
import { requestLanguage } from '../visit.ts';
import type { GainedPhotoView, LostPhotoView, ReadingsView, ReplayView, TriedSetting } from '../wire-tune.ts';
import { sendRequestTrouble } from './problem.ts';
import { stillResource } from './resources.ts';
import { type Api, type ApiContext, PROBLEMS } from './route.ts';
import { CAMERA_PARAMS, INSTANT, STILL } from './schemas.ts';

/** As long as readings are kept. */
const MOST_HOURS = 14 * 24;
const MOST_COLUMNS = 1440;
/** Photos that are named; all are counted. */
const MOST_NAMED = 60;
/** Settings are tried while a finger moves: a few may wait, a crowd may not. */
const MOST_WAITING = 6;
const MOST_AREAS = 64;

const graph = {
  from: INSTANT,
  until: INSTANT,
  columnSeconds: z.number(),
  pixels: z.array(z.number().nullable()),
};
const READINGS: z.ZodType<ReadingsView> = z.object(graph);
const REPLAY: z.ZodType<ReplayView> = z.object({
  ...graph,
  seenSeconds: z.int(),
  unknownShare: z.number(),
  photosNow: z.int(),
  photosTried: z.int(),
  lostCount: z.int(),
  gainedCount: z.int(),
  lost: z.array(z.object({ startedAt: INSTANT, endedAt: INSTANT, text: z.string(), still: STILL.nullable() })),
  gained: z.array(
    z.object({ startedAt: INSTANT, endedAt: INSTANT, text: z.string(), cells: z.string().length(144).nullable() }),
  ),
});

const coordinate = z.number().min(0).max(1);
const polygon = z
  .array(z.tuple([coordinate, coordinate]))
  .min(3)
  .max(64);
const areaName = z.string().min(1).max(60);
const sensitivity = z.enum(['low', 'normal', 'high']);
const areas = <T>(area: z.ZodType<T>): z.ZodType<Readonly<Record<string, T>>> =>
  z.record(areaName, area).refine((drawn) => Object.keys(drawn).length <= MOST_AREAS, `at most ${MOST_AREAS} areas`);
const mask: z.ZodType<DrawnMask> = z.object({ polygon, enabled: z.boolean().optional() });
const zone: z.ZodType<DrawnZone> = z.object({
  polygon,
  enabled: z.boolean().optional(),
  sensitivity: sensitivity.optional(),
});
const SETTING: z.ZodType<TriedSetting> = z.object({
  sensitivity: sensitivity.optional(),
  threshold: z.number().min(LEAST_THRESHOLD).max(MOST_THRESHOLD).optional(),
  calmPeriodSeconds: z.number().min(0.5).max(3600).optional(),
  masks: areas(mask).optional(),
  zones: areas(zone).optional(),
});
const hours = z.coerce.number().int().min(1).max(MOST_HOURS).default(24);
const columns = z.coerce.number().int().min(10).max(MOST_COLUMNS).default(480);

/** The setting in force, and the one that is tried. */
const settingsOf = (camera: Camera, tried: TriedSetting) => {
  const { areas: inForce = [], threshold = 1 } = camera.motion ?? {};
  const now = { areas: inForce, threshold, rules: camera.rules };
  const isDrawn = tried.sensitivity !== undefined || tried.masks !== undefined || tried.zones !== undefined;
  const calmPeriod = tried.calmPeriodSeconds === undefined ? camera.rules.calmPeriod : seconds(tried.calmPeriodSeconds);
  return {
    now,
    tried: {
      areas: isDrawn ? areasOf(tried, tried.sensitivity ?? 'normal') : inForce,
      threshold: tried.threshold ?? threshold,
      rules: { ...camera.rules, calmPeriod },
    },
  };
};

/** Hundredths of the 100 pixels of a cell, as one digit. */
const cellDigits = (cells: Uint8Array): string =>
  Array.from(cells, (pixels) => Math.min(15, Math.ceil((pixels * 15) / 100)).toString(16)).join('');

export const tuneApi = (api: Api, { deps, parts }: ApiContext): void => {
  const queue: OneAtATime = oneAtATime(MOST_WAITING);

  /** undefined: too many are waiting, or whoever asked has gone. */
  const past = async (
    reply: FastifyReply,
    camera: Camera,
    setting: TriedSetting,
    span: { readonly hours: number; readonly columns: number },
  ): Promise<{ readonly from: EpochMs; readonly until: EpochMs; readonly tried: TriedPast } | undefined> => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    // Whole seconds, as readings are kept.
    const until = epochMs(Math.floor(deps.clock.now().wall / 1000) * 1000);
    const from = later(until, ms(-span.hours * 3_600_000));
    const wish = {
      camera: camera.id,
      from,
      until,
      ...settingsOf(camera, setting),
      isCameraHeard: (camera.motionBy ?? 'pixels') !== 'pixels',
      columns: span.columns,
    };
    const work = queue.run(() => tryOnPast({ readings: parts.readings, catalog: deps.catalog }, wish, gone.signal));
    const tried = await work?.catch((thrown: unknown) => {
      if (gone.signal.aborted) return undefined;
      throw thrown;
    });
    return tried && { from, until, tried };
  };

  const graphView = (from: EpochMs, until: EpochMs, pixels: TriedPast['graph']): ReadingsView => ({
    from: isoText(from, deps.zone),
    until: isoText(until, deps.zone),
    columnSeconds: (until - from) / 1000 / pixels.length,
    pixels: pixels.map((most) => most && Math.round(most * 10) / 10),
  });
  const spanView = ({ start, end }: TunedEpisode, language: Language) => {
    const { day, time } = zoneMoment(end, deps.zone, language);
    return {
      startedAt: isoText(start, deps.zone),
      endedAt: isoText(end, deps.zone),
      text: `${dayShort(day, language)} ${time}`,
    };
  };
  const watched = (id: string): Camera | undefined => (isCameraId(id) ? parts.watched(id) : undefined);

  api.get(
    '/api/v1/cameras/:camera/readings',
    {
      config: { access: { may: 'view', of: 'camera' } },
      schema: {
        operationId: 'getReadings',
        tags: ['cameras'],
        summary: 'How much changed in front of the camera in the last hours, as a graph',
        params: CAMERA_PARAMS,
        querystring: z.object({ hours, columns }),
        response: { 200: READINGS, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const camera = watched(request.params.camera);
      if (!camera) return sendRequestTrouble(reply, 'notFound', language);
      const found = await past(reply, camera, {}, request.query);
      if (!found) return sendRequestTrouble(reply, 'inUse', language);
      return reply.send(graphView(found.from, found.until, found.tried.graph));
    },
  );

  api.post(
    '/api/v1/cameras/:camera/replay',
    {
      config: { access: { may: 'configure', of: 'camera' } },
      schema: {
        operationId: 'replayReadings',
        tags: ['cameras'],
        summary: 'Another setting tried on the camera’s past: the photos that would not have been taken, and new ones',
        params: CAMERA_PARAMS,
        body: z.object({ hours, columns, setting: SETTING.default({}) }),
        response: { 200: REPLAY, ...PROBLEMS },
      },
    },
    async (request, reply) => {
      const language = requestLanguage(request, deps.language);
      const camera = watched(request.params.camera);
      if (!camera) return sendRequestTrouble(reply, 'notFound', language);
      const found = await past(reply, camera, request.body.setting, request.body);
      if (!found) return sendRequestTrouble(reply, 'inUse', language);
      const { tried } = found;
      const lost = tried.lost.slice(0, MOST_NAMED).map(
        ({ episode, still }): LostPhotoView => ({
          ...spanView(episode, language),
          still: still ? stillResource(still) : null,
        }),
      );
      const gained = tried.gained.slice(0, MOST_NAMED).map(
        (episode): GainedPhotoView => ({
          ...spanView(episode, language),
          cells: episode.cells ? cellDigits(episode.cells) : null,
        }),
      );
      return reply.send({
        ...graphView(found.from, found.until, tried.graph),
        seenSeconds: tried.seenSeconds,
        unknownShare: tried.unknownShare,
        photosNow: tried.photosNow,
        photosTried: tried.photosTried,
        lostCount: tried.lost.length,
        gainedCount: tried.gained.length,
        lost,
        gained,
      });
    },
  );
};
