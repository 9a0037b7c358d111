"""Makes the expected values of reference.test.ts with SciPy and statsmodels.

    python3 -m venv v && v/bin/pip install numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 statsmodels==0.15.0
    v/bin/python test/statistics/reference/make_reference.py

sweep.csv are the results of a real sweep, as exported by

    nightsweep run sweeps/quickstart.yaml --set train.epochs=4 --set replicates=4
    nightsweep sql 'SELECT config, replicate, dropout, l2, batch_size, test_accuracy FROM quickstart
                    ORDER BY config, replicate' --format csv
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

HERE = Path(__file__).parent
rng = np.random.default_rng(7)


def factor(n, folds):
    """Variance of a mean in units of that of one number: Nadeau and Bengio (2003) for folds."""
    return 1 / n + (0 if folds is None else 1 / (folds - 1))


def config_row(row, folds):
    known = row[~np.isnan(row)]
    n = len(known)
    if n == 0:
        return None
    if n == 1:
        return {"n": n, "mean": known[0], "interval": None}
    if folds is None:
        interval = stats.t.interval(0.95, n - 1, loc=known.mean(), scale=stats.sem(known))
    else:
        scale = known.std(ddof=1) * np.sqrt(factor(n, folds))
        interval = stats.t.interval(0.95, n - 1, loc=known.mean(), scale=scale)
    return {"n": n, "mean": known.mean(), "interval": interval}


def against_baseline(values, baseline, folds):
    rows = []
    for config, row in enumerate(values):
        if config == baseline:
            continue
        differences = row - values[baseline]
        differences = differences[~np.isnan(differences)]
        n = len(differences)
        if n == 0:
            continue
        difference = differences.mean()
        made = {"config": config, "n": n, "difference": difference, "std": None, "p_value": None}
        if n > 1:
            made["std"] = differences.std(ddof=1)
            if folds is None:
                test = stats.ttest_rel(row, values[baseline], nan_policy="omit")
                made["p_value"] = float(test.pvalue)
            else:
                t = difference / (made["std"] * np.sqrt(factor(n, folds)))
                made["p_value"] = 2 * stats.t.sf(abs(t), n - 1)
        rows.append(made)
    tested = [row for row in rows if row["p_value"] is not None]
    adjusted = multipletests([row["p_value"] for row in tested], 0.05, "holm")
    for row, p, rejected in zip(tested, adjusted[1], adjusted[0]):
        half = stats.t.isf(0.025 / len(tested), row["n"] - 1) * row["std"] * np.sqrt(factor(row["n"], folds))
        row["p_adjusted"] = p
        row["claimed"] = bool(rejected)
        row["interval"] = [row["difference"] - half, row["difference"] + half]
        row["effect_size"] = row["difference"] / row["std"]
    return rows


def against_best(values, goal, folds):
    """Of configs that have all replicates. Tukey's, on the residual variance of a two-way layout of the leading configs, or of the pair."""
    means = values.mean(axis=1)
    order = np.argsort(-means if goal == "maximize" else means, kind="stable")
    best = int(order[0])
    pooled = order[: max(10, int(np.ceil(0.1 * len(values))))]
    frame = pd.DataFrame(
        [(config, replicate, values[config, replicate]) for config in pooled for replicate in range(values.shape[1])],
        columns=["config", "replicate", "y"],
    )
    fit = ols("y ~ C(config) + C(replicate)", frame).fit()
    critical = stats.studentized_range.isf(0.05, len(values), fit.df_resid)
    rows = []
    for config in range(len(values)):
        if config == best:
            continue
        difference = means[config] - means[best]
        own = (values[config] - values[best]).var(ddof=1) / 2
        error = np.sqrt(max(fit.mse_resid, own) * factor(values.shape[1], folds))
        margin = critical * error
        p = stats.studentized_range.sf(abs(difference) / error, len(values), fit.df_resid)
        rows.append({"config": config, "difference": difference, "p_adjusted": p, "interval": [difference - margin, difference + margin]})
    return {"best": best, "rows": rows}


def sweep(name, values, *, goal="maximize", baseline=0, folds=None, params=None, best=True):
    made = {
        "name": name,
        "goal": goal,
        "baseline": baseline,
        "folds": folds,
        "objectives": values,
        "params": params,
        "configs": [config_row(row, folds) for row in values],
        "against_baseline": against_baseline(values, baseline, folds),
        "against_best": against_best(values, goal, folds) if best else None,
        "anova": anova(values, params) if params else None,
        "main_effects": main_effects(values, params) if params else None,
    }
    return made


def anova(values, params):
    """Every parameter and every two, type II, with replicates as blocks; noise is what neither configs nor replicates explain."""
    names = list(params[0])
    frame = pd.DataFrame(
        [
            {**config, "replicate": replicate, "y": values[index, replicate]}
            for index, config in enumerate(params)
            for replicate in range(values.shape[1])
        ]
    )
    everything = "*".join(f"C({name})" for name in names)
    table = anova_lm(ols(f"y ~ {everything} + C(replicate)", frame).fit(), typ=2)
    between = table["sum_sq"].drop(["C(replicate)", "Residual"]).sum()
    terms = [term for term in table.index if term.count(":") < 2 and term not in ("C(replicate)", "Residual")]
    adjusted = multipletests(table.loc[terms, "PR(>F)"], 0.05, "holm")[1]
    return [
        {
            "parameters": [part[2:-1] for part in term.split(":")],
            "share": table.loc[term, "sum_sq"] / between,
            "f": table.loc[term, "F"],
            "df": table.loc[term, "df"],
            "df_error": table.loc["Residual", "df"],
            "p_value": table.loc[term, "PR(>F)"],
            "p_adjusted": p,
        }
        for term, p in zip(terms, adjusted)
    ]


def main_effects(values, params):
    rows = []
    for name in params[0]:
        for value in sorted({config[name] for config in params}):
            blocks = values[[config[name] == value for config in params]].mean(axis=0)
            interval = stats.t.interval(0.95, len(blocks) - 1, loc=blocks.mean(), scale=stats.sem(blocks))
            rows.append({"parameter": name, "value": value, "mean": blocks.mean(), "interval": interval, "effect": blocks.mean() - values.mean()})
    return rows


def exported():
    frame = pd.read_csv(HERE / "sweep.csv")
    names = ["dropout", "l2", "batch_size"]
    values = frame.pivot(index="config", columns="replicate", values="test_accuracy").to_numpy()
    params = frame.groupby("config")[names].first().to_dict("records")
    return sweep("a sweep of networks", values, params=params)


def grid():
    params = [{"a": a, "b": b, "c": c} for a in range(2) for b in range(3) for c in range(4)]
    means = np.array([p["a"] + 0.5 * p["b"] * p["c"] + 0.3 * p["a"] * p["c"] * p["b"] for p in params])
    return sweep("a grid", means[:, None] + rng.normal(size=(24, 1)) * 0.1 + rng.normal(size=5) + rng.normal(size=(24, 5)), params=params, goal="minimize", baseline=3)


def with_missing():
    values = rng.normal(size=(7, 6)) * 0.02 + np.linspace(0, 0.06, 7)[:, None]
    values[1, 2] = values[3, 0] = values[3, 5] = values[0, 4] = np.nan
    values[5, 1:] = np.nan
    values[6, :] = np.nan
    return sweep("missing replicates", values, best=False)


def table():
    """The studentized range, where SciPy's own integration is good to 1e-10."""
    rows = []
    for means, degrees in [(2, 1), (2, 9), (2, 81), (3, 2), (5, 18), (10, 9), (10, 81), (37, 81), (100, 36), (100, 891), (1000, 300), (10000, 300), (10000, 8991)]:
        points = [0.3, 1, 2.5, 4, 5.5, 8, 15]
        rows.append(
            {
                "means": means,
                "degrees": degrees,
                "upper_point": stats.studentized_range.isf(0.05, means, degrees),
                "tails": [[q, stats.studentized_range.sf(q, means, degrees)] for q in points],
            }
        )
    return rows


def shares():
    return [
        {"rows": rows, "right": right, "interval": proportion_confint(right, rows, 0.05, "wilson")}
        for rows, right in [(70, 66), (70, 70), (30, 0), (500, 423), (10000, 9812), (1, 1)]
    ]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(each) for each in value]
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    return value.item() if isinstance(value, np.generic) else value


made = {
    "sweeps": [
        exported(),
        grid(),
        sweep("many replicates", rng.normal(size=(10, 30)) + rng.normal(size=30) * 3 + np.arange(10)[:, None] * 0.2),
        sweep("two configs", rng.normal(size=(2, 10)) + np.array([[0], [1.5]])),
        sweep("more configs than share their noise", rng.normal(size=(120, 4)) * 0.1 - np.linspace(0, 1, 120)[:, None], goal="minimize"),
        sweep("folds", rng.normal(size=(4, 10)) * 0.05 + np.array([[0], [0.1], [0], [0.2]]), folds=5),
        with_missing(),
    ],
    "studentized_range": table(),
    "shares": shares(),
}
(HERE / "expected.json").write_text(json.dumps(plain(made), separators=(",", ":")) + "\n")
