// What is shown of a camera that sends by itself. It sleeps most of the time, and asleep is not offline: only silence that is
// longer than its own habit is worth a word.

import { assertNever } from '../../domain/assert-never.ts';
import { isoText } from '../../domain/civil-time.ts';
import { type Contact, contactState, habit } from '../../domain/contact.ts';
import type { CameraReport } from '../../domain/delivery.ts';
import { errorText } from '../../domain/errors.ts';
import type { InboxCamera } from '../../domain/inbox.ts';
import { doorSetups } from '../../domain/inbox-setup.ts';
import { allows } from '../../domain/permission.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { InboxPages } from '../inbox-pages.ts';
import type { PushedFact } from '../texts/inbox-type.ts';
import { TEXTS } from '../texts.ts';
import { bytesText, dayShort, decimal, stillMoment, zoneMoment } from '../time-text.ts';
import type { PageView } from '../wire-pages.ts';
import type { PushedFactView, PushedView, SetupFieldView } from '../wire-pushed.ts';
import { filmsOf } from './films.ts';
import { frameOf, type Visit } from './frame.ts';
import { stillPage } from './photo.ts';
import { visibleSenders } from './senders.ts';

/** `14:32`, or with its day when that is not today. */
const moment = (at: EpochMs, { deps, language, today }: Visit): string => {
  const { day, minutes } = zoneMoment(at, deps.zone, language);
  return day === today ? minutes : `${dayShort(day, language)} ${minutes}`;
};

/** When a photo was taken, by the offset in force there and then. */
const stillTime = (still: StoredStill, { language, today }: Visit): string => {
  const { day, minutes } = stillMoment(still, language);
  return day === today ? minutes : `${dayShort(day, language)} ${minutes}`;
};

const FACTS: readonly (PushedFact & keyof CameraReport)[] = [
  'battery',
  'voltage',
  'signal',
  'temperature',
  'moon',
  'model',
];

const factText = (fact: (typeof FACTS)[number], report: CameraReport, { language }: Visit): string | undefined => {
  const number = (value: number | undefined, unit: string): string | undefined =>
    value === undefined ? undefined : `${decimal(value, 1, language)} ${unit}`;
  switch (fact) {
    case 'battery':
    case 'signal':
      return number(report[fact], '%');
    case 'voltage':
      return number(report.voltage, 'V');
    case 'temperature':
      return number(report.temperature, '°C');
    case 'moon':
      return report.moon && TEXTS[language].inbox.moons[report.moon];
    case 'model':
      return [report.make, report.model].filter(Boolean).join(' ') || undefined;
    default:
      return assertNever(fact);
  }
};

const saidFacts = ({ report, said }: Contact, visit: Visit): readonly PushedFactView[] => {
  const { inbox } = TEXTS[visit.language];
  return FACTS.flatMap((fact) => {
    const text = factText(fact, report, visit);
    const from = said[fact];
    const note = from ? inbox.said(inbox.sources[from.from], moment(from.at, visit)) : null;
    return text === undefined ? [] : [{ fact, text, note }];
  });
};

const monthBytes = ({ months }: Contact, { deps }: Visit): number => {
  const last = months.at(-1);
  return last?.period === isoText(deps.clock.now().wall, deps.zone).slice(0, 7) ? last.bytes : 0;
};

const ownFacts = (contact: Contact, camera: InboxCamera, visit: Visit): readonly PushedFactView[] => {
  const { language } = visit;
  const { inbox } = TEXTS[language];
  const { lastAt, lastWay, lastPictureAt, pictures } = contact;
  const usual = habit(contact);
  const used = monthBytes(contact, visit);
  const { monthBudget: budget } = camera.limits;
  const usedText = used === 0 ? '0 kB' : bytesText(used, language);
  const month =
    budget === undefined
      ? usedText
      : inbox.budget(usedText, bytesText(budget, language), Math.round((used / budget) * 100));
  const row = (fact: PushedFact, text: string | undefined): readonly PushedFactView[] =>
    text === undefined ? [] : [{ fact, text, note: null }];
  return [
    ...row('lastContact', lastAt === undefined ? inbox.never : moment(lastAt, visit)),
    ...row('lastPicture', lastPictureAt === undefined ? undefined : moment(lastPictureAt, visit)),
    ...row('nextExpected', usual && inbox.about(moment(usual.expectedAt, visit))),
    ...row('way', lastWay && inbox.ways[lastWay]),
    ...row('pictures', pictures === 0 ? undefined : String(pictures)),
    ...row('month', month),
  ];
};

export const pushedView = async (camera: InboxCamera, pages: InboxPages, visit: Visit): Promise<PushedView> => {
  const { deps, language, today, request } = visit;
  const contact = pages.contactOf(camera.id);
  const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
  const days = await deps.catalog.days();
  const { refusal } = contact;
  const budget = camera.limits.monthBudget;
  return {
    id: camera.id,
    name: camera.name,
    state: contactState(contact, deps.clock.now().wall),
    facts: [...ownFacts(contact, camera, visit), ...saidFacts(contact, visit)],
    budgetShare: budget === undefined ? null : Math.round((monthBytes(contact, visit) / budget) * 100),
    refusal: refusal
      ? {
          moment: moment(refusal.at, visit),
          text: errorText(refusal.code, { detail: refusal.detail }, language),
          code: refusal.code,
        }
      : null,
    latest: latest ? { href: stillPage(latest), time: stillTime(latest, visit) } : null,
    photosToday: days.find((row) => row.day === today && row.camera === camera.id)?.covers ?? 0,
    setUp: allows(request.principal, 'configure', camera.id) ? `/inbox/${camera.id}` : null,
  };
};

export const pushedViews = async (visit: Visit): Promise<readonly PushedView[]> => {
  const pages = visit.deps.inbox;
  return pages ? Promise.all(visibleSenders(visit).map((camera) => pushedView(camera, pages, visit))) : [];
};

export const inboxPage = async (visit: Visit): Promise<PageView<'inbox'>> => ({
  page: 'inbox',
  frame: frameOf(visit, { title: TEXTS[visit.language].inbox.title, address: '/inbox', section: 'cameras' }),
  data: { cameras: await pushedViews(visit) },
});

/** With the camera's key in it: for those who may configure it. */
export const inboxCameraPage = async (
  visit: Visit,
  camera: InboxCamera,
  pages: InboxPages,
): Promise<PageView<'inbox-camera'>> => {
  const { choices } = TEXTS[visit.language].inbox.setUp;
  const { lastPictureAt } = pages.contactOf(camera.id);
  const doors = doorSetups(pages.settings, camera, (key) => key.reveal()).map(({ door, fields }) => ({
    door,
    fields: fields.map(
      (field): SetupFieldView =>
        'value' in field
          ? { term: field.term, text: field.value, isTyped: true }
          : { term: field.term, text: choices[field.choice], isTyped: false },
    ),
  }));
  return {
    page: 'inbox-camera',
    frame: frameOf(visit, { title: camera.name, address: `/inbox/${camera.id}`, section: 'cameras' }),
    data: {
      camera: await pushedView(camera, pages, visit),
      doors,
      films: await filmsOf(camera.id, visit),
      arrived: lastPictureAt === undefined ? null : moment(lastPictureAt, visit),
    },
  };
};
