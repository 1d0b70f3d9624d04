"""What happens to a page between the printer and the reader: scanners, telephones, messengers.

Each kind is a function from a page at 300 dpi and a random generator to a `Shot`: the picture, how to store it, and the map
that carries points of the page to pixels of the picture. The map is what makes the truth exact after every distortion.
"""

import importlib.machinery
import importlib.util
import io
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
from PIL import Image, ImageFilter

DPI = 300


def _examples():
    """`examples/render`, whose office scanner and perspective are used here too."""
    path = Path(__file__).resolve().parents[2] / "examples" / "render"
    loader = importlib.machinery.SourceFileLoader("examples_render", str(path))
    spec = importlib.util.spec_from_loader("examples_render", loader)
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


EXAMPLES = _examples()


@dataclass
class Shot:
    """A picture of a page."""

    picture: Image.Image
    carry: Callable  # points of the page (pixels at 300 dpi, N x 2) to points of the picture
    quality: int = 80
    turn: int = 0  # clockwise, in degrees: how far the text stands turned in the picture
    exif: int = 1


def scaled(page, dpi):
    """The page at another resolution."""
    share = dpi / DPI
    return page.resize((round(page.width * share), round(page.height * share)), Image.LANCZOS), share


def turned(shot, degrees):
    """The picture turned clockwise."""
    width, height = shot.picture.size
    step = {90: lambda p: np.stack([height - p[:, 1], p[:, 0]], 1),
            180: lambda p: np.stack([width - p[:, 0], height - p[:, 1]], 1),
            270: lambda p: np.stack([p[:, 1], width - p[:, 0]], 1)}[degrees]
    carry = shot.carry
    return Shot(shot.picture.rotate(-degrees, expand=True), lambda p: step(carry(p)), shot.quality, degrees)


def resized(shot, long_side):
    """The picture as a messenger makes it small."""
    share = long_side / max(shot.picture.size)
    size = (round(shot.picture.width * share), round(shot.picture.height * share))
    carry = shot.carry
    return Shot(shot.picture.resize(size, Image.LANCZOS), lambda p: carry(p) * share, shot.quality, shot.turn)


def compressed(picture, quality):
    """The picture after one more JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


# ------------------------------------------------------------------------------------------------ paper

def desk(chance, width, height):
    """What lies under the page: wood, cloth, stone or plastic."""
    base = np.array([[126, 96, 66], [88, 92, 98], [168, 158, 140], [62, 54, 50], [112, 60, 44], [198, 200, 204]][int(chance.integers(0, 6))], np.float32)
    x, y = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
    grain = np.cumsum(chance.normal(0, 1.0, width)).astype(np.float32)[None, :]
    wave = 8 * np.sin(grain / 6 + 2 * np.sin(y / height * 5)) + 5 * np.sin(y / height * 40 + chance.uniform(0, 6))
    if chance.random() < 0.4:
        wave = 6 * np.sin(x / 5) * np.sin(y / 5) + 4 * np.sin(x / 160 + y / 220)
    return np.clip(base[None, None, :] + wave[:, :, None], 0, 255)


def waves(chance, width, height, depth, count=7):
    """A smooth field of displacement, as of paper that was crumpled and laid flat again."""
    rows = [(chance.uniform(1.5, 7) * math.pi / width * chance.choice([-1, 1]), chance.uniform(1.5, 7) * math.pi / height,
             chance.uniform(0, 6.3), chance.normal(0, depth), chance.normal(0, depth)) for _ in range(count)]

    def field(points):
        out = np.zeros_like(points)
        for fx, fy, phase, dx, dy in rows:
            wave = np.sin(points[:, 0] * fx + points[:, 1] * fy + phase)
            out[:, 0] += dx * wave
            out[:, 1] += dy * wave
        return out
    return field


def arc(chance, width, height, depth):
    """A page whose middle, or one side, does not touch the desk."""
    lean, side = chance.uniform(-0.4, 0.4), chance.uniform(0.8, 1.2) * chance.choice([-1, 1])

    def field(points):
        u, v = points[:, 0] / width, points[:, 1] / height
        rise = side * depth * (np.sin(math.pi * u) + 0.3 * np.sin(3 * math.pi * u)) * (1 + lean * (v - 0.5))
        squeeze = 0.35 * depth * np.sin(2 * math.pi * u)
        return np.stack([squeeze, rise], 1)
    return field


def project(numbers, points):
    a, b, c, d, e, f, g, h = numbers
    x, y = points[:, 0], points[:, 1]
    under = g * x + h * y + 1
    return np.stack([(a * x + b * y + c) / under, (d * x + e * y + f) / under], 1)


def corners_of(chance, width, height, lean, tilt, shape):
    """Where the four corners of the page come to lie in a picture of this size."""
    margin = chance.uniform(0.02, 0.06)
    high = height * (1 - 2 * margin)
    wide = min(high * shape, width * (1 - 2 * margin))
    high = wide / shape
    corners = np.array([(-wide / 2, -high / 2), (wide / 2, -high / 2), (wide / 2, high / 2), (-wide / 2, high / 2)])
    pinch, shear = chance.uniform(-lean, lean), chance.uniform(-lean, lean)
    corners[:, 0] *= 1 - np.array([max(pinch, 0), max(pinch, 0), max(-pinch, 0), max(-pinch, 0)])
    corners[:, 1] *= 1 - np.array([max(shear, 0), max(-shear, 0), max(-shear, 0), max(shear, 0)])
    corners += chance.uniform(-lean / 4, lean / 4, (4, 2)) * wide
    c, s = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    corners = corners @ np.array([[c, s], [-s, c]])
    room = np.array([width, height]) * (1 - margin)
    corners *= min(1, *(room / (corners.max(0) - corners.min(0))))
    return corners - (corners.max(0) + corners.min(0)) / 2 + np.array([width / 2, height / 2])


def lay(page, chance, size, lean=0.05, tilt=2.0, fields=()):
    """The page photographed from a little aside, on a desk: the picture and the map of its points."""
    width, height = size
    share = min(1.0, height / page.height * 1.02)
    small, share = scaled(page, DPI * share)
    corners = corners_of(chance, width, height, lean, chance.uniform(-tilt, tilt), small.width / small.height)
    frame = [(0, 0), (small.width, 0), (small.width, small.height), (0, small.height)]
    out, back = EXAMPLES.coefficients(frame, corners), EXAMPLES.coefficients(corners, frame)
    shift = [make(small.width, small.height) for make in fields]
    moved = lambda points: sum((field(points) for field in shift), np.zeros_like(points))

    def inverse(points):
        flat = project(back, points)
        found = flat.copy()
        for _ in range(4):
            found = flat - moved(found)
        return found

    step = 40 if shift else max(size)
    xs = np.unique(np.append(np.arange(0, width, step), width)).astype(float)
    ys = np.unique(np.append(np.arange(0, height, step), height)).astype(float)
    if shift:
        grid = inverse(np.array([(x, y) for y in ys for x in xs])).reshape(len(ys), len(xs), 2)
        mesh = [((int(xs[i]), int(ys[j]), int(xs[i + 1]), int(ys[j + 1])),
                 (*grid[j, i], *grid[j + 1, i], *grid[j + 1, i + 1], *grid[j, i + 1]))
                for j in range(len(ys) - 1) for i in range(len(xs) - 1)]
        warp = lambda image, how: image.transform(size, Image.MESH, mesh, how)
    else:
        warp = lambda image, how: image.transform(size, Image.PERSPECTIVE, back, how)
    # A rim of paper, so that the edge of the page is not ragged.
    laid, mask = warp(small, Image.BICUBIC), warp(Image.new("L", small.size, 255), Image.BILINEAR)
    mask = mask.filter(ImageFilter.MinFilter(3))
    under = np.asarray(mask.resize((width // 4, height // 4)).filter(ImageFilter.GaussianBlur(6)).resize(size), np.float32)[:, :, None] / 255
    ground = desk(chance, width, height) * (1 - 0.45 * np.roll(under, (16, 12), (0, 1)))
    picture = Image.fromarray(np.clip(ground, 0, 255).astype("uint8"))
    picture.paste(laid, (0, 0), mask)

    def carry(points):
        points = np.asarray(points, float) * share
        return project(out, points + moved(points))
    return Shot(picture, carry)


# ------------------------------------------------------------------------------------------------ light

def grid_of(picture):
    y, x = np.mgrid[0:picture.height, 0:picture.width].astype(np.float32)
    return x / picture.width, y / picture.height


def lit(picture, chance, slope=0.17, shadow=0.22, level=0.90):
    """Light from one side, the soft shadow of the hand that holds the telephone from the other, and a warm or cold lamp."""
    x, y = grid_of(picture)
    turn = chance.uniform(0, 2 * np.pi)
    light = level + slope * ((x - 0.5) * np.cos(turn) + (y - 0.5) * np.sin(turn))
    cx, cy = chance.uniform(0.1, 0.9), chance.choice([chance.uniform(0.85, 1.1), chance.uniform(-0.1, 0.2)])
    light -= shadow * np.exp(-(((x - cx) / 0.42) ** 2 + ((y - cy) / 0.30) ** 2))
    if chance.random() < 0.5:  # the straight edge of the telephone's own shadow
        slant = chance.uniform(-0.5, 0.5)
        edge = (x - chance.uniform(0.3, 0.7) + slant * (y - 0.5)) * 26
        light -= shadow * 0.7 / (1 + np.exp(np.clip(edge, -30, 30)))
    tint = np.array([[1.0, 0.975, 0.91], [0.965, 0.985, 1.0], [1.0, 0.985, 0.955], [0.99, 1.0, 0.95]][int(chance.integers(0, 4))], np.float32)
    return np.asarray(picture, np.float32) * light[:, :, None] * tint


def to_image(array):
    return Image.fromarray(np.clip(array, 0, 255).astype("uint8"))


def noisy(array, chance, strength):
    """The noise of a small sensor: in light and, softer, in colour."""
    height, width = array.shape[:2]
    array += chance.normal(0, strength, (height, width, 1)).astype(np.float32)
    colour = chance.normal(0, strength * 0.7, (height // 2 + 1, width // 2 + 1, 3)).astype(np.float32)
    array += np.repeat(np.repeat(colour, 2, 0), 2, 1)[:height, :width]
    return array


def shaken(picture, chance, length):
    """Blur of a hand that moved while the shutter was open."""
    angle = chance.uniform(0, math.pi)
    size = 7
    kernel = np.zeros((size, size))
    for t in np.linspace(-length / 2, length / 2, 31):
        x, y = size // 2 + t * math.cos(angle), size // 2 + t * math.sin(angle)
        i, j = int(math.floor(y)), int(math.floor(x))
        for di, dj in ((0, 0), (0, 1), (1, 0), (1, 1)):
            if 0 <= i + di < size and 0 <= j + dj < size:
                kernel[i + di, j + dj] += (1 - abs(y - i - di)) * (1 - abs(x - j - dj))
    array = np.asarray(picture, np.float32)
    padded = np.pad(array, ((3, 3), (3, 3), (0, 0)), "edge")
    out = np.zeros_like(array)
    for i in range(size):
        for j in range(size):
            if kernel[i, j] > 0:
                out += padded[i : i + array.shape[0], j : j + array.shape[1]] * (kernel[i, j] / kernel.sum())
    return to_image(out)


def blurred(picture, radius):
    return picture.filter(ImageFilter.GaussianBlur(radius))


# ------------------------------------------------------------------------------------------------ kinds

PHOTO = (1860, 2480)


def clean(page, chance):
    """A good flatbed scanner at 200 dpi."""
    small, share = scaled(page, 200)
    return Shot(small.convert("L"), lambda p: p * share, 90)


def scan(page, chance):
    """An office scanner: grey, askew, speckled, with a dark edge."""
    small, share = scaled(page, 200)
    angle = float(chance.uniform(0.3, 1.3) * chance.choice([-1, 1]))
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    centre = np.array([small.width / 2, small.height / 2])
    picture = EXAMPLES.scan(small, chance, {"skew": angle})
    return Shot(picture, lambda p: (p * share - centre) @ np.array([[c, -s], [s, c]]) + centre, 72)


def photo(page, chance):
    """A page on a desk, with perspective and a shadow."""
    shot = lay(page, chance, PHOTO, 0.07, 3.0)
    array = lit(shot.picture, chance, 0.2, 0.26)
    shot.picture = to_image(noisy(np.asarray(blurred(to_image(array), 0.8), np.float32), chance, 2.4))
    shot.quality = 70
    return shot


def sideways(page, chance):
    """Lying on its side, and not quite in focus."""
    shot = lay(page, chance, PHOTO, 0.05, 2.5)
    array = lit(shot.picture, chance, 0.15, 0.18)
    picture = blurred(shaken(to_image(array), chance, chance.uniform(1.5, 3.0)), chance.uniform(0.9, 1.25))
    shot.picture = to_image(noisy(np.asarray(picture, np.float32), chance, 2.0))
    shot.quality = 72
    return turned(shot, 90)


def messenger(page, chance):
    """Sent through a messenger: 1600 pixels, compressed twice."""
    shot = lay(page, chance, PHOTO, 0.05, 2.0)
    array = noisy(lit(shot.picture, chance, 0.15, 0.15, 0.94), chance, 2.0)
    shot.picture = compressed(blurred(to_image(array), 0.6), 80)
    shot = resized(shot, 1600)
    shot.quality = 50
    return shot


def upside_down(page, chance):
    """Held the wrong way round, in a room with little light."""
    shot = lay(page, chance, PHOTO, 0.06, 3.0)
    array = noisy(lit(shot.picture, chance, 0.18, 0.2, 0.82), chance, 8.0)
    shot.picture = blurred(to_image(array), 0.7)
    shot.quality = 66
    return turned(shot, 180)


def curl(page, chance):
    """A page that does not lie flat: its lines are arcs."""
    depth = chance.uniform(0.006, 0.015)
    shot = lay(page, chance, PHOTO, 0.05, 2.0, [lambda w, h: arc(chance, w, h, depth * h)])
    array = lit(shot.picture, chance, 0.2, 0.2)
    shot.picture = to_image(noisy(np.asarray(blurred(to_image(array), 0.8), np.float32), chance, 2.4))
    shot.quality = 72
    return shot


def dim(page, chance):
    """In the evening, without a lamp, and compressed hard."""
    shot = lay(page, chance, (1680, 2240), 0.05, 2.5)
    array = lit(shot.picture, chance, 0.16, 0.16, 0.48) + 10
    shot.picture = blurred(to_image(noisy(array, chance, 4.5)), 0.75)
    shot.quality = 40
    return shot


def messenger_turned(page, chance):
    """Sent through a messenger, lying on its other side."""
    shot = turned(messenger(page, chance), 270)
    shot.quality = 50
    return shot


def moire(page, chance):
    """A page on a screen, taken with few pixels: the grids of screen and sensor beat."""
    shot = lay(page, chance, (1320, 1760), 0.04, 2.0)
    x, y = grid_of(shot.picture)
    width, height = shot.picture.size
    array = np.asarray(shot.picture, np.float32)
    bow = 1 + 0.03 * (x - 0.5) ** 2 + 0.02 * (y - 0.5) ** 2
    for channel in range(3):
        phase = channel * 2.1 + chance.uniform(0, 0.4)
        fine = np.sin(2 * np.pi * (x * width / 3.02 + y * height / 61) * bow + phase)
        coarse = np.sin(2 * np.pi * (x * width / 47 + y * height / 33) * bow + phase)
        array[:, :, channel] *= 0.90 + 0.07 * fine + 0.055 * coarse
    array *= (0.97 + 0.03 * np.sin(2 * np.pi * y * height / 90 * bow))[:, :, None]
    shot.picture = blurred(to_image(noisy(array, chance, 3.0)), 0.55)
    shot.quality = 68
    return shot


def glare(page, chance):
    """Pale print under a lamp whose reflection lies on the page."""
    shot = lay(page, chance, PHOTO, 0.05, 2.5)
    array = lit(shot.picture, chance, 0.12, 0.12, 0.94)
    array = 92 + (array - 20) * (0.52, 0.58, 0.64)[int(chance.integers(0, 3))]
    x, y = grid_of(shot.picture)
    cx, cy = chance.uniform(0.2, 0.8, 2)
    spot = np.exp(-(((x - cx) / 0.22) ** 2 + ((y - cy) / 0.13) ** 2))[:, :, None] * 0.68
    array = array * (1 - spot) + 252 * spot
    shot.picture = to_image(noisy(np.asarray(blurred(to_image(array), 0.8), np.float32), chance, 2.2))
    shot.quality = 74
    return shot


def crumpled(page, chance):
    """Twelve megapixels of a page that was in a pocket."""
    size = (3024, 4032)
    shot = lay(page, chance, size, 0.06, 3.5, [lambda w, h: waves(chance, w, h, 3.2)])
    array = lit(shot.picture, chance, 0.25, 0.25, 0.88)
    x, y = grid_of(shot.picture)
    for _ in range(9):  # creases: a bright side and a dark side
        turn, offset = chance.uniform(0, np.pi), chance.uniform(0.1, 0.9)
        across = (x - offset) * np.cos(turn) + (y - chance.uniform(0.1, 0.9)) * np.sin(turn) + 0.006 * np.sin(9 * y + 7 * x)
        side = 0.07 * np.exp(-((across + 0.002) / 0.0025) ** 2) - 0.13 * np.exp(-((across - 0.002) / 0.003) ** 2)
        array *= (1 + side + 0.03 * np.tanh(across * 60))[:, :, None]
    picture = blurred(to_image(array), 1.3)
    shot.picture = to_image(noisy(np.asarray(picture, np.float32), chance, 3.0))
    shot.quality = 78
    return shot


def exif(page, chance):
    """Stored lying; a tag tells the viewer to turn it."""
    shot = photo(page, chance)
    shot.exif = int(chance.choice([3, 6, 8]))
    return shot


KINDS = {
    "clean": clean, "scan": scan, "photo": photo, "sideways-90": sideways, "messenger": messenger, "noise-180": upside_down,
    "curl": curl, "dim": dim, "messenger-270": messenger_turned, "moire": moire, "glare": glare, "crumpled": crumpled, "exif": exif,
}


def store(shot, path):
    """Writes the picture as its kind is stored."""
    picture, extra = shot.picture, {}
    if shot.exif != 1:
        picture = picture.rotate({6: 90, 8: -90, 3: 180}[shot.exif], expand=True)
        tags = Image.Exif()
        tags[0x0112] = shot.exif
        extra["exif"] = tags
    picture.save(path, "JPEG", quality=shot.quality, **extra)
