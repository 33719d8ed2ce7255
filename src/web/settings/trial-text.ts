// The steps of a camera's trial in words, for the command line and for the API.

import type { Language } from '../../domain/errors.ts';
import type { TrialStep } from '../../ports/camera-trial.ts';

const TITLES: Readonly<Record<Language, Readonly<Record<TrialStep['name'], string>>>> = {
  en: {
    onvif: 'ONVIF',
    paths: 'streams found',
    reachable: 'reachable',
    rtsp: 'RTSP answers',
    login: 'login',
    sub: 'low-res stream',
    main: 'full-res stream',
    photo: 'first photo',
  },
  da: {
    onvif: 'ONVIF',
    paths: 'strømme fundet',
    reachable: 'kan nås',
    rtsp: 'RTSP svarer',
    login: 'login',
    sub: 'lav opløsning',
    main: 'fuld opløsning',
    photo: 'første billede',
  },
};

const WORDS = {
  en: {
    clock: (seconds: string): string => `clock ${seconds} s`,
    events: 'events',
    key: (seconds: string): string => `key frame every ${seconds} s`,
    fps: (rate: string): string => `${rate} fps`,
    source: { owner: 'as you said', onvif: 'by ONVIF' },
    paths: (make: string): string => `the usual ones of ${make}`,
  },
  da: {
    clock: (seconds: string): string => `ur ${seconds} s`,
    events: 'hændelser',
    key: (seconds: string): string => `nøglebillede hvert ${seconds} s`,
    fps: (rate: string): string => `${rate} billeder/s`,
    source: { owner: 'som du skrev', onvif: 'via ONVIF' },
    paths: (make: string): string => `de sædvanlige hos ${make}`,
  },
} as const;

const decimal = (value: number, language: Language): string =>
  value.toLocaleString(language === 'da' ? 'da' : 'en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

export const stepTitle = (step: Pick<TrialStep, 'name'>, language: Language): string => TITLES[language][step.name];

/** What was found; empty for a step that failed or was not tried. */
export const stepDetail = (step: TrialStep, language: Language): string => {
  const words = WORDS[language];
  if (step.verdict !== 'ok') return '';
  switch (step.name) {
    case 'onvif': {
      const { identity, clockOffset, hasEvents } = step.facts;
      const name = [identity.make, identity.model].filter(Boolean).join(' ');
      const clock = words.clock(`${clockOffset >= 0 ? '+' : ''}${Math.round(clockOffset / 1000)}`);
      return [name, identity.firmware, clock, hasEvents ? words.events : undefined].filter(Boolean).join(' · ');
    }
    case 'paths':
      return step.source === 'owner' || step.source === 'onvif' ? words.source[step.source] : words.paths(step.source);
    case 'reachable':
      return `${Math.round(step.delay)} ms`;
    case 'sub':
    case 'main': {
      const { codec, width, height, fps, keyInterval } = step.stream;
      const size = width && height ? `${width}×${height}` : undefined;
      const key = keyInterval === undefined ? undefined : words.key(decimal(keyInterval, language));
      return [codec, size, fps === undefined ? undefined : words.fps(String(fps)), key].filter(Boolean).join(' · ');
    }
    case 'photo':
      return `${step.width}×${step.height} · ${Math.round(step.bytes / 1000)} kB · ${decimal(step.delay / 1000, language)} s`;
    default:
      return '';
  }
};
