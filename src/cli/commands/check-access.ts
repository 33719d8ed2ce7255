import type { Command } from 'commander';
import { avPictureDecoder } from '../../adapters/av/picture-decoder.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import { assertNever } from '../../domain/assert-never.ts';
import type { Camera } from '../../domain/camera.ts';
import { EXIT, type Language } from '../../domain/errors.ts';
import type { CheckStep, CheckStepName } from '../../ports/camera-trial.ts';
import { mainStreamStill } from '../../watch/main-stream-still.ts';
import { checkCamera } from '../camera-check.ts';
import { cameraPackets } from '../camera-packets.ts';
import { knockAt } from '../camera-trial-parts.ts';

const WORDS: Readonly<Record<Language, Readonly<Record<CheckStepName | 'not-tried' | 'key', string>>>> = {
  en: {
    reachable: 'reachable',
    rtsp: 'RTSP answers',
    login: 'login',
    sub: 'low-res stream',
    main: 'full-res stream',
    photo: 'one photo',
    'not-tried': 'not tried',
    key: 'key frame every',
  },
  da: {
    reachable: 'kan nås',
    rtsp: 'RTSP svarer',
    login: 'login',
    sub: 'lav opløsning',
    main: 'fuld opløsning',
    photo: 'ét billede',
    'not-tried': 'ikke prøvet',
    key: 'nøglebillede hvert',
  },
};

const MARKS = { ok: ' ok ', failed: ' !! ', 'not-tried': ' -- ' } as const;

const facts = (step: CheckStep, camera: Camera, language: Language): string => {
  if (step.verdict === 'failed') return `${step.error.code}\n      ${step.error.text(language)}`;
  if (step.verdict === 'not-tried') return WORDS[language]['not-tried'];
  switch (step.name) {
    case 'reachable':
      return `${Math.round(step.delay)} ms`;
    case 'sub':
    case 'main': {
      const { codec, width, height, fps, keyInterval } = step.stream;
      const size = width && height ? ` ${width}×${height}` : '';
      const rate = fps === undefined ? '' : ` · ${fps} fps`;
      const key = keyInterval === undefined ? '' : ` · ${WORDS[language].key} ${keyInterval.toFixed(1)} s`;
      return `${codec}${size}${rate}${key}`;
    }
    case 'photo':
      return `${step.width}×${step.height} · ${Math.round(step.bytes / 1000)} kB · ${(step.delay / 1000).toFixed(1)} s`;
    case 'rtsp':
      return new URL(camera.streams.sub.url).host;
    case 'login':
      return camera.streams.sub.credentials?.user ?? '–';
    default:
      return assertNever(step);
  }
};

const forPrograms = (step: CheckStep): unknown =>
  step.verdict === 'failed'
    ? { name: step.name, verdict: step.verdict, code: step.error.code, text: step.error.text('en') }
    : step;

/** Checks one camera and prints each step as its verdict comes. @returns the exit code */
const check = async (camera: Camera, language: Language, isJson: boolean): Promise<number> => {
  const clock = systemClock();
  const packets = cameraPackets(clock);
  const still = mainStreamStill({ address: camera.streams.main, packets, decoder: avPictureDecoder(), clock });
  const steps: CheckStep[] = [];
  for await (const step of checkCamera(
    { camera, packets, still, clock, knock: knockAt },
    new AbortController().signal,
  )) {
    steps.push(step);
    if (!isJson)
      process.stdout.write(
        `${MARKS[step.verdict]} ${WORDS[language][step.name].padEnd(16)} ${facts(step, camera, language)}\n`,
      );
  }
  if (isJson)
    process.stdout.write(`${JSON.stringify({ camera: camera.id, steps: steps.map(forPrograms) }, null, 2)}\n`);
  const failure = steps.find((step) => step.verdict === 'failed');
  return failure?.verdict === 'failed' ? failure.error.exit : EXIT.ok;
};

/** `stillwatch check`, which is also `npm run checkAccess`. */
export const checkCommand = (program: Command): void => {
  program
    .command('check')
    .description('test that the camera can be reached, step by step, with one photo at the end')
    .option('--json', 'print the verdicts as JSON')
    .action(async (options: { json?: boolean }) => {
      const settings = loadSettings(process.cwd(), process.env);
      let exit: number = EXIT.ok;
      for (const camera of settings.cameras) {
        const { host } = new URL(camera.streams.sub.url);
        process.stderr.write(`${camera.name} · ${host}\n`);
        exit = (await check(camera, settings.language, options.json === true)) || exit;
      }
      process.exitCode = exit;
    });
};
