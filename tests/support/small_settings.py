"""Configurations of small experiments, by study."""

SETTINGS = {
    "interpolation": {
        "title": "A test",
        "dataset": "moons",
        "order": "reference",
        "grid": {"first_width": [5, 20], "max_bias": [0, 1]},
        "restarts": 3,
        "scales": {"smoke": {}},
        "figures": {},
    },
    "lipschitz": {
        "title": "A test",
        "place": 1,
        "grid": {"input_dim": [2], "width": [4, 8], "bias": ["zero"]},
        "p": [1, "inf"],
        "restarts": 2,
        "search": {"restarts": 2, "steps": 5},
        "upper": ["product"],
        "scales": {"smoke": {}},
        "figures": {},
    },
}
