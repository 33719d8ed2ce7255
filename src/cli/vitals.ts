// What the standalone role says of itself to those who watch it: counters, and whether it sees, keeps and ships.

import { cpus, release } from 'node:os';
import { type Gauge, type Metrics, metrics } from '../adapters/metrics/metrics.ts';
import { machineLoad, processCost } from '../adapters/system/process-cost.ts';
import { type Audit, missRate } from '../domain/audit.ts';
import type { StillwatchError, StillwatchErrorCode } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import { readiness } from '../domain/readiness.ts';
import type { DiskSpace, KeepRules } from '../domain/retention.ts';
import type { StoredStill } from '../domain/still.ts';
import { between, type EpochMs } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import type { SpooledStill } from '../ports/spool.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import type { Vitals } from '../web/deps.ts';
import type { Status } from '../web/status.ts';
import type { ArchivePlace } from './archive-place.ts';
import type { CaptureAlive } from './capture-protocol.ts';

export interface RoleVitals extends Vitals {
  readonly counters: Metrics;
  tell(fact: WatchFact): void;
  stored(still: StoredStill): void;
  trouble(error: StillwatchError): void;
  captured(child: number, said: CaptureAlive): void;
}

export interface VitalsParts {
  readonly place: Pick<ArchivePlace, 'disk' | 'spool'>;
  readonly catalog: Pick<Catalog, 'days' | 'list'>;
  readonly status: () => Status;
  readonly rules: KeepRules;
  readonly clock: Clock;
}

const STORAGE: ReadonlySet<StillwatchErrorCode> = new Set(['SW_STORE_FULL', 'SW_STORE_WRITE', 'SW_CATALOG_DAMAGED']);

const LOOK_APART_S = 10;

const orNone = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined);

const auditGauges = (camera: string, audit: Audit, isCareful: boolean): readonly Gauge[] => {
  const { rate, low, high } = missRate(audit);
  const help = 'Share of skipped groups of pictures in which something moved, with its 95 % interval.';
  const name = 'stillwatch_motion_miss_rate';
  return [
    {
      name: 'stillwatch_motion_careful',
      help: '1 while every picture of the camera is decoded.',
      labels: { camera },
      value: isCareful ? 1 : 0,
    },
    {
      name: 'stillwatch_motion_audited',
      help: 'Skipped groups of pictures that were looked at after all.',
      labels: { camera },
      value: audit.looked,
    },
    { name, help, labels: { camera, bound: 'estimate' }, value: rate },
    { name, help, labels: { camera, bound: 'low' }, value: low },
    { name, help, labels: { camera, bound: 'high' }, value: high },
  ];
};

export const roleVitals = (parts: VitalsParts): RoleVitals => {
  const counters = metrics();
  const newestPackets = new Map<CameraId, EpochMs>();
  let storageTrouble: StillwatchErrorCode | undefined;
  let last = { cpuSeconds: 0, at: 0 };

  const spooled = async (): Promise<readonly SpooledStill[]> => (await orNone(parts.place.spool.pending())) ?? [];
  const space = (): Promise<DiskSpace | undefined> => orNone(parts.place.disk.space());

  const gauges = async (): Promise<readonly Gauge[]> => {
    const disk = await space();
    const days = (await orNone(parts.catalog.days())) ?? [];
    const sum = (of: 'stills' | 'bytes'): number => days.reduce((all, day) => all + day[of], 0);
    return [
      ...parts.status().cameras.map((camera) => ({
        name: 'stillwatch_camera_seeing',
        help: '1 while the camera is seen, 0 while it is blind or starting.',
        labels: { camera: camera.id },
        value: camera.sight === 'seeing' ? 1 : 0,
      })),
      ...parts.status().cameras.flatMap(({ id }) => {
        const at = newestPackets.get(id);
        if (at === undefined) return [];
        return [
          {
            name: 'stillwatch_last_packet_age_seconds',
            help: 'Since the newest picture of the watched stream.',
            labels: { camera: id },
            value: Math.max(0, between(at, parts.clock.now().wall)) / 1000,
          },
        ];
      }),
      ...parts
        .status()
        .cameras.flatMap(({ id, motion }) => (motion ? auditGauges(id, motion.audit, motion.isCareful) : [])),
      ...parts.status().cameras.flatMap(({ id, events }) =>
        events
          ? [
              {
                name: 'stillwatch_camera_events_heard',
                help: '1 while the camera’s own events are heard.',
                labels: { camera: id },
                value: events.isHeard ? 1 : 0,
              },
            ]
          : [],
      ),
      ...parts.status().cameras.flatMap(({ id, clockOffset }) =>
        clockOffset === undefined
          ? []
          : [
              {
                name: 'stillwatch_camera_clock_offset_seconds',
                help: 'The camera’s clock minus ours.',
                labels: { camera: id },
                value: clockOffset / 1000,
              },
            ],
      ),
      {
        name: 'stillwatch_spool_photos',
        help: 'Photos taken and not yet in the store.',
        value: (await spooled()).length,
      },
      { name: 'stillwatch_store_photos', help: 'Photos in the catalogue.', value: sum('stills') },
      { name: 'stillwatch_store_bytes', help: 'Bytes of the photos in the catalogue.', value: sum('bytes') },
      ...(disk
        ? [{ name: 'stillwatch_store_free_bytes', help: 'Bytes free on the photos’ disk.', value: disk.free }]
        : []),
      {
        name: 'process_resident_memory_bytes',
        help: 'Memory of the main process.',
        value: process.memoryUsage.rss(),
      },
    ];
  };

  return {
    counters,
    tell(fact) {
      counters.tell(fact);
      if (fact.type === 'still-accepted') storageTrouble = undefined;
      if (fact.type === 'still-missed' && STORAGE.has(fact.code)) storageTrouble = fact.code;
    },
    stored(still) {
      counters.stored(still);
      storageTrouble = undefined;
    },
    trouble(error) {
      if (STORAGE.has(error.code)) storageTrouble = error.code;
    },
    machine: async () => {
      const { load, memory } = machineLoad();
      const [cost, now] = [await processCost(), process.uptime()];
      const cpuShare = Math.max(0, (cost.cpuSeconds - last.cpuSeconds) / Math.max(1, now - last.at));
      // Two looks within a few seconds would measure little but the looking.
      if (now - last.at > LOOK_APART_S) last = { cpuSeconds: cost.cpuSeconds, at: now };
      return {
        cpuShare,
        memory: { own: cost.memory, total: memory },
        processors: cpus().length,
        load,
        uptimeSeconds: Math.round(now),
        waiting: (await spooled()).length,
        node: `Node.js ${process.versions.node}`,
        platform: `${process.platform} ${process.arch} ${release()}`,
      };
    },
    captured(child, { cpuSeconds, decodeSeconds, newestPackets: newest }) {
      counters.captured(child, cpuSeconds, decodeSeconds);
      for (const [camera, at] of newest) newestPackets.set(camera, at);
    },
    metrics: async () => counters.text(await gauges()),
    async readiness() {
      const waiting = await spooled();
      return readiness({
        now: parts.clock.now().wall,
        cameras: parts.status().cameras.map(({ id, sight, trouble }) => ({ id, sight, code: trouble?.code })),
        disk: await space(),
        rules: parts.rules,
        isCatalogReadable: (await orNone(parts.catalog.list({ limit: 1 }))) !== undefined,
        oldestWaiting: waiting[0]?.facts.takenAt,
        waiting: waiting.length,
        storageTrouble,
      });
    },
  };
};
