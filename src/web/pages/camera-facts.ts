// What is known of how a camera is watched, line by line: by whom, how its word agrees with the pixels, what was missed.

import type { Agreement } from '../../domain/agreement.ts';
import { missRate } from '../../domain/audit.ts';
import type { Camera } from '../../domain/camera.ts';
import type { CameraIdentity } from '../../domain/identity.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { CameraStatus } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { decimal, zoneMoment } from '../time-text.ts';
import type { CameraFact } from '../wire-cameras.ts';
import type { FactView } from '../wire-parts.ts';
import type { Visit } from './frame.ts';

/** Milliseconds. A clock that is further off makes ONVIF refuse logins. */
const CLOCK_OFF = 5000;
/** Of the motions that either saw, so many should be seen by both before one is believed alone. */
const AGREE = 0.5;

type Known = readonly (CameraFact | false | undefined)[];
const kept = (facts: Known): readonly CameraFact[] =>
  facts.filter((fact): fact is CameraFact => fact !== undefined && fact !== false);

const watchedBy = (camera: CameraStatus, settings: Camera | undefined, visit: Visit): CameraFact => {
  const texts = TEXTS[visit.language].oneCamera;
  const wants = settings?.motionBy ?? 'pixels';
  const isHeard = camera.events?.isHeard === true;
  const witness = wants === 'pixels' || camera.events === undefined ? 'pixels' : isHeard ? wants : 'unheard';
  return {
    term: texts.terms.watchedBy,
    text: texts.witnesses[witness],
    ...(witness === 'unheard' ? { isBad: true } : {}),
  };
};

/** `undefined` when neither said anything: no share can be told of nothing. */
const agreementFact = (
  term: string,
  { agreed, onlyPixels, onlyCamera }: Agreement,
  { language }: Visit,
): CameraFact | undefined => {
  const texts = TEXTS[language].oneCamera;
  const all = agreed + onlyPixels + onlyCamera;
  if (all === 0) return undefined;
  const share = texts.percent(decimal((agreed / all) * 100, 1, language));
  return {
    term,
    text: texts.agreement(share, agreed, onlyPixels, onlyCamera),
    ...(agreed / all < AGREE ? { isBad: true } : {}),
  };
};

/** The few that stand beside every camera in the list. */
export const shortFacts = (
  camera: CameraStatus,
  settings: Camera | undefined,
  latest: StoredStill | undefined,
  visit: Visit,
): readonly CameraFact[] => {
  const { language } = visit;
  const { terms, seconds, keys } = TEXTS[language].oneCamera;
  return kept([
    watchedBy(camera, settings, visit),
    camera.keyEvery !== undefined && {
      term: terms.keys,
      text: keys(decimal(camera.keyEvery / 1000, 1, language)),
    },
    latest?.delay !== undefined && { term: terms.delay, text: seconds(decimal(latest.delay / 1000, 1, language)) },
  ]);
};

/** @param longAgreement of the last 14 days; undefined: its events are not used, or are the one witness */
export const allFacts = (
  camera: CameraStatus,
  settings: Camera | undefined,
  latest: StoredStill | undefined,
  longAgreement: Agreement | undefined,
  visit: Visit,
): readonly CameraFact[] => {
  const { deps, language } = visit;
  const texts = TEXTS[language].oneCamera;
  const { terms, seconds } = texts;
  const { events, motion, clockOffset } = camera;
  const figures = events?.figures;
  const share = (value: number): string => texts.percent(decimal(value * 100, 1, language));
  const rate = motion && motion.audit.looked > 0 ? missRate(motion.audit) : undefined;
  const isClockOff = clockOffset !== undefined && Math.abs(clockOffset) > CLOCK_OFF;
  return kept([
    ...shortFacts(camera, settings, latest, visit),
    events && {
      term: terms.events,
      text: events.isHeard
        ? texts.heardSince(zoneMoment(events.since, deps.zone, language).time)
        : texts.unheardSince(zoneMoment(events.since, deps.zone, language).time),
      ...(events.isHeard ? {} : { isBad: true }),
    },
    figures && agreementFact(terms.agreement, figures, visit),
    longAgreement && agreementFact(terms.agreementLong, longAgreement, visit),
    motion && { term: terms.looking, text: motion.isCareful ? texts.careful : texts.economy },
    rate && {
      term: terms.missed,
      text: texts.missed(share(rate.rate), share(rate.low), share(rate.high), motion?.audit.looked ?? 0),
    },
    clockOffset !== undefined && {
      term: terms.clock,
      text: isClockOff ? texts.clockOff(decimal(clockOffset / 1000, 1, language)) : texts.clockRight,
      ...(isClockOff ? { isBad: true } : {}),
    },
    settings && { term: terms.calmPeriod, text: seconds(decimal(settings.rules.calmPeriod / 1000, 1, language)) },
  ]);
};

export const identityFacts = (identity: CameraIdentity | undefined, visit: Visit): readonly FactView[] => {
  if (!identity) return [];
  const { terms } = TEXTS[visit.language].oneCamera;
  const { make, model, firmware, serial, host, mac } = identity;
  return kept([
    (make ?? model) !== undefined && { term: terms.model, text: [make, model].filter(Boolean).join(' ') },
    firmware !== undefined && { term: terms.firmware, text: firmware },
    serial !== undefined && { term: terms.serial, text: serial },
    { term: terms.address, text: host },
    mac !== undefined && { term: terms.mac, text: mac },
  ]);
};
