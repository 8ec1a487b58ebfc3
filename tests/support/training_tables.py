"""Tables of trained networks, made up, that show what is expected of them."""

import itertools

import numpy as np
import pandas as pd

PS = (1.0, 2.0, np.inf)


def random_features_table(
    n_samples=(1000,), noises=(0.0, 0.1, 0.2), restarts=5, ratios=None, spread=0.05, seed=0
):
    """Errors, losses and norms peak at features = n; the peak grows with the noise."""
    rng = np.random.default_rng(seed)
    ratios = np.geomspace(0.1, 10, 13) if ratios is None else ratios
    rows = []
    for n, noise, ratio, restart in itertools.product(n_samples, noises, ratios, range(restarts)):
        near = 1 / (0.03 + abs(np.log(ratio)))
        base = 0.06 * ratio**-0.3 if ratio < 1 else 0.05 * ratio**-0.3
        jitter = np.exp(spread * rng.standard_normal(2))
        rows.append(
            {
                "dataset": "mnist",
                "n_samples": n,
                "label_noise": noise,
                "n_features": round(ratio * n),
                "restart": restart,
                "seed": restart,
                "train_error": 0.1 * (1 - ratio) * (1 + noise) if round(ratio * n) < n else 0.0,
                "test_error": (base + (0.005 + 0.02 * noise) * near) * jitter[0],
                "train_loss": 0.2 * (1 - ratio) if ratio < 0.999 else 1e-26,
                "test_loss": (base + (0.5 + 2 * noise) * near**2 / 10) * jitter[1],
                "norm": (ratio if ratio < 1 else ratio**-0.5) * near * jitter[1],
            }
        )
    return pd.DataFrame(rows)


def double_descent_table(
    noises=(0.0, 0.1, 0.2), restarts=3, n_samples=4000, reuse=(0, 1), spread=0.03, height=1.0
):
    """784-H-10 networks whose test loss peaks near H = 50, ten times less without reuse."""
    rng = np.random.default_rng(1)
    rows = []
    sizes = (1, 2, 4, 8, 16, 25, 35, 43, 50, 58, 70, 100, 160, 250)
    for reused, noise, width, restart in itertools.product(reuse, noises, sizes, range(restarts)):
        ratio = 795 * width / (10 * n_samples)
        bump = np.exp(-((np.log(ratio) / 0.35) ** 2)) * height * (1 if reused else 0.1)
        base = 0.04 + 0.2 / width + 0.05 * noise
        jitter = np.exp(spread * rng.standard_normal(2))
        rows.append(
            {
                "dataset": "mnist",
                "n_samples": n_samples,
                "label_noise": noise,
                "reuse": reused,
                "width": width,
                "n_parameters": 795 * width + 10,
                "restart": restart,
                "seed": restart,
                "epochs": 6000,
                "train_error": max(0.0, 0.6 * (1 - ratio)) / width,
                "test_error": min(0.9, (base + 0.1 * bump * (0.5 + noise)) * jitter[0]),
                "train_loss": max(1e-5, 0.6 * (1 - ratio) / width),
                "test_loss": (base + 0.15 * bump * (0.5 + 4 * noise)) * jitter[1],
                "seconds": 1.0,
            }
        )
    return pd.DataFrame(rows)


def threshold_table(
    datasets=("moons", "mnist_1v8", "mnist"),
    sizes=(250, 500, 1000, 2000, 4000),
    restarts=5,
    spread=0.08,
    factor=3.0,
    power=0.8,
):
    """Widths grow as N^0.3 with true labels, and as `factor` (N / 250)^power more with random."""
    shapes = {"moons": (2, 2), "mnist_1v8": (784, 2), "mnist": (784, 10)}
    rng = np.random.default_rng(2)
    rows = []
    for dataset, labels, n, restart in itertools.product(
        datasets, ("true", "random"), sizes, range(restarts)
    ):
        d, outputs = shapes[dataset]
        law = 4 * (n / 250) ** 0.3 if labels == "true" else 4 * factor * (n / 250) ** power
        law *= 12 if dataset == "moons" else 1
        width = max(1, round(law * np.exp(spread * rng.standard_normal())))
        rows.append(
            {
                "dataset": dataset,
                "labels": labels,
                "n_samples": n,
                "restart": restart,
                "seed": restart,
                "threshold_width": width,
                "failed_width": width - 1,
                "n_parameters": (d + 1 + outputs) * width + outputs,
                "steps": 1000,
                "seconds": 1.0,
            }
        )
    return pd.DataFrame(rows).astype({"threshold_width": float})


def with_constructed(rows, factors=(10, 15)):
    """Searches over trained networks, and over constructed ones with more parameters.

    So many times as many with true and with random labels, and 7 more.
    """
    own = rows.assign(network="trained", separation=0.2)
    factor = own["labels"].map(dict(zip(("true", "random"), factors, strict=True)))
    made = own.assign(network="constructed", n_parameters=factor * own["n_parameters"] + 7)
    return pd.concat([own, made])


def robustness_table(images=200, restarts=2, seed=4):
    """Certified < local < PGD < FGSM, which fails on some images; before, few are correct."""
    rng = np.random.default_rng(seed)
    scale = {1.0: 20.0, 2.0: 2.0, np.inf: 0.1}
    rows = []
    for restart, stage, image in itertools.product(
        range(restarts), ("before", "after"), range(images)
    ):
        correct = int(rng.random() < (0.1 if stage == "before" else 0.97))
        size = np.exp(0.4 * rng.standard_normal()) * (0.2 if stage == "before" else 1) * correct
        for p in PS:
            pgd = scale[p] * size * np.exp(0.1 * rng.standard_normal())
            fgsm = pgd * np.exp(0.3 * rng.random()) if rng.random() > 0.1 else np.inf
            rows.append(
                {
                    "dataset": "mnist",
                    "width": 256,
                    "restart": restart,
                    "seed": restart,
                    "stage": stage,
                    "image": image,
                    "label": image % 10,
                    "p": p,
                    "correct": correct,
                    "margin": size,
                    "certified_radius": scale[p] * size * 0.1 * np.exp(-rng.random()),
                    "local_radius": pgd * (0.3 + 0.3 * rng.random()),
                    "fgsm_radius": fgsm if correct else 0.0,
                    "pgd_radius": pgd,
                }
            )
    return pd.DataFrame(rows)


def course_table(epochs=(0, 1, 2, 5, 10, 20, 50, 100, 200), restarts=4, growth=0.4, seed=5):
    """Upper bounds are three times the lower ones, and both grow as (1 + epoch)^growth."""
    rng = np.random.default_rng(seed)
    scale = {1.0: 0.4, 2.0: 2.0, np.inf: 30.0}
    rows = []
    for restart, epoch in itertools.product(range(restarts), epochs):
        jitter = np.exp(0.05 * rng.standard_normal())
        for p in PS:
            lower = scale[p] * (1 + epoch) ** growth * jitter
            rows.append(
                {
                    "dataset": "mnist",
                    "width": 256,
                    "restart": restart,
                    "seed": restart,
                    "epoch": epoch,
                    "p": p,
                    "lower": lower,
                    "upper": 3 * lower,
                    "train_error": 0.9 * np.exp(-epoch / 4),
                    "margin": 0.1 * epoch**0.5,
                    "weight_norm": 5 + epoch**0.5,
                }
            )
    return pd.DataFrame(rows)
