import type { Command } from 'commander';
import { systemClock } from '../../adapters/system/clock.ts';
import { seconds } from '../../domain/units.ts';
import { reportPage } from '../../web/report-page.ts';
import { makeReport } from '../camera-report.ts';
import { openOnvifCamera } from '../onvif-camera.ts';
import { languageOfEnvironment } from '../trouble.ts';
import { reportJson, reportText } from './report-text.ts';

interface ReportOptions {
  readonly json?: boolean;
  readonly html?: boolean;
  readonly listen: string;
}

export const reportCommand = (program: Command): void => {
  program
    .command('report')
    .description('ask a camera for everything an owner may require of it, and say what is proven')
    .argument('[camera]', 'name of a configured camera, or an address (STILLWATCH_USER and STILLWATCH_PASSWORD log in)')
    .option('--json', 'print JSON')
    .option('--html', 'print one page for a browser or a printer')
    .option('--listen <seconds>', 'how long to listen for events; walk through the picture meanwhile', '10')
    .action(async (camera: string | undefined, options: ReportOptions) => {
      const { signal } = new AbortController();
      const listen = seconds(Math.min(600, Math.max(1, Number(options.listen) || 10)));
      await using client = await openOnvifCamera(camera, signal);
      const report = await makeReport(
        {
          client,
          clock: systemClock(),
          listen,
          progress: (what) => process.stderr.write(`asking: ${what}\n`),
          name: camera ?? client.address.hostname,
        },
        signal,
      );
      const language = languageOfEnvironment(process.env);
      const print = options.json ? reportJson : options.html ? reportPage : reportText;
      process.stdout.write(print(report, language));
    });
};
