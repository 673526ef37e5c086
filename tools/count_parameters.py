"""Counts parameters on torch's meta device with transformers: the oracle of ``model_registry/parameters.py``.

For each checkpoint whose architecture transformers knows, a model is built without memory from its config and its weights
are counted by component. The config is the published config.json where a folder of them is given (``--configs``, files named
``ORG--NAME_config.json``), else the registry's own numbers put into the library's config class. The result is checked in as
``tests/model_registry/golden_parameters.csv``. Needs torch (CPU), which is no requirement of the project:

    pip install torch==2.13.0 && python -m tools.count_parameters --configs FOLDER
"""

import argparse
import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huggingface_hub.errors import StrictDataclassError

from model_registry.load import load
from model_registry.parameters import COMPONENTS, Breakdown
from tools.transformers_config import OWN_CODE, class_differs, config_of

GOLDEN = Path(__file__).parent.parent / "tests" / "model_registry" / "golden_parameters.csv"
FIELDS = ("checkpoint", "model_type", "config", *COMPONENTS)
_TOWERS = re.compile(r"vision|visual|audio|multi_modal|mm_projector|mtp")
_BY_NAME = (
    (re.compile(r"e_score_correction_bias|expert_bias"), "routing_biases"),
    (re.compile(r"lm_head|embed_out"), "head"),
    (re.compile(r"_hc\.|hc_head|altup(?!.*norm)|laurel\.linear|per_layer_(input_gate|projection\.)|per_layer_model|latent_proj"), "other"),
    (re.compile(r"shared_expert|shared_mlp"), "shared"),
    (re.compile(r"\.fc[12]\."), "mlp"),
)
"""Components told by a weight's name."""
_BY_CLASS = (
    (re.compile(r"Indexer"), "attention"),
    (re.compile(r"DeltaNet|DeltaAttention|LightningAttention|Mixer$|MambaLayer|ShortConv|ForgetGate"), "linear"),
    (re.compile(r"^(?!.*Embedding).*Norm"), "norms"),
    (re.compile(r"Embedding"), "embedding"),
    (re.compile(r"Router|TopK|Gate$"), "router"),
    (re.compile(r"Experts"), "routed"),
    (re.compile(r"^(?!.*DecoderLayer).*(Attention|Compressor|MLA$)"), "attention"),
    (re.compile(r"MLP|Mlp|FeedForward|FFN"), "mlp"),
)
"""Components told by the class of a module that holds the weight, the first that fits counting."""


def main() -> int:
    """Write the golden counts; print the checkpoints that could not be counted and why."""
    parser = argparse.ArgumentParser(description="Count parameters on torch's meta device.")
    parser.add_argument("--configs", type=Path, help="folder of published config.json files named ORG--NAME_config.json")
    options = parser.parse_args()
    published = _published(options.configs) if options.configs else {}
    rows, seen = [], set()
    for entry in load().entries:
        config = (
            None
            if class_differs(entry.architecture)
            else published.get(entry.id) or (config_of(entry) if isinstance(entry.breakdown, Breakdown) else None)
        )
        key = json.dumps({**(config or {}), "model_type": ""}, sort_keys=True)
        if config is None or key in seen:
            continue
        seen.add(key)
        try:
            counted = count(config)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, StrictDataclassError) as error:
            sys.stderr.write(f"{entry.id}: {type(error).__name__}: {str(error)[:160]}\n")
            continue
        origin = "published" if entry.id in published else "registry"
        rows.append({"checkpoint": entry.id, "model_type": entry.architecture.model_type, "config": origin, **counted})
    with GOLDEN.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, restval=0, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row["checkpoint"].lower()))
    sys.stdout.write(f"{len(rows)} configurations, {sum(row['config'] == 'published' for row in rows)} from published configs\n")
    return 0


def count(config: Mapping[str, Any]) -> dict[str, int]:
    """Return the weights of a config's language model by component; raises what the library raises."""
    import torch  # noqa: PLC0415  the oracle's own need
    from transformers import AutoModel, AutoModelForCausalLM, AutoModelForImageTextToText  # noqa: PLC0415  heavy
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING  # noqa: PLC0415  heavy

    parsed = CONFIG_MAPPING[config["model_type"]].from_dict(dict(config))
    refused = ValueError(f"no model class for {config['model_type']}")
    kinds: tuple[Any, ...] = (AutoModelForCausalLM, AutoModelForImageTextToText, AutoModel)
    for kind in kinds:
        try:
            with torch.device("meta"):
                model = kind.from_config(parsed, trust_remote_code=False)
            break
        except ValueError as error:
            refused = error
    else:
        raise refused
    summed: Counter[str] = Counter()
    for name, weight in _weights(model):
        summed[_component(model, name)] += weight.numel()
    if not config.get("num_experts", config.get("num_local_experts", 1)):
        summed["mlp"] += summed.pop("shared", 0)
    return dict(summed)


def _weights(model: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  torch is not installed where types are checked
    yield from model.named_parameters()
    for name, buffer in model.named_buffers():
        if _BY_NAME[0][0].search(name):
            yield name, buffer


def _component(model: Any, name: str) -> str:  # noqa: ANN401  torch is not installed where types are checked
    if _TOWERS.search(name):
        return "towers"
    for pattern, component in _BY_NAME:
        if pattern.search(name):
            return component
    parts = name.split(".")
    classes = [type(model.get_submodule(".".join(parts[:depth]))).__name__ for depth in range(len(parts) - 1, 0, -1)]
    for pattern, component in _BY_CLASS:
        if any(pattern.search(found) for found in classes):
            return component
    message = f"no component for {name} ({' < '.join(classes)})"
    raise ValueError(message)


def _published(folder: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.glob("*--*_config.json")):
        if "hf_quant" not in path.name:
            config = json.loads(path.read_text(encoding="utf-8"))
            config.pop("quantization_config", None)
            config["model_type"] = OWN_CODE.get(config["model_type"], config["model_type"])
            found[path.name.removesuffix("_config.json").replace("--", "/", 1)] = config
    return found


if __name__ == "__main__":
    raise SystemExit(main())
