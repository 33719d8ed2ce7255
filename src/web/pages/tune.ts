// Tuning and mask drawing: what cannot be asked of the API is the camera's last photo and the marks of the clock at the site.

import { civilTime } from '../../domain/civil-time.ts';
import type { EpochMs } from '../../domain/units.ts';
import { epochMs } from '../../domain/units.ts';
import type { CameraStatus } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, zoneMoment } from '../time-text.ts';
import type { TickView, TuneData, TuneHours } from '../wire-cameras.ts';
import type { PageView } from '../wire-pages.ts';
import { frameOf, type Visit } from './frame.ts';
import { photoView } from './photo.ts';

const HOUR = 3_600_000;

/** Each whole `every`-th hour by the clock at the site. Offsets of half an hour exist, so it is looked for in half hours. */
const ticksOf = ({ deps, language }: Visit, now: EpochMs, hours: TuneHours, every: number): readonly TickView[] => {
  const ticks: TickView[] = [];
  const last = Math.floor(now / (HOUR / 2)) * (HOUR / 2);
  for (let at = last; at > now - hours * HOUR; at -= HOUR / 2) {
    const moment = epochMs(at);
    const [hour = 0, minute = 0] = civilTime(moment, deps.zone).time.split('-').map(Number);
    if (minute !== 0 || hour % every !== 0) continue;
    const { day, minutes } = zoneMoment(moment, deps.zone, language);
    ticks.push({ atMs: at, text: hour === 0 ? dayShort(day, language) : minutes });
  }
  return every < 24 ? ticks : ticks.filter((_, index) => hours === 168 || index % 2 === 0);
};

export const tunePage = async <Name extends 'tune' | 'mask'>(
  visit: Visit,
  page: Name,
  camera: CameraStatus,
): Promise<PageView<Name>> => {
  const { deps, language, today } = visit;
  const now = deps.clock.now().wall;
  const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
  const data: TuneData = {
    camera: camera.id,
    name: camera.name,
    latest: latest ? photoView(latest, { language, status: deps.status(), today }) : null,
    ticks: {
      24: ticksOf(visit, now, 24, 6),
      168: ticksOf(visit, now, 168, 24),
      336: ticksOf(visit, now, 336, 24),
    },
  };
  const frame = frameOf(visit, {
    title: `${camera.name} · ${TEXTS[language][page].title}`,
    address: `/cameras/${camera.id}/${page}`,
    section: 'cameras',
  });
  return { page, frame, data };
};
