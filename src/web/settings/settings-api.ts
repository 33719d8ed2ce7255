// What of the API stands on the owner's configuration. Without one, as in the demo, none of it is there.

import type { Api, ApiContext } from '../api/route.ts';
import { configRoutes } from './config-routes.ts';
import { settingsSchemas } from './schemas.ts';
import { settingsRoutes } from './settings-routes.ts';

export const settingsApi = (api: Api, context: ApiContext): void => {
  const { config } = context.parts;
  if (!config) return;
  settingsRoutes(api, context, { document: config, schemas: settingsSchemas(config) });
  configRoutes(api, context, config);
};
