"""The JSON Schemas that editors use, generated from the pydantic models and checked in."""

import json
from pathlib import Path

from pydantic import BaseModel

from model_registry.ecosystem_schema import EcosystemFile
from model_registry.licence_schema import Licence
from model_registry.load import ROOT
from model_registry.other_schemas import BenchmarkSources, Devices
from model_registry.schema import Release
from model_registry.tokenizer_schema import MeasuredTokenizer
from model_registry.wiring_schema import Wirings

_FILES: dict[str, type[BaseModel]] = {
    "schema.json": Release,
    "schema_licence.json": Licence,
    "schema_devices.json": Devices,
    "schema_ecosystem.json": EcosystemFile,
    "schema_sources.json": BenchmarkSources,
    "schema_tokenizers.json": MeasuredTokenizer,
    "schema_wirings.json": Wirings,
}


def schema_texts() -> dict[Path, str]:
    """Return the text of each schema file by its path."""
    return {ROOT / name: json.dumps(model.model_json_schema(), indent=1, ensure_ascii=False) + "\n" for name, model in _FILES.items()}
