// A camera that plays one recorded stream for ever to as many clients as come, in a process of its own so that its CPU is not
// counted. Arguments: an MP4 file, its frames per second. Says its address to its parent.

import { openVideoFile } from '../src/adapters/av/video-file.ts';
import { clipOfAnnexB } from '../src/simulator/clip.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';

const [file = '', fps = '15'] = process.argv.slice(2);
using video = openVideoFile(file);
const bytes = Buffer.concat([...video.packets()].map((packet) => packet.bytes));
const clip = clipOfAnnexB(video.format?.codec ?? 'h264', Number(fps), bytes);
const camera = await simulatedCamera({ streams: { main: clip, sub: clip }, hasSound: false });
process.send?.({ main: camera.url('main'), sub: camera.url('sub') });
process.once('disconnect', () => process.exit());
