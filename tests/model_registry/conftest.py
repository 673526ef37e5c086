"""A registry small enough to break in every way: one release, one licence, one result, one device."""

from pathlib import Path

import pytest

from model_registry.load import ROOT

RELEASE = """\
release: One
developer: Maker
sources:
  card: {url: "https://example.org/card", read: 2026-11-24}
  config: {url: "https://example.org/config.json", read: 2026-11-23}
released: {date: "2026-01-31", source: card}
licence: {id: mit, source: card}
training: {tokens: 1000000000000, data: undisclosed, composition: null, cutoff: null, source: card}
tokenizer: {algorithm: BPE, tool: SentencePiece, vocabulary: 99, source: card}
languages: {declared: 2, at_least: false, basis: supported, codes: [en, zh], complete: true, card_tags: null, source: card}
abilities: {image: false, tools: null, fill_in_middle: null, source: card}
sizes:
  - size: "1"
    parameters: {total: 95040, active_label: null, source: config}
    architecture:
      source: config
      kind: dense
      model_type: llama
      layers: 2
      hidden_size: 64
      intermediate_size: 128
      attention: MHA
      attention_heads: 4
      kv_heads: 4
      head_dim: 16
      position: RoPE
      rope_theta: 10000
      norm: RMSNorm
      activation: SwiGLU
      tied_embeddings: false
      embedding_rows: 100
    base: {published: true, id: maker/One-Base, source: card}
    checkpoints:
      - id: maker/One-Base
        variant: base
        reasoning: none
        context: {trained: 2048, config: 4096, advertised: 4096, method: null, source: card, sources: {config: config}}
        stored: {count: 95040, source: card}
        chat_template: {present: null, source: card}
      - id: maker/One-Chat
        variant: chat
        reasoning: none
        context: {trained: null, config: 4096, advertised: 4096, method: null, source: card, sources: {config: config}}
        stored: {count: null, source: card}
        chat_template: {present: true, source: card}
"""
SOURCES = """\
sources:
  report: {url: "https://example.org/report", read: 2026-11-24}
"""
RESULTS = """\
checkpoint,benchmark,score,mode,shots,language,reported_by,source,place,note
maker/One-Base,mmlu,50.5,base_few_shot,5,en,vendor,report,,
"""
DEVICES = """\
sources:
  list: {url: "https://example.org/devices", read: 2026-11-24}
devices:
  - {id: card-24, name: Card, vendor: Maker, kind: consumer, memory_gib: 24, memory_bytes: null, usable_gib: null, \
bandwidth_gb_s: null, bf16_tflops: null, sources: {memory_gib: [list]}, note: null}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return the folder of a valid registry of six files."""
    root = tmp_path / "registry"
    files = {
        "releases/maker/one.yaml": RELEASE,
        "licences/mit.yaml": (ROOT / "licences" / "mit.yaml").read_text(encoding="utf-8"),
        "benchmarks/results.csv": RESULTS,
        "benchmarks/sources.yaml": SOURCES,
        "devices.yaml": DEVICES,
        "wirings.yaml": (ROOT / "wirings.yaml").read_text(encoding="utf-8"),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
