// Counters in Prometheus' text format 0.0.4. It hears the same facts as the log and the pages, and remembers only sums.

import type { CameraId, EpisodeId } from '../../domain/ids.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { Telemetry, WatchFact } from '../../ports/telemetry.ts';

type Labels = Readonly<Record<string, string>>;

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly labels?: Labels;
  readonly value: number;
}

export interface Metrics extends Telemetry {
  /** A still reached store and catalogue. */
  stored(still: StoredStill): void;
  /** A notification was taken (`sent`), not taken (`failed`) or given up. */
  notified(receiver: string, outcome: 'sent' | 'failed' | 'given-up'): void;
  /** Photos that a sweep took away. */
  swept(stills: number): void;
  /** A capture process has used so much processor time since it began, and so much of it to decode each camera's stream. */
  captured(child: number, cpuSeconds: number, decoded: readonly (readonly [CameraId, number])[]): void;
  /** The whole page; `gauges` are read by the caller at that moment. */
  text(gauges: readonly Gauge[]): string;
}

/** Seconds from the order to the whole photo; the promise is two. */
const BUCKETS: readonly number[] = [0.25, 0.5, 1, 2, 3, 5, 10, 30];

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const labelText = (labels: Labels): string => {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
};

interface Counter {
  add(labels: Labels, by?: number): void;
  /** Counted by somebody else. */
  set(labels: Labels, to: number): void;
  lines(): readonly string[];
}

const counter = (name: string, help: string): Counter => {
  const values = new Map<string, number>();
  return {
    add(labels, by = 1) {
      const key = labelText(labels);
      values.set(key, (values.get(key) ?? 0) + by);
    },
    set: (labels, to) => void values.set(labelText(labels), to),
    lines: () => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} counter`,
      ...[...values].map(([labels, value]) => `${name}${labels} ${value}`),
    ],
  };
};

export const metrics = (): Metrics => {
  const photos = counter('stillwatch_photos_total', 'Photos that reached store and catalogue.');
  const triggers = counter('stillwatch_triggers_total', 'Episodes by what began them and how they ended.');
  const missed = counter('stillwatch_photos_missed_total', 'Photos that were wanted and not kept, by reason.');
  const blind = counter('stillwatch_blind_total', 'Times a camera was lost, by reason.');
  const lost = counter('stillwatch_packets_lost_total', 'Video packets that did not arrive.');
  const sweptPhotos = counter('stillwatch_photos_swept_total', 'Photos that the keep rules took away.');
  const notifications = counter('stillwatch_notifications_total', 'Tries to tell a receiver, by what became of them.');
  const agreed = counter('stillwatch_motion_agreement_total', 'Motions that the camera and our pixels both saw.');
  const disagreed = counter('stillwatch_motion_disagreement_total', 'Motions that only one of the two witnesses saw.');
  const subscribed = counter(
    'stillwatch_event_subscriptions_total',
    'Event subscriptions that came about, and that failed.',
  );
  const events = counter('stillwatch_event_messages_total', 'Messages that cameras sent of themselves.');
  const decode = counter('stillwatch_decode_cpu_seconds_total', 'Processor time spent on decoding the watched stream.');
  const capture = counter(
    'stillwatch_capture_cpu_seconds_total',
    'Processor time of the capture processes: reading streams, decoding, photos.',
  );
  /** By process: one that was started anew begins at nothing. */
  const spent = new Map<string, number>();
  const counters = [
    decode,
    capture,
    agreed,
    disagreed,
    subscribed,
    events,
    photos,
    triggers,
    missed,
    blind,
    lost,
    sweptPhotos,
    notifications,
  ];
  const more = (whose: string, seconds: number): number => {
    const by = Math.max(0, seconds - (spent.get(whose) ?? 0));
    spent.set(whose, seconds);
    return by;
  };
  const latency = { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
  /** What began the episodes that have no photo yet. */
  const causes = new Map<EpisodeId, string>();

  const finish = (camera: string, episode: EpisodeId | undefined, outcome: string): void => {
    if (episode === undefined || !causes.has(episode)) return;
    triggers.add({ camera, source: causes.get(episode) ?? '', outcome });
    causes.delete(episode);
  };

  return {
    tell(fact: WatchFact) {
      const { camera } = fact;
      if (fact.type === 'episode-opened') causes.set(fact.episode, fact.cause);
      if (fact.type === 'blind') blind.add({ camera, code: fact.code });
      if (fact.type === 'packets-lost') lost.add({ camera }, fact.lost);
      if (fact.type === 'events-checked') {
        const { total } = fact.figures;
        agreed.set({ camera }, total.agreed);
        disagreed.set({ camera, side: 'pixels' }, total.onlyPixels);
        disagreed.set({ camera, side: 'camera' }, total.onlyCamera);
      }
      if (fact.type === 'events-counted') {
        const { opened, failed, messages } = fact.counters;
        subscribed.set({ camera, outcome: 'opened' }, opened);
        subscribed.set({ camera, outcome: 'failed' }, failed);
        events.set({ camera }, messages);
      }
      if (fact.type === 'still-accepted') {
        const delay = fact.delay / 1000;
        latency.sum += delay;
        latency.count++;
        for (const [index, limit] of BUCKETS.entries()) {
          if (delay <= limit) latency.counts[index] = (latency.counts[index] ?? 0) + 1;
        }
        if (fact.kind === 'calm') finish(camera, fact.episode, 'photo');
      }
      if (fact.type === 'still-missed') {
        missed.add({ camera, kind: fact.kind, code: fact.code });
        if (fact.kind === 'calm') finish(camera, fact.episode, fact.code);
      }
    },
    stored: (still) => photos.add({ camera: still.camera, cause: still.cause ?? 'none', kind: still.kind }),
    notified: (receiver, outcome) => notifications.add({ receiver, outcome }),
    swept: (stills) => sweptPhotos.add({}, stills),
    captured(child, cpuSeconds, decoded) {
      capture.add({}, more(`${child}`, cpuSeconds));
      for (const [camera, seconds] of decoded) decode.add({ camera }, more(`${child} ${camera}`, seconds));
    },
    text(gauges) {
      const lines = counters.flatMap((one) => one.lines());
      const name = 'stillwatch_photo_latency_seconds';
      lines.push(`# HELP ${name} From the order to the whole photo.`, `# TYPE ${name} histogram`);
      for (const [index, limit] of BUCKETS.entries())
        lines.push(`${name}_bucket{le="${limit}"} ${latency.counts[index]}`);
      lines.push(
        `${name}_bucket{le="+Inf"} ${latency.count}`,
        `${name}_sum ${latency.sum}`,
        `${name}_count ${latency.count}`,
      );
      let last = '';
      for (const gauge of gauges) {
        if (gauge.name !== last) lines.push(`# HELP ${gauge.name} ${gauge.help}`, `# TYPE ${gauge.name} gauge`);
        last = gauge.name;
        lines.push(`${gauge.name}${labelText(gauge.labels ?? {})} ${gauge.value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
};
