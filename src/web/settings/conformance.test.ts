import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConfigFile } from '../../config/config-file.ts';
import { ROLE_PERMISSIONS } from '../../domain/permission.ts';
import { checkAgainst, type OpenApiDocument } from '../../testing/open-api-check.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { type WebStage, webStage } from '../../testing/web-stage.ts';
import { everythingOn, LAKE } from '../../testing/whole-stage.ts';

const newFolder = temporaryFolders();
const YML = `cameras:
  garden:
    address: 192.0.2.5
    user: admin
    password: {env: GARDEN}
    masks: {Tree: {polygon: [[0, 0], [0.3, 0], [0.2, 0.4]]}}
    zones: {Gate: {sensitivity: high, polygon: [[0, 0], [0.3, 0], [0.2, 0.4]]}}
    schedule: [{at: "12:00"}, {every: 1h, wait: 0s}]
    keep: {days: 30, size: 50GB}
    keepMain: {}
    onvif: {device: "http://192.0.2.5:2020/onvif/device_service", channels: [pull-point]}
  shed:
    address: 192.0.2.6
    password: {file: secrets/none}
    user: u
`;

let stage: WebStage;
let document: OpenApiDocument;
beforeAll(async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'stillwatch.yml'), YML);
  stage = await webStage({
    ...everythingOn(newFolder()),
    config: openConfigFile(folder, { GARDEN: 'canary', PORT: '10001' }),
    identify: async () => ({
      kind: 'token',
      id: 'anna',
      name: 'Anna',
      permissions: ROLE_PERMISSIONS.owner,
      cameras: 'all',
    }),
  });
  document = (await stage.app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } })).json();
});
afterAll(() => stage.app.close());

/** Answers, and what the document does not say of them. */
const drive = async (
  name: string,
  values: Readonly<Record<string, string>> = {},
  payload?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<{
  readonly status: number;
  readonly body: string;
  readonly etag: string;
  readonly mistakes: readonly string[];
}> => {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation.operationId !== name) continue;
      const url = path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => values[key] ?? 'none');
      const answer = await stage.app.inject({
        method: method.toUpperCase() as 'GET',
        url,
        headers: { host: 'localhost', ...headers },
        ...(payload === undefined ? {} : { payload }),
      });
      const status = answer.statusCode;
      const described = { status, type: String(answer.headers['content-type']), body: answer.body };
      const mistakes = answer.body === '' ? [] : checkAgainst(document, operation, described);
      return { status, body: answer.body, etag: String(answer.headers['etag']), mistakes };
    }
  }
  throw new RangeError(`no operation ${name}`);
};

it('the document with settings and trials in it is OpenAPI 3.1, as an independent validator reads it', async () => {
  const found = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>);
  expect(found.errors).toBeUndefined();
});

it('every answer about settings and trials is as the document says, good ones and refusals', async () => {
  const garden = { camera: 'garden' };
  const camera = await drive('getCameraSettings', garden);
  const site = await drive('getSettings');
  const config = await drive('getConfig');
  const trial = await drive('tryCamera', {}, { address: '192.0.2.9' });
  const discovery = await drive('discoverCameras', {}, {});
  const { id: trialId } = JSON.parse(trial.body) as { id: string };
  const { id: discoveryId } = JSON.parse(discovery.body) as { id: string };
  const ifMatch = (tag: string): Record<string, string> => ({ 'if-match': tag });
  const answers = [
    [200, camera],
    [200, await drive('getCameraSettings', { camera: 'shed' })],
    [404, await drive('getCameraSettings', { camera: 'nobody' })],
    [428, await drive('changeCameraSettings', garden, { calmPeriod: '9s' })],
    [422, await drive('changeCameraSettings', garden, { calmPeriod: 'soon' }, ifMatch(camera.etag))],
    [200, await drive('changeCameraSettings', garden, { calmPeriod: '9s', masks: null }, ifMatch(camera.etag))],
    [412, await drive('changeCameraSettings', garden, { calmPeriod: '8s' }, ifMatch(camera.etag))],
    [200, site],
    [409, await drive('changeSettings', {}, { web: { port: 1 } }, ifMatch(site.etag))],
    [200, await drive('changeSettings', {}, { keep: { days: 9 } }, ifMatch(site.etag))],
    [200, config],
    [412, await drive('putConfig', {}, { text: YML }, ifMatch('"another"'))],
    [200, await drive('checkConfig', {}, { text: 'cams: {}\n' })],
    [200, await drive('checkConfig', {}, { text: YML })],
    [200, await drive('getEffectiveConfig')],
    [200, await drive('getConfigSchema')],
    [404, await drive('migrateConfig')],
    [200, await drive('listConfiguredCameras')],
    [202, trial],
    [200, await drive('getTrial', { trial: trialId })],
    [404, await drive('getTrialPhoto', { trial: trialId })],
    [400, await drive('tryCamera', {}, { address: 'http://x' })],
    [202, discovery],
    [200, await drive('getDiscovery', { discovery: discoveryId })],
    [204, await drive('endDiscovery', { discovery: discoveryId })],
    [201, await drive('addCamera', {}, { id: 'gate', settings: { address: '192.0.2.7' } })],
    [409, await drive('addCamera', {}, { id: 'gate', settings: { address: '192.0.2.7' } })],
    [400, await drive('addCamera', {}, { trial: trialId })],
    [204, await drive('endTrial', { trial: trialId })],
    [200, await drive('getDemo')],
    [201, await drive('startDemo')],
    [200, await drive('removeDemo')],
    [404, await drive('removeDemo')],
    [200, await drive('getCameraClock', garden)],
    [200, await drive('setCameraClock', garden, { set: true, ntp: null })],
    [400, await drive('setCameraClock', garden, { zone: 'a"b' })],
    [404, await drive('getCameraClock', { camera: 'nobody' })],
    [200, await drive('listPushedCameras')],
    [200, await drive('getPushedCameraDoors', { camera: LAKE })],
    [404, await drive('getPushedCameraDoors', garden)],
    [201, await drive('addPushedCamera', {}, { id: 'wood', name: 'Wood', doors: ['ftp', 'http'] })],
    [409, await drive('addPushedCamera', {}, { id: 'wood' })],
    [409, await drive('addPushedCamera', {}, { id: 'garden' })],
    [422, await drive('addPushedCamera', {}, { id: 'pond', settings: { recognise: { through: 'nobody' } } })],
    [201, await drive('addPushedCamera', {}, { id: 'pond', settings: { recognise: { through: 'wood', path: 'p' } } })],
    [201, await drive('renewPushedCameraKey', { camera: 'wood' })],
    [404, await drive('renewPushedCameraKey', { camera: 'pond' })],
    [204, await drive('removePushedCamera', { camera: 'pond' })],
    [204, await drive('removePushedCamera', { camera: 'wood' })],
    [404, await drive('removePushedCamera', { camera: 'wood' })],
    [204, await drive('removeCamera', { camera: 'gate' })],
  ] as const;
  expect(answers.map(([, { status }]) => status)).toEqual(answers.map(([status]) => status));
  expect(answers.flatMap(([, { mistakes }]) => mistakes)).toEqual([]);
  const doors = answers.find(([, { body }]) => body.includes('key-of-lake'));
  expect(
    answers
      .filter((one) => one !== doors)
      .map(([, { body }]) => body)
      .join(''),
  ).not.toContain('canary');
});
