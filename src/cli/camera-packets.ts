// The packet source of every part of the program: our client, and behind it the library's for odd cameras.

import { rtspPacketSource } from '../adapters/rtsp/packet-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { PacketSource } from '../ports/packet-source.ts';
import { oddCameraSource } from '../watch/odd-camera-source.ts';
import { libavPacketSource } from './libav-source.ts';

export const cameraPackets = (clock: Clock): PacketSource =>
  oddCameraSource(rtspPacketSource({ clock }), libavPacketSource({ clock }));
