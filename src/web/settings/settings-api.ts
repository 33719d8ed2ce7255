// What of the API stands on the owner's configuration. Without one, as in the demo, none of it is there.

import type { Api, ApiContext } from '../api/route.ts';
import { camerasRoutes } from '../finding/cameras-routes.ts';
import { type DiscoveryState, findingRoutes } from '../finding/finding-routes.ts';
import { jobs } from '../finding/jobs.ts';
import type { TrialState } from '../finding/trials.ts';
import { configRoutes } from './config-routes.ts';
import { settingsSchemas } from './schemas.ts';
import { settingsRoutes } from './settings-routes.ts';

export const settingsApi = (api: Api, context: ApiContext): void => {
  const { config, trials } = context.parts;
  if (!config) return;
  const schemas = settingsSchemas(config);
  settingsRoutes(api, context, { document: config, schemas });
  configRoutes(api, context, config);
  if (!trials) return;
  const { clock } = context.deps;
  const trialJobs = jobs<TrialState>(clock);
  const parts = { document: config, trials, trialJobs, discoveries: jobs<DiscoveryState>(clock) };
  findingRoutes(api, context, parts);
  camerasRoutes(api, context, { ...parts, schemas });
};
