import { readFile } from 'node:fs/promises';
import { password as askPassword, text as askText, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { CONFIG_FILE, type ConfigFile, openConfigFile } from '../../config/config-file.ts';
import { EXIT, type Language, StillwatchError } from '../../domain/errors.ts';
import { type CameraId, isCameraId } from '../../domain/ids.ts';
import { streamText, suggestId } from '../../domain/new-camera.ts';
import { type Credentials, Secret } from '../../domain/secret.ts';
import type { Shot } from '../../domain/still.ts';
import { withStillFacts } from '../../domain/still-facts.ts';
import type { Trial, TrialStep } from '../../ports/camera-trial.ts';
import type { ConfigValue } from '../../ports/config-document.ts';
import { stepDetail, stepTitle } from '../../web/settings/trial-text.ts';
import { openArchivePlace } from '../archive-place.ts';
import { tryCamera } from '../camera-trial.ts';
import { trialParts } from '../camera-trial-parts.ts';
import { manualDraft, shipNow } from '../manual-still.ts';
import { stopSignal } from '../roles/standalone/process.ts';
import { languageOfEnvironment } from '../trouble.ts';

interface AddOptions {
  readonly id?: string;
  readonly name?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly main?: string;
  readonly sub?: string;
  readonly onvif?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const MARKS: Readonly<Record<TrialStep['verdict'], string>> = {
  ok: ' ok ',
  warning: ' !! ',
  failed: 'FAIL',
  'not-tried': ' -- ',
};

/** What was found, or the trouble with its code. */
const stepText = (step: TrialStep, language: Language): string =>
  step.verdict === 'failed' || step.verdict === 'warning'
    ? `${step.error.code}: ${step.error.text(language)}`
    : stepDetail(step, language);

const forPrograms = (step: TrialStep): unknown =>
  step.verdict === 'failed' || step.verdict === 'warning'
    ? { name: step.name, verdict: step.verdict, code: step.error.code, text: step.error.text('en') }
    : step;

/** By option, environment or prompt for the user; by file, environment or prompt for the password, never by argument. */
const credentialsOf = async (options: AddOptions): Promise<Credentials | undefined> => {
  const { STILLWATCH_USER: userSaid, STILLWATCH_PASSWORD: passwordSaid } = process.env;
  const mayAsk = process.stdin.isTTY && process.stderr.isTTY;
  const stopIfCancelled = (answer: string | symbol): string => {
    if (isCancel(answer)) process.exit(EXIT.interrupted);
    return String(answer);
  };
  let user = options.user ?? userSaid;
  if (user === undefined && mayAsk) {
    const message = 'Camera user (Tapo app > camera > ⚙ > Advanced settings > Camera account); empty: none';
    user = stopIfCancelled(await askText({ message, defaultValue: '', output: process.stderr }));
  }
  if (user === undefined || user === '') return undefined;
  if (options.passwordFile !== undefined) {
    const text = await readFile(options.passwordFile, 'utf8');
    return { user, password: new Secret(text.replace(/\r?\n$/, '')) };
  }
  if (passwordSaid !== undefined) return { user, password: new Secret(passwordSaid) };
  if (!mayAsk) {
    throw new StillwatchError('SW_CONFIG_MISSING', {
      key: 'STILLWATCH_PASSWORD',
      file: 'the environment, or a file for --password-file',
      example: '…',
    });
  }
  const typed = stopIfCancelled(await askPassword({ message: 'Password', output: process.stderr }));
  return { user, password: new Secret(typed) };
};

const save = async (
  file: ConfigFile,
  address: string,
  camera: NonNullable<Trial['camera']>,
  id: CameraId,
  name: string,
): Promise<void> => {
  const { main, sub } = camera.streams;
  const login: Record<string, ConfigValue> = {};
  if (main.credentials) {
    login['user'] = main.credentials.user;
    login['password'] = await file.putSecret(`camera-${id}`, main.credentials.password);
  }
  const value: ConfigValue = {
    name,
    address,
    ...login,
    main: streamText(main.url, address),
    sub: streamText(sub.url, address),
  };
  await file.edit([{ path: ['cameras', id], value }], file.read().revision);
};

/** Into the gallery, as any photo that was asked for. A running program finds it in the spool by itself, too. */
const keepPhoto = async (
  { settings }: ConfigFile,
  camera: CameraId,
  name: string,
  shot: Shot,
): Promise<string | undefined> => {
  const place = await openArchivePlace(settings.snapshotsDir);
  const catalog = await sqlCatalog({ file: place.paths.catalog });
  const draft = manualDraft({ id: camera, isDemo: false }, shot, settings.zone);
  try {
    await place.spool.accept(draft, withStillFacts(shot.jpeg, draft, { cameraName: name }));
    const parts = { place, catalog, rootCamera: settings.rootCamera, clock: systemClock(), random: Math.random };
    return (await shipNow(parts, draft.id))?.path;
  } finally {
    await catalog.close();
  }
};

const add = async (address: string, options: AddOptions): Promise<void> => {
  const language = languageOfEnvironment(process.env);
  const file = openConfigFile(process.cwd(), process.env);
  const taken = file.settings.cameras.map(({ id }) => id as string);
  if (options.id !== undefined && (!isCameraId(options.id) || taken.includes(options.id))) {
    const choices = `[a-z0-9-]{1,40}, ≠ ${taken.join(', ')}`;
    throw new StillwatchError('SW_CONFIG_CHOICE', { key: '--id', value: options.id, choices, example: 'garden' });
  }
  const credentials = await credentialsOf(options);
  const { main, sub, onvif } = options;
  const steps: TrialStep[] = [];
  const trying = tryCamera(
    { address, credentials, ...(main === undefined ? {} : { main }), ...(sub === undefined ? {} : { sub }) },
    trialParts(systemClock(), onvif === undefined ? undefined : new URL(onvif)),
    stopSignal(),
  );
  let trial: Trial | undefined;
  for (let step = await trying.next(); ; step = await trying.next()) {
    if (step.done) {
      trial = step.value;
      break;
    }
    steps.push(step.value);
    const { verdict } = step.value;
    if (!options.json)
      process.stdout.write(
        `${MARKS[verdict]} ${stepTitle(step.value, language).padEnd(16)} ${stepText(step.value, language)}\n`,
      );
  }
  const { camera, shot, isGood } = trial;
  let saved: { readonly id: CameraId; readonly photo: string | undefined } | undefined;
  if (isGood && camera && shot && !options.dryRun) {
    const wanted = options.name === undefined ? [trial.identity?.make, trial.identity?.model] : [options.name];
    const id = options.id !== undefined && isCameraId(options.id) ? options.id : suggestId(wanted, taken);
    const name = options.name ?? camera.name;
    await save(file, address, camera, id, name);
    saved = { id, photo: await keepPhoto(file, id, name, shot) };
  }
  if (options.json) {
    const printed = { isGood, camera: saved?.id ?? null, photo: saved?.photo ?? null, steps: steps.map(forPrograms) };
    process.stdout.write(`${JSON.stringify(printed, null, 2)}\n`);
  } else if (saved) {
    process.stdout.write(`Saved as "${saved.id}" in ${CONFIG_FILE}; the photo is ${saved.photo ?? 'in the spool'}\n`);
  }
  const failure = steps.find((step) => step.verdict === 'failed');
  if (failure?.verdict === 'failed') process.exitCode = failure.error.exit;
};

/** `stillwatch add` */
export const addCommand = (program: Command): void => {
  program
    .command('add')
    .description('try a new camera out, live, with a first photo, and save it in stillwatch.yml when all is well')
    .argument('<address>', 'the camera’s address, with the RTSP port if it is not 554: 192.168.1.50')
    .option('--id <id>', 'a short name for files and addresses; by default from make and model')
    .option('--name <name>', 'the name as shown')
    .option('--user <user>', 'user of the camera account (or STILLWATCH_USER); else it is asked for')
    .option('--password-file <file>', 'file with the password (or STILLWATCH_PASSWORD); else it is asked for')
    .option('--main <path>', 'path or URL of the full-resolution stream; by default it is found')
    .option('--sub <path>', 'path or URL of the low-resolution stream; by default it is found')
    .option('--onvif <url>', 'the ONVIF device service; by default it is found')
    .option('--dry-run', 'only try, save nothing')
    .option('--json', 'one JSON object')
    .action(add);
};
