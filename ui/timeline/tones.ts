// The colour of a box before its photo is there: that of the same camera's photos at the same hour, learned from those that
// were seen. A yard at noon is green at noon tomorrow, and its nights are dark.

const tones = new Map<string, string>();
/** Of a camera, whatever the hour. */
const usual = new Map<string, string>();

const hourKey = (camera: string, time: string): string => `${camera} ${time.slice(0, 2)}`;

export const toneOf = (camera: string, time: string | undefined): string | undefined =>
  (time === undefined ? undefined : tones.get(hourKey(camera, time))) ?? usual.get(camera);

let canvas: CanvasRenderingContext2D | null | undefined;

/** When a picture with `data-camera` and `data-time` has come. Once for a camera and hour: reading a picture back costs a fraction of a millisecond. */
export const learnTone = ({ currentTarget }: Event): void => {
  const image = currentTarget as HTMLImageElement;
  const { camera = '', time = '' } = image.dataset;
  const key = hourKey(camera, time);
  if (tones.has(key)) return;
  canvas ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', {
    willReadFrequently: true,
  });
  if (!canvas) return;
  canvas.imageSmoothingQuality = 'high';
  canvas.drawImage(image, 0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  const tone = `rgb(${red} ${green} ${blue})`;
  tones.set(key, tone);
  usual.set(camera, tone);
};
