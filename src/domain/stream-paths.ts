// Where makes of cameras put their streams, for cameras that do not say so themselves. Sources: the makers' own pages on RTSP.

export interface StreamPaths {
  readonly make: string;
  readonly main: string;
  readonly sub: string;
}

/** The commonest first: each further path is one more question to a camera that may be slow. */
export const STREAM_PATHS: readonly StreamPaths[] = [
  { make: 'TP-Link', main: 'stream1', sub: 'stream2' },
  { make: 'Hikvision', main: 'Streaming/Channels/101', sub: 'Streaming/Channels/102' },
  { make: 'Dahua', main: 'cam/realmonitor?channel=1&subtype=0', sub: 'cam/realmonitor?channel=1&subtype=1' },
  { make: 'Reolink', main: 'h264Preview_01_main', sub: 'h264Preview_01_sub' },
  { make: 'Axis', main: 'axis-media/media.amp', sub: 'axis-media/media.amp?resolution=640x360' },
  { make: 'Uniview', main: 'media/video1', sub: 'media/video2' },
  { make: 'Foscam', main: 'videoMain', sub: 'videoSub' },
  { make: 'Vivotek', main: 'live1s1.sdp', sub: 'live1s2.sdp' },
  { make: 'Hanwha', main: 'profile2/media.smp', sub: 'profile3/media.smp' },
  { make: 'Generic', main: 'live/ch0', sub: 'live/ch1' },
  { make: 'Generic', main: '11', sub: '12' },
];

/** Other names of the same firmware, and brands that a maker sells under. */
const ALIASES: Readonly<Record<string, string>> = {
  tapo: 'TP-Link',
  vigi: 'TP-Link',
  hiwatch: 'Hikvision',
  annke: 'Hikvision',
  hilook: 'Hikvision',
  amcrest: 'Dahua',
  lorex: 'Dahua',
  imou: 'Dahua',
  samsung: 'Hanwha',
  wisenet: 'Hanwha',
};

/** All of them, those of `make` first. `make` as a camera or a person writes it. */
export const streamPaths = (make: string | undefined): readonly StreamPaths[] => {
  const said = make?.toLowerCase() ?? '';
  const alias = Object.entries(ALIASES).find(([name]) => said.includes(name))?.[1];
  const isOf = (paths: StreamPaths): boolean =>
    paths.make === alias || (said !== '' && said.includes(paths.make.toLowerCase()));
  return [...STREAM_PATHS.filter(isOf), ...STREAM_PATHS.filter((paths) => !isOf(paths))];
};
