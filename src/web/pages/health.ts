// Health: whether the program sees, keeps and ships; what it costs; how each camera is.

import { assertNever } from '../../domain/assert-never.ts';
import { errorText, type Language } from '../../domain/errors.ts';
import { allows } from '../../domain/permission.ts';
import type { ReadinessTrouble } from '../../domain/readiness.ts';
import { TEXTS } from '../texts.ts';
import { decimal, sizeText } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';
import type { HealthFigure } from '../wire-system.ts';
import type { Visit } from './frame.ts';
import { momentText, systemFrame } from './system-frame.ts';

const DAY_S = 86_400;

/** Blind cameras are one sentence: which they are, and what to do, stands beside each. */
const troubleTexts = (troubles: readonly ReadinessTrouble[], language: Language): readonly string[] => {
  const texts = TEXTS[language].system.health.troubles;
  const count = (sight: 'blind' | 'starting'): number =>
    troubles.filter((trouble) => trouble.type === 'camera' && trouble.sight === sight).length;
  const { blindSome, startingSome } = TEXTS[language].sentence;
  return [
    ...(count('blind') > 0 ? [blindSome(count('blind'))] : []),
    ...(count('starting') > 0 ? [startingSome(count('starting'))] : []),
    ...troubles.flatMap((trouble): readonly string[] => {
      switch (trouble.type) {
        case 'camera':
          return [];
        case 'disk-silent':
          return [texts.diskSilent];
        case 'disk-full':
          return [texts.diskFull(sizeText(trouble.free, language))];
        case 'storage':
          return [errorText(trouble.code, {}, language)];
        case 'catalogue':
          return [texts.catalogue];
        case 'waiting':
          return [texts.waiting(trouble.photos, Math.round(trouble.age / 60_000))];
        default:
          return assertNever(trouble);
      }
    }),
  ];
};

const figuresOf = async (visit: Visit, storeReasons: readonly string[]): Promise<readonly HealthFigure[]> => {
  const { deps, language } = visit;
  const texts = TEXTS[language].system.health;
  const machine = await deps.vitals.machine();
  const space = await deps.api.storage.space().catch(() => undefined);
  const { memory, processors } = machine;
  const up = machine.uptimeSeconds;
  const figure = (term: HealthFigure['term'], text: string, tone: HealthFigure['tone'] = null): HealthFigure => ({
    term,
    text,
    tone,
  });
  return [
    figure('cpu', texts.cpu(decimal(machine.cpuShare * 100, 1, language), processors)),
    figure('memory', texts.memory(sizeText(memory.own, language), sizeText(memory.total, language))),
    figure('load', decimal(machine.load, 2, language), machine.load > 2 * processors ? 'bad' : null),
    figure(
      'up',
      up < DAY_S
        ? texts.hours(Math.floor(up / 3600), Math.floor((up % 3600) / 60))
        : texts.days(Math.floor(up / DAY_S)),
    ),
    figure('spool', texts.waiting(machine.waiting), machine.waiting > 20 ? 'bad' : null),
    figure(
      'store',
      storeReasons.length === 0 ? texts.well : storeReasons.join(', '),
      storeReasons.length === 0 ? 'good' : 'bad',
    ),
    ...(space ? [figure('disk', texts.free(sizeText(space.free, language), sizeText(space.total, language)))] : []),
    figure('program', deps.version),
    figure('node', machine.node),
    figure('system', machine.platform),
  ];
};

export const healthPage = async (visit: Visit): Promise<PageView<'health'>> => {
  const { deps, language, request } = visit;
  const { sees, keeps, ships, isReady } = await deps.vitals.readiness();
  const store = troubleTexts([...keeps.troubles, ...ships.troubles], visit.language);
  // Whoever sees some cameras only is not told how the others are.
  const ofCameras = request.principal.cameras === 'all' ? troubleTexts(sees.troubles, visit.language) : [];
  const cameras = await Promise.all(
    deps.status().cameras.map(async (camera) => {
      const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
      const { trouble } = camera;
      return {
        id: camera.id,
        name: camera.name,
        state: camera.sight,
        since: momentText(camera.since, visit),
        latest: latest ? momentText(latest.takenAt, visit) : null,
        code: camera.sight === 'blind' ? (trouble?.code ?? null) : null,
        text: camera.sight === 'blind' && trouble ? errorText(trouble.code, trouble.facts, language) : null,
      };
    }),
  );
  return {
    page: 'health',
    frame: systemFrame(visit, TEXTS[language].system.names.health, '/health'),
    data: {
      isWell: isReady,
      reasons: [...ofCameras, ...store],
      figures: await figuresOf(visit, store),
      cameras,
      mayReport: allows(request.principal, 'administer'),
    },
  };
};
