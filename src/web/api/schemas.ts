// The schemas that check every request and answer of /api/v1 and that the OpenAPI document is made of. The shapes themselves
// are types in `wire-api.ts` and `wire.ts`; the compiler holds each schema to its type.

import { z } from 'zod';
import { EVENT_CHANNELS, MOTION_WITNESSES } from '../../domain/camera.ts';
import { CLAIM_KINDS, type ClaimKind } from '../../domain/camera-message.ts';
import { ERROR_TABLE, type StillwatchErrorCode } from '../../domain/errors.ts';
import { MAC_RULES } from '../../domain/identity.ts';
import { TRIGGER_ORIGINS } from '../../domain/ledger.ts';
import { PHOTO_FILTERS, type PhotoFilter } from '../../domain/photo-filter.ts';
import { REQUIREMENT_STATES, REQUIREMENTS } from '../../domain/requirement.ts';
import { STILL_KINDS, STILL_SOURCES, type StillKind, type StillSourceName } from '../../domain/still.ts';
import { CHANGE_VERDICTS, type ChangeVerdict, WANTED_VERDICTS, type WantedVerdict } from '../../domain/still-change.ts';
import { WAY_NAMES, WAY_REASONS } from '../../domain/still-choice.ts';
import type { CameraView, HealthView, StatusView, StillView, TroubleView } from '../wire.ts';
import type {
  ApiProblem,
  CameraIdentityView,
  CameraReportView,
  DayHoursView,
  DayView,
  EpisodeDetail,
  EpisodeResource,
  ErrorRowView,
  LedgerDay,
  LedgerTrigger,
  Page,
  SearchView,
  SearchWishView,
  SelectionView,
  StillDeleted,
  StillResource,
  StorageView,
  SweepPlanView,
  TakenStill,
  TimelineView,
} from '../wire-api.ts';

/** Under its name in the document's components. */
const named = <T extends z.ZodType>(id: string, schema: T): T => {
  z.globalRegistry.add(schema, { id });
  return schema;
};

const text = z.string();
const count = z.int().min(0);
export const INSTANT: z.ZodType<string> = z.string().meta({ format: 'date-time' });
export const DAY: z.ZodType<string> = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const CAMERA_ID: z.ZodType<string> = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
/** Of an address with a camera in it. */
export const CAMERA_PARAMS: z.ZodObject<{ camera: typeof CAMERA_ID }> = z.object({ camera: CAMERA_ID });
export const STILL_ID: z.ZodType<string> = z.string().regex(/^[0-9a-f]{32}$/);
export const EPISODE_ID: z.ZodType<string> = z.string().regex(/^[0-9a-z]{9,11}-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
export const ERROR_CODE: z.ZodType<StillwatchErrorCode> = named(
  'ErrorCode',
  z.enum(Object.keys(ERROR_TABLE) as [StillwatchErrorCode, ...StillwatchErrorCode[]]),
);
export const VERDICT: z.ZodType<ChangeVerdict> = named('Verdict', z.enum(CHANGE_VERDICTS));
const kind: z.ZodType<StillKind> = named('StillKind', z.enum(STILL_KINDS));
const source: z.ZodType<StillSourceName> = named('StillSource', z.enum(STILL_SOURCES));
const claim: z.ZodType<ClaimKind> = named('Claim', z.enum(CLAIM_KINDS));

export const PROBLEM: z.ZodType<ApiProblem> = named(
  'Problem',
  z.object({
    type: text,
    title: text,
    status: z.int().min(400).max(599),
    detail: text,
    code: ERROR_CODE.exactOptional(),
    errors: z.array(z.object({ at: text, detail: text })).exactOptional(),
  }),
);

const trouble: z.ZodType<TroubleView> = z.object({
  code: ERROR_CODE,
  text,
  at: INSTANT,
  retryAt: INSTANT.nullable(),
});

const stillView: z.ZodType<StillView> = z.object({
  id: STILL_ID,
  camera: CAMERA_ID,
  cameraName: text,
  kind: text,
  takenAt: INSTANT,
  url: text,
  width: count,
  height: count,
  bytes: count,
  sha256: text,
  isDemo: z.boolean(),
});

export const CAMERA: z.ZodType<CameraView> = named(
  'Camera',
  z.object({
    id: CAMERA_ID,
    name: text,
    isDemo: z.boolean(),
    state: z.enum(['starting', 'seeing', 'blind']),
    since: INSTANT,
    scene: z.enum(['calm', 'moving', 'taking']).nullable(),
    calmAt: INSTANT.nullable(),
    calmPeriodSeconds: z.number(),
    trouble: trouble.nullable(),
    missed: trouble.nullable(),
    motionAudit: z
      .object({
        isCareful: z.boolean(),
        looked: count,
        missed: count,
        missRate: z.number(),
        low: z.number(),
        high: z.number(),
      })
      .nullable(),
    motionBy: z.enum(MOTION_WITNESSES),
    events: z
      .object({
        isHeard: z.boolean(),
        since: INSTANT,
        channel: z.enum(EVENT_CHANNELS).nullable(),
        lastMessageAt: INSTANT.nullable(),
        subscriptions: z.object({ opened: count, failed: count }),
        trouble: trouble.nullable(),
        figures: z
          .object({
            agreed: count,
            onlyPixels: count,
            onlyCamera: count,
            agreement: z.number().nullable(),
            claimedShare: z.number().nullable(),
            watchedSeconds: count,
            isStandIn: z.boolean(),
          })
          .nullable(),
      })
      .nullable(),
    clockOffsetMs: z.number().nullable(),
    photosToday: count,
    latest: stillView.nullable(),
  }),
);

export const CAMERA_IDENTITY: z.ZodType<CameraIdentityView> = named(
  'CameraIdentity',
  z.object({
    name: text.nullable(),
    make: text.nullable(),
    model: text.nullable(),
    firmware: text.nullable(),
    serial: text.nullable(),
    hardwareId: text.nullable(),
    host: text,
    mac: text.nullable(),
    macRule: z.enum(MAC_RULES),
    ports: z.array(z.object({ protocol: text, port: count, isEnabled: z.boolean() })),
    scopes: z.array(text),
  }),
);

export const CAMERA_REPORT: z.ZodType<CameraReportView> = named(
  'CameraReport',
  z.object({
    state: z.enum(['none', 'asking', 'made', 'failed']),
    asking: text.nullable(),
    trouble: trouble.nullable(),
    report: z
      .object({
        camera: text,
        at: INSTANT,
        lines: z.array(
          z.object({
            id: z.enum(REQUIREMENTS),
            title: text,
            state: z.enum(REQUIREMENT_STATES),
            stateText: text,
            evidence: z.array(text),
            advice: text.nullable(),
          }),
        ),
      })
      .nullable(),
  }),
);

export const STATUS: z.ZodType<StatusView> = named(
  'Status',
  z.object({
    name: z.literal('Stillwatch'),
    version: text,
    isDemo: z.boolean(),
    at: INSTANT,
    startedAt: INSTANT,
    uptimeSeconds: count,
    zone: text,
    photos: count,
    photosToday: count,
    cameras: z.array(CAMERA),
    latest: stillView.nullable(),
  }),
);

export const HEALTH: z.ZodType<HealthView> = named(
  'Health',
  z.object({
    status: z.enum(['ok', 'failing']),
    version: text,
    uptimeSeconds: count,
    cameras: z.object({ starting: count, seeing: count, blind: count }),
  }),
);

export const STILL: z.ZodType<StillResource> = named(
  'Still',
  z.object({
    id: STILL_ID,
    camera: CAMERA_ID,
    kind,
    cause: z.enum(['pixels', 'camera', 'owner']).nullable(),
    episode: EPISODE_ID.nullable(),
    takenAt: INSTANT,
    day: DAY,
    url: text,
    width: count,
    height: count,
    bytes: count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    source,
    delayMs: z.number().nullable(),
    isDemo: z.boolean(),
    isFavourite: z.boolean(),
    verdict: VERDICT.nullable(),
    isCorrected: z.boolean(),
    change: z.object({ verdict: VERDICT, perMille: count.max(1000), mask: z.string().length(144) }).nullable(),
    choice: z
      .object({
        way: z.enum(WAY_NAMES),
        reason: z.enum(WAY_REASONS),
        failed: z.array(z.object({ way: z.enum(WAY_NAMES), code: ERROR_CODE })),
      })
      .nullable(),
    claims: z.array(claim),
    clockOffsetMs: z.number().nullable(),
  }),
);

const page = <T>(item: z.ZodType<T>): z.ZodType<Page<T>> =>
  z.object({ items: z.array(item), next: z.string().nullable() }) as z.ZodType<Page<T>>;

export const STILL_PAGE: z.ZodType<Page<StillResource>> = named('StillPage', page(STILL));
export const DELETED: z.ZodType<StillDeleted> = named(
  'StillDeleted',
  z.object({ id: STILL_ID, restorableUntil: INSTANT }),
);
export const DELETED_LIST: z.ZodType<{ readonly items: readonly StillDeleted[] }> = z.object({
  items: z.array(DELETED),
});
export const TAKEN: z.ZodType<TakenStill> = named(
  'TakenStill',
  z.object({ trigger: text, id: text, still: STILL.exactOptional() }),
);

export const TRIGGER: z.ZodType<LedgerTrigger> = named(
  'Trigger',
  z.object({
    id: text,
    camera: CAMERA_ID,
    origin: z.enum(TRIGGER_ORIGINS),
    at: INSTANT,
    day: DAY,
    episode: EPISODE_ID.nullable(),
    state: z.enum(['open', 'photo', 'merged', 'missed']),
    still: STILL_ID.nullable(),
    code: ERROR_CODE.nullable(),
    reason: text.nullable(),
    claims: z.array(claim),
  }),
);
export const TRIGGER_PAGE: z.ZodType<Page<LedgerTrigger>> = named('TriggerPage', page(TRIGGER));
const ledgerDay: z.ZodType<LedgerDay> = named(
  'LedgerDay',
  z.object({
    day: DAY,
    camera: CAMERA_ID,
    triggers: count,
    photo: count,
    merged: count,
    missed: count,
    open: count,
    reasons: z.record(z.string(), count),
  }),
);
export const LEDGER_DAYS: z.ZodType<{ readonly items: readonly LedgerDay[] }> = z.object({ items: z.array(ledgerDay) });

const episode = z.object({
  id: EPISODE_ID,
  camera: CAMERA_ID,
  startedAt: INSTANT,
  day: DAY,
  cover: STILL,
  before: STILL.nullable(),
  peak: STILL.nullable(),
  calm: STILL.nullable(),
});
const EPISODE: z.ZodType<EpisodeResource> = named('Episode', episode);
export const EPISODE_PAGE: z.ZodType<Page<EpisodeResource>> = named('EpisodePage', page(EPISODE));
export const EPISODE_DETAIL: z.ZodType<EpisodeDetail> = named(
  'EpisodeDetail',
  episode.extend({ triggers: z.array(TRIGGER), older: EPISODE_ID.nullable(), newer: EPISODE_ID.nullable() }),
);

export const TIMELINE: z.ZodType<TimelineView> = named(
  'Timeline',
  z.object({ cameras: z.array(CAMERA_ID), days: z.array(DAY), counts: z.array(z.array(count)) }),
);
export const DAY_HOURS: z.ZodType<DayHoursView> = named(
  'DayHours',
  z.object({ day: DAY, cameras: z.array(CAMERA_ID), counts: z.array(z.array(count)) }),
);
export const DAY_SHEET: z.ZodType<DayView> = named(
  'Day',
  z.object({
    day: DAY,
    cameras: z.array(CAMERA_ID),
    folders: z.array(text),
    shapes: z.array(z.tuple([count, count])),
    verdicts: z.array(VERDICT),
    kinds: z.array(kind),
    camera: z.array(count),
    names: z.array(text),
    shape: z.array(count),
    kind: z.array(count),
    verdict: z.array(z.int().min(-1)),
    favourites: z.array(count),
  }),
);

const wish: z.ZodType<SearchWishView> = z.object({
  cameras: z.array(CAMERA_ID),
  from: INSTANT.nullable(),
  until: INSTANT.nullable(),
  hours: z.object({ from: z.int().min(0).max(23), until: z.int().min(0).max(24) }).nullable(),
  kinds: z.array(kind),
  sources: z.array(source),
  verdicts: z.array(VERDICT),
  claims: z.array(claim),
  isFavourite: z.boolean().nullable(),
  unknown: z.array(text),
});
export const SEARCH: z.ZodType<SearchView> = named(
  'Search',
  z.object({ items: z.array(STILL), next: z.string().nullable(), wish }),
);

const keepNumber = z.number().nullable();
export const STORAGE: z.ZodType<StorageView> = named(
  'Storage',
  z.object({
    heldBytes: count,
    photos: count,
    disk: z.object({ free: z.number(), total: z.number(), keepFree: z.number() }),
    rules: z.object({
      ageDays: keepNumber,
      bytes: keepNumber,
      stillsPerCamera: keepNumber,
      includesFound: z.boolean(),
      cameras: z.record(z.string(), z.object({ ageDays: keepNumber, bytes: keepNumber, stills: keepNumber })),
    }),
    forecast: z.object({
      bytesPerDay: z.number(),
      daysCounted: count,
      fullOn: DAY.nullable(),
      takesFrom: DAY.nullable(),
    }),
  }),
);
export const SWEEP_PLAN: z.ZodType<SweepPlanView> = named(
  'SweepPlan',
  z.object({ stills: count, bytes: count, reasons: z.record(z.string(), count), examples: z.array(STILL) }),
);

export const ERROR_ROWS: z.ZodType<{ readonly items: readonly ErrorRowView[] }> = z.object({
  items: z.array(z.object({ code: ERROR_CODE, text, remedy: z.enum(['retry', 'reconfigure', 'give-up']) })),
});

/** One value or several of the same name in a query. */
const some = <T>(one: z.ZodType<T>): z.ZodType<T | T[] | undefined> => z.union([one, z.array(one).max(50)]).optional();

const limitOf = (most: number): z.ZodType<number> => z.coerce.number().int().min(1).max(most).default(60);

type Flag = 'true' | 'false';
const flag: z.ZodType<Flag | undefined> = z.enum(['true', 'false']).optional();
const cursor: z.ZodType<string | undefined> = z.string().max(60).optional();
const hour: z.ZodType<number | undefined> = z.coerce.number().int().min(0).max(24).optional();
const camera: z.ZodType<string | undefined> = CAMERA_ID.optional();
const day: z.ZodType<string | undefined> = DAY.optional();

interface PageQuery {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

interface PlaceQuery extends PageQuery {
  readonly camera?: string | undefined;
  readonly day?: string | undefined;
}

/** The words and fields of a search. */
export interface SearchFields {
  readonly q?: string | undefined;
  readonly camera?: string | string[] | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly hourFrom?: number | undefined;
  readonly hourUntil?: number | undefined;
  readonly kind?: StillKind | StillKind[] | undefined;
  readonly source?: StillSourceName | StillSourceName[] | undefined;
  readonly verdict?: WantedVerdict | WantedVerdict[] | undefined;
  readonly claim?: ClaimKind | ClaimKind[] | undefined;
  readonly favourite?: Flag | undefined;
}

const searchFields = {
  q: z.string().max(200).optional(),
  camera: some(CAMERA_ID),
  from: day,
  until: day,
  hourFrom: hour,
  hourUntil: hour,
  kind: some(kind),
  source: some(source),
  verdict: some(z.enum(WANTED_VERDICTS).describe('lasting: arrived or gone')),
  claim: some(claim),
  favourite: flag,
};

export const SEARCH_QUERY: z.ZodType<SearchFields & PageQuery> = z.object({
  ...searchFields,
  cursor,
  limit: limitOf(200),
});

/** Of the page: a place in the list besides. */
export const SEARCH_PAGE_QUERY: z.ZodType<SearchFields & { readonly before?: string | undefined }> = z.object({
  ...searchFields,
  before: cursor,
});

/** Photos that can be selected at once: a zip of 5 GB, or a camera's week. */
export const MOST_SELECTED = 5000;

export const SELECTION_WISH: z.ZodType<{
  readonly stills?: string[] | undefined;
  readonly paths?: string[] | undefined;
}> = z.object({
  stills: z.array(STILL_ID).max(MOST_SELECTED).optional(),
  paths: z.array(z.string().max(100)).max(MOST_SELECTED).optional(),
});
export const SELECTION: z.ZodType<SelectionView> = named(
  'Selection',
  z.object({ selection: text, expiresAt: INSTANT, photos: count, bytes: count }),
);
export const SELECTION_NAME: z.ZodType<string> = z.string().regex(/^[\w-]{22}$/);

export const ZIP_QUERY: z.ZodType<
  SearchFields & { readonly selection?: string | undefined; readonly episode?: string | undefined }
> = z.object({ ...searchFields, selection: SELECTION_NAME.optional(), episode: EPISODE_ID.optional() });

export interface CoversQuery {
  readonly camera?: string | string[] | undefined;
  readonly what?: PhotoFilter | undefined;
}

const coversFields = { camera: some(CAMERA_ID), what: z.enum(PHOTO_FILTERS).optional() };

export const COVERS_QUERY: z.ZodType<CoversQuery> = z.object(coversFields);

/** One hour of the day, by the clock at the site. */
export const DAY_QUERY: z.ZodType<CoversQuery & { readonly hour?: number | undefined }> = z.object({
  ...coversFields,
  hour: z.coerce.number().int().min(0).max(23).optional(),
});

interface StillsQuery extends PlaceQuery {
  readonly episode?: string | undefined;
  readonly path?: string | undefined;
  readonly siblings?: Flag | undefined;
  readonly after?: string | undefined;
}

export const STILLS_QUERY: z.ZodType<StillsQuery> = z.object({
  camera,
  day,
  episode: EPISODE_ID.optional(),
  path: z.string().max(200).optional(),
  siblings: flag,
  cursor,
  after: cursor,
  limit: limitOf(200),
});

export const EPISODES_QUERY: z.ZodType<PlaceQuery> = z.object({ camera, day, cursor, limit: limitOf(100) });

export const LEDGER_QUERY: z.ZodType<PlaceQuery & { readonly missed?: Flag | undefined }> = z.object({
  camera,
  day,
  missed: flag,
  cursor,
  limit: limitOf(500),
});

export const LEDGER_DAYS_QUERY: z.ZodType<{
  readonly from?: string | undefined;
  readonly camera?: string | undefined;
}> = z.object({ from: day, camera });
