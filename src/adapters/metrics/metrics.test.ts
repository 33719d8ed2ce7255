import { describe, expect, it } from 'vitest';
import { cameraId, episodeId } from '../../domain/ids.ts';
import { epochMs, ms } from '../../domain/units.ts';
import { storedStill } from '../../testing/stills.ts';
import { metrics } from './metrics.ts';

const camera = cameraId('garden');
const at = epochMs(1_795_440_000_000);
const episode = episodeId(camera, at);
const still = storedStill('a').id;

describe('metrics', () => {
  it('count photos, triggers with their outcome, and how long photos take', () => {
    const sums = metrics();
    sums.tell({ type: 'episode-opened', camera, at, episode, cause: 'pixels' });
    const accepted = {
      type: 'still-accepted',
      camera,
      at,
      episode,
      still,
      source: 'main-stream',
      width: 1,
      height: 1,
    } as const;
    sums.tell({ ...accepted, kind: 'before', delay: ms(100) });
    sums.tell({ ...accepted, kind: 'calm', delay: ms(1500) });
    // Told twice, counted once: the episode has its photo.
    sums.tell({ type: 'still-missed', camera, at, episode, kind: 'calm', code: 'SW_CAM_LOST', facts: {} });
    sums.stored(storedStill('a', { cause: 'pixels' }));
    sums.swept(3);
    const lines = sums.text([]).split('\n');
    expect(lines).toContain('stillwatch_triggers_total{camera="garden",source="pixels",outcome="photo"} 1');
    expect(lines).toContain('stillwatch_photos_missed_total{camera="garden",kind="calm",code="SW_CAM_LOST"} 1');
    expect(lines).toContain('stillwatch_photos_total{camera="garden",cause="pixels",kind="calm"} 1');
    expect(lines).toContain('stillwatch_photos_swept_total 3');
    expect(lines).toContain('stillwatch_photo_latency_seconds_bucket{le="1"} 1');
    expect(lines).toContain('stillwatch_photo_latency_seconds_bucket{le="2"} 2');
    expect(lines).toContain('stillwatch_photo_latency_seconds_count 2');
    expect(lines.filter((line) => line.startsWith('stillwatch_triggers_total'))).toHaveLength(1);
  });

  it('add up the processor time of capture processes, over their ends', () => {
    const counters = metrics();
    for (const [child, seconds] of [
      [7, 1.5],
      [8, 1],
      [7, 2],
      [9, 0.25],
    ] as const)
      counters.captured(child, seconds, [
        [camera, seconds / 2],
        [cameraId('shed'), child === 8 ? 0.25 : 0],
      ]);
    const page = counters.text([]);
    expect(page).toContain('stillwatch_capture_cpu_seconds_total 3.25\n');
    expect(page).toContain('stillwatch_decode_cpu_seconds_total{camera="garden"} 1.625\n');
    expect(page).toContain('stillwatch_decode_cpu_seconds_total{camera="shed"} 0.25\n');
  });

  it('are text that a scraper reads: one type a name, escaped labels, a last line feed', () => {
    const help = 'What it is.';
    const page = metrics().text([
      { name: 'stillwatch_camera_seeing', help, labels: { camera: 'a"b\\c\nd' }, value: 1 },
      { name: 'stillwatch_camera_seeing', help, labels: { camera: 'e' }, value: 0 },
      { name: 'stillwatch_spool_photos', help, value: 2 },
    ]);
    expect(page.endsWith('\n')).toBe(true);
    expect(page).toContain(
      'stillwatch_camera_seeing{camera="a\\"b\\\\c\\nd"} 1\nstillwatch_camera_seeing{camera="e"} 0\n',
    );
    const types = page.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(new Set(types).size).toBe(types.length);
    for (const line of page.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? -?[\d.e+]+)$/,
      );
    }
  });
});
