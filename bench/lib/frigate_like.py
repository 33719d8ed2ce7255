#!/usr/bin/python3
"""Motion detection in the manner of Frigate, for one camera, as a yardstick: ffmpeg decodes and drops to 5 fps, the picture
is made 100 lines high, its contrast stretched and blurred, and compared with a running average; changes over a threshold
are dilated and their contours measured. A re-implementation from Frigate's description, without its object detector, shared
memory and second process: kinder to it than the original. Prints the seconds with motion on request (SIGUSR2)."""
import json
import signal
import subprocess
import sys

import cv2
import numpy as np

WIDTH, HEIGHT, FPS = 640, 360, 5
LINES, THRESHOLD, ALPHA, CONTOUR = 100, 30, 0.01, 10
cv2.setNumThreads(1)
moving = 0
signal.signal(signal.SIGUSR2, lambda *_: print(json.dumps({"moving": moving}), flush=True))

ffmpeg = subprocess.Popen(
    ["ffmpeg", "-v", "error", "-threads", "1", "-rtsp_transport", "tcp", "-i", sys.argv[1], "-r", str(FPS), "-s", f"{WIDTH}x{HEIGHT}", "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:"],
    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
size = (WIDTH * LINES // HEIGHT, LINES)
average = None
while True:
    raw = ffmpeg.stdout.read(WIDTH * HEIGHT * 3 // 2)
    if len(raw) < WIDTH * HEIGHT * 3 // 2:
        break
    luma = np.frombuffer(raw, np.uint8, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    small = cv2.resize(luma, size, interpolation=cv2.INTER_LINEAR)
    low, high = np.percentile(small, 4), np.percentile(small, 96)
    if high > low:
        small = np.clip((small.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
    small = cv2.GaussianBlur(small, (3, 3), 1)
    if average is None:
        average = small.astype(np.float32)
    difference = cv2.absdiff(small, cv2.convertScaleAbs(average))
    mask = cv2.dilate(cv2.threshold(difference, THRESHOLD, 255, cv2.THRESH_BINARY)[1], None, iterations=1)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if any(cv2.contourArea(contour) > CONTOUR for contour in contours):
        moving += 1
    cv2.accumulateWeighted(small, average, ALPHA)
