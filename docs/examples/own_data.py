"""
Interpolating networks on data of your own
==========================================

How large must a network on random hyperplanes be to interpolate *your* data, and what does it
predict elsewhere? This example asks that of a real table, with `InterpolatingClassifier`, which
works like any classifier of scikit-learn. It runs in a few seconds.
"""

import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from memrob.errors import UserError
from memrob.interpolation import InterpolatingClassifier, load, save, to_torch

# %%
# The data
# --------
# 569 tumours, 30 measurements of each, and whether it was malignant. Labels may be strings. With
# two classes the last one in alphabetical order plays X- of the paper: neurons of the second layer
# fire at its points and nowhere on the other class.
#
# Measurements have units of their own, from 0.001 to 4,000. Hyperplanes with independent Gaussian
# coordinates treat all directions alike, so the features are standardised first. The classifier
# itself then divides all points by the largest norm: `max_bias` is in units of that.

table = load_breast_cancer()
X, y = table.data, table.target_names[table.target]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)
scaler = StandardScaler().fit(X_train)
X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
print(f"{len(X_train)} points to train on, {len(X_test)} held out, {X.shape[1]} features\n")

# %%
# Second width and accuracy by the first width
# --------------------------------------------
# A first layer of too few hyperplanes does not separate all pairs of points: the network does not
# interpolate. As they become more, it does, and each neuron of the second layer covers more points,
# so that fewer are needed. Both are random; here is the mean of ten draws.

MAX_BIAS = 1.0
DRAWS = 10


def networks(first_width):
    """Fit one network per draw."""
    for seed in range(DRAWS):
        classifier = InterpolatingClassifier(first_width, MAX_BIAS, random_state=seed)
        yield classifier.fit(X_train, y_train)


print("first width   interpolate   second width   parameters   train accuracy   test accuracy")
for first_width in (50, 100, 200, 400, 1000, 4000):
    rows = [
        (
            c.interpolates_,
            c.second_width_,
            c.n_parameters_,
            c.score(X_train, y_train),
            c.score(X_test, y_test),
        )
        for c in networks(first_width)
    ]
    interpolates, width, parameters, train, test = np.mean(rows, axis=0)
    print(
        f"{first_width:11d}   {interpolates:11.0%}   {width:12.1f}   {parameters:10.0f}"
        f"   {train:14.3f}   {test:13.3f}"
    )

# %%
# A network that interpolates is not yet one that generalises: the construction never looks at a
# margin. Two classifiers that are made to generalise do better on the points held out, though
# neither fits those to train on exactly.

print()
for other in (LogisticRegression(max_iter=1000), KNeighborsClassifier()):
    other.fit(X_train, y_train)
    print(
        f"{type(other).__name__:20s}   train accuracy {other.score(X_train, y_train):.3f}"
        f"   test accuracy {other.score(X_test, y_test):.3f}"
    )

# %%
# Growing the first layer until it interpolates
# ---------------------------------------------
# With `warm_start`, a larger `first_width` keeps the hyperplanes and adds new ones, as more trees
# are added to a forest. The second layer is constructed anew each time, since every neuron looks at
# all hyperplanes.
#
# (`adaptive=True` does this in one go and finds the least number for its random stream.)

print()
grown = InterpolatingClassifier(25, MAX_BIAS, warm_start=True, random_state=0).fit(X_train, y_train)
while not grown.interpolates_:
    grown.set_params(first_width=grown.first_width_ + 25).fit(X_train, y_train)
    print(
        f"{grown.first_width_} hyperplanes: {grown.second_width_} neurons,"
        f" train accuracy {grown.score(X_train, y_train):.3f}"
    )

# %%
# Saving it, and using it elsewhere
# ---------------------------------
# The file holds arrays and text, nothing that is run when it is loaded. Predictions are the same
# bit by bit.

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "tumours.safetensors"
    save(path, grown)
    loaded = load(path)
same = np.array_equal(loaded.predict(X_test), grown.predict(X_test))
print(f"\nloaded network predicts the same labels: {same}")

# %%
# As a `torch.nn.Module` the network takes tensors, and moves to a graphics card like any other. It
# gives positions in `classes_` where labels are strings.

try:
    module = to_torch(grown)
except UserError as error:
    print(error)
else:
    import torch

    positions = module(torch.from_numpy(X_test))
    same = np.array_equal(grown.classes_[positions.numpy()], grown.predict(X_test))
    print(f"torch module predicts the same labels: {same}")
