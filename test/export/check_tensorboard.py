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


def load(folder, run):
    events = EventAccumulator(os.path.join(folder, run)).Reload()
    series = {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}
    scalars = {tag: {"steps": len(each), "last": each[-1].value} for tag, each in series.items()}
    return {"scalars": scalars, "is_session": "_hparams_/session_start_info" in events.Tags()["tensors"]}


def start(folder):
    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", "0", "--load_fast=false"])
    return board.launch().rstrip("/")


def post(url, **message):
    body = json.dumps({"experimentName": "", **message}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def session_groups(url, sessions):
    """All groups: TensorBoard reads the runs one after another."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = post(
            f"{url}/data/plugin/hparams/session_groups",
            allowedStatuses=STATUSES,
            colParams=[],
            startIndex=0,
            sliceSize=10_000,
        )
        groups = found.get("sessionGroups", [])
        if sum(len(group["sessions"]) for group in groups) == sessions:
            return groups
        time.sleep(0.2)
    sys.exit(f"TensorBoard did not find all {sessions} sessions within {DEADLINE} s")


def main(folder):
    runs = {run: load(folder, run) for run in runs_in(folder)}
    url = start(folder)
    groups = session_groups(url, sum(run["is_session"] for run in runs.values()))
    experiment = post(f"{url}/data/plugin/hparams/experiment")
    objective = experiment["metricInfos"][0]["name"]["tag"]

    def values(group):
        return {metric["name"]["tag"]: metric["value"] for metric in group.get("metricValues", [])}

    return {
        "scalars": {name: run["scalars"] for name, run in runs.items()},
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
            for group in groups
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
