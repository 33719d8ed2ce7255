// The program's entry, kept at the path that pm2 starts: `dist/motion-capture.js`. It starts the role and nothing else.
import { start } from './cli/start.ts';

await start();
