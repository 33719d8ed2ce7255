// Storage: how full the disk is, when it would be full, the rules that keep it from that, and what each camera takes.

import { storageView } from '../api/storage-routes.ts';
import { cameraName } from '../still-view.ts';
import { TEXTS } from '../texts.ts';
import { dayShort, sizeText } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';
import type { Visit } from './frame.ts';
import { systemFrame } from './system-frame.ts';

const hundredths = (part: number, whole: number): number => (whole > 0 ? Math.round((100 * part) / whole) : 0);

/** The page where no disk answers: that is what there is to say, and the rest of the program goes on. */
const silentPage = (visit: Visit): PageView<'storage'> => ({
  page: 'storage',
  frame: systemFrame(visit, TEXTS[visit.language].system.names.storage, '/storage'),
  data: null,
});

export const storagePage = async (visit: Visit): Promise<PageView<'storage'>> => {
  const { deps, language, request } = visit;
  const storage = await storageView(deps, request).catch(() => undefined);
  if (!storage) return silentPage(visit);
  const { disk, forecast, heldBytes } = storage;
  const used = disk.total - disk.free;
  const size = (bytes: number): string => sizeText(bytes, language);
  const day = (name: string | null): string | null => name && dayShort(name, language);
  const sums = new Map<string, { photos: number; bytes: number }>();
  for (const { camera, covers, bytes } of await deps.catalog.days()) {
    const sum = sums.get(camera) ?? { photos: 0, bytes: 0 };
    sums.set(camera, { photos: sum.photos + covers, bytes: sum.bytes + bytes });
  }
  return {
    page: 'storage',
    frame: systemFrame(visit, TEXTS[language].system.names.storage, '/storage'),
    data: {
      canApply: deps.api.config !== undefined,
      storage,
      texts: {
        used: size(used),
        total: size(disk.total),
        free: size(disk.free),
        held: size(heldBytes),
        perDay: forecast.daysCounted > 0 ? size(forecast.bytesPerDay) : null,
        fullOn: day(forecast.fullOn),
        takesFrom: day(forecast.takesFrom),
        keepFree: size(disk.keepFree),
      },
      share: {
        photos: hundredths(Math.min(heldBytes, used), disk.total),
        other: hundredths(Math.max(0, used - heldBytes), disk.total),
      },
      cameras: [...sums]
        .map(([id, { photos, bytes }]) => ({
          name: cameraName(id, deps.status()),
          photos,
          size: size(bytes),
          share: hundredths(bytes, heldBytes),
        }))
        .toSorted((a, b) => b.share - a.share),
    },
  };
};
