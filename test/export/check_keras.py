"""Loads exported models with Keras and compares its predictions with those of the engine.

usage: python check_keras.py FOLDER
FOLDER holds folders with model.h5 and case.json: `inputs`, a list of rows, and `outputs`, what the engine makes of them.
Prints the largest difference of each as JSON, and what could not be loaded. Needs keras, of version 2 or 3, with any backend.
"""

import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402

differences, failures = {}, {}
for case in sorted(pathlib.Path(sys.argv[1]).glob("*/case.json")):
    wanted = json.loads(case.read_text())
    try:
        model = keras.models.load_model(case.with_name("model.h5"), compile=False)
    except ValueError as error:
        failures[case.parent.name] = str(error)
        continue
    inputs = np.array(wanted["inputs"], dtype=np.float32).reshape((-1, *model.input_shape[1:]))
    predicted = np.asarray(model.predict(inputs, verbose=0))
    differences[case.parent.name] = float(np.abs(predicted - np.array(wanted["outputs"])).max())
print(json.dumps({"keras": keras.__version__, "differences": differences, "failures": failures}))
