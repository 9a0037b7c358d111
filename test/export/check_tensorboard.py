"""What TensorBoard shows of a folder that `nightsweep export --format tensorboard` has written.

Usage: python check_tensorboard.py FOLDER

Prints JSON: every scalar, read by TensorBoard's own loader, and what the HParams plugin answers over HTTP from a
TensorBoard that is started on the folder.
"""

import json
import logging
import os
import sys
import time
import urllib.request

logging.disable(logging.WARNING)

from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

STATUSES = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
DEADLINE = 60  # seconds


def runs_in(folder):
    return sorted(os.path.relpath(place, folder) for place, _, files in os.walk(folder) if files)


def scalars_of(folder, run):
    events = EventAccumulator(os.path.join(folder, run)).Reload()
    tags = {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}
    return {tag: {"steps": len(series), "last": series[-1].value} for tag, series in tags.items()}


def start(folder):
    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", "0", "--load_fast=false"])
    return board.launch().rstrip("/")


def post(url, **message):
    body = json.dumps({"experimentName": "", **message}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def loaded(url, runs):
    """Waits until it has read all runs."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{url}/data/runs") as answer:
            if set(json.load(answer)) >= set(runs):
                return
        time.sleep(0.2)
    sys.exit(f"TensorBoard did not read all {len(runs)} runs within {DEADLINE} s")


def main(folder):
    runs = runs_in(folder)
    url = start(folder)
    loaded(url, runs)
    experiment = post(f"{url}/data/plugin/hparams/experiment")
    found = post(
        f"{url}/data/plugin/hparams/session_groups",
        allowedStatuses=STATUSES,
        colParams=[],
        startIndex=0,
        sliceSize=10_000,
    )
    objective = experiment["metricInfos"][0]["name"]["tag"]

    def values(group):
        return {metric["name"]["tag"]: metric["value"] for metric in group.get("metricValues", [])}

    return {
        "scalars": {run: scalars_of(folder, run) for run in runs},
        "hparams": {
            info["name"]: [info["type"], info.get("domainDiscrete") or info.get("domainInterval")]
            for info in experiment["hparamInfos"]
        },
        "metrics": [info["displayName"] for info in experiment["metricInfos"]],
        "groups": {
            group["name"]: {
                "hparams": group["hparams"],
                "objective": values(group).get(objective),
                "statuses": [session["status"] for session in group["sessions"]],
            }
            for group in found["sessionGroups"]
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
