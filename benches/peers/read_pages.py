"""Reads pictures with one peer, and writes what it read as JSON lines for the scorer of `cartulary-benches pages`.

usage: read_pages.py PEER FOLDER LIST.jsonl THREADS    PEER is rapidocr or tesseract; the pictures named in LIST are read
       read_pages.py name PEER                         its name and version
The first picture is read once more before: loading is not counted, as it is not with ours.
"""

import csv
import io
import json
import logging
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version

import numpy as np
from PIL import Image, ImageOps


def opened(path):
    """The picture as a viewer shows it."""
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def rapidocr(threads):
    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": threads, "EngineConfig.onnxruntime.inter_op_num_threads": 1})

    def read(path):
        found = engine(np.asarray(opened(path))[:, :, ::-1])
        if found.boxes is None:
            return None, []
        rows = zip(found.txts, found.boxes, found.scores)
        return None, [{"text": text, "quad": np.asarray(box, float).round(1).tolist(), "confidence": float(sure)} for text, box, sure in rows]
    return read


def tesseract(threads):
    environment = {**os.environ, "OMP_THREAD_LIMIT": str(threads)}

    def call(*arguments):
        return subprocess.run(["tesseract", *arguments], capture_output=True, env=environment).stdout.decode("utf-8", "replace")

    def read(path):
        with tempfile.TemporaryDirectory() as work:
            picture, name = opened(path), f"{work}/page.png"
            picture.save(name, compress_level=1)
            told = re.search(r"Rotate: (\d+)", call(name, "stdout", "--psm", "0", "-l", "osd"))
            turn = int(told.group(1)) if told else 0
            width, height = picture.size
            if turn:
                picture.rotate(-turn, expand=True).save(name, compress_level=1)
            table = call(name, "stdout", "--psm", "3", "-l", "chi_sim+eng", "tsv")
        # From the upright picture back to the one that was sent.
        back = {0: lambda x, y: (x, y), 90: lambda x, y: (y, height - x), 180: lambda x, y: (width - x, height - y), 270: lambda x, y: (width - y, x)}[turn]
        lines = []
        for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == "5" and row["text"].strip():
                left, top = int(row["left"]), int(row["top"])
                right, bottom = left + int(row["width"]), top + int(row["height"])
                quad = [back(left, top), back(right, top), back(right, bottom), back(left, bottom)]
                lines.append({"text": row["text"], "quad": quad, "confidence": float(row["conf"]) / 100})
        return (360 - turn) % 360, lines
    return read


def spent():
    """Processor time of this process and of those that it ran."""
    of = lambda who: sum(resource.getrusage(who)[:2])
    return of(resource.RUSAGE_SELF) + of(resource.RUSAGE_CHILDREN)


def megabytes(peer):
    who = resource.RUSAGE_CHILDREN if peer == "tesseract" else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss * 1024 / 1e6


def name_of(peer):
    if peer == "tesseract":
        return "Tesseract " + subprocess.run(["tesseract", "--version"], capture_output=True).stdout.decode().split()[1]
    return "RapidOCR " + version("rapidocr")


def main():
    if sys.argv[1] == "name":
        return print(name_of(sys.argv[2]))
    peer, folder, listed, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    read = {"rapidocr": rapidocr, "tesseract": tesseract}[peer](threads)
    with open(listed, encoding="utf-8") as lines:
        files = [json.loads(line)["file"] for line in lines]
    read(f"{folder}/{files[0]}")
    for file in files:
        begun, cpu = time.perf_counter(), spent()
        turn, lines = read(f"{folder}/{file}")
        row = {"file": file, "turn": turn, "millis": (time.perf_counter() - begun) * 1e3, "cpu_millis": (spent() - cpu) * 1e3,
               "rss_mb": megabytes(peer), "lines": lines}
        print(json.dumps(row, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
