// The browser's client knows the API by types that are written from the OpenAPI document: a call that is not there, a body or an
// answer that is another, does not compile. This holds the file to the document.

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { accountStages } from '../testing/account-stage.ts';
import { apiCalls } from '../testing/api-calls.ts';
import type { OpenApiDocument } from '../testing/open-api-check.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { everythingOn } from '../testing/whole-stage.ts';

const accountStage = accountStages();
const folders = temporaryFolders();

it('the types of the browser’s client are those of the OpenAPI document', async () => {
  const { send } = await accountStage({ web: everythingOn(folders()) });
  const document = (await send({ url: '/api/openapi.json' })).json<OpenApiDocument>();
  await expect(apiCalls(document, '/api/v1')).toMatchFileSnapshot(
    fileURLToPath(new URL('../../ui/api-calls.ts', import.meta.url)),
  );
}, 120_000);
