"""The dictionary of columns: unit, kind, direction, group and text code of each column of the table."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

ColumnKind: TypeAlias = Literal["text", "count", "number", "flag", "date", "list"]
Direction: TypeAlias = Literal["higher", "lower"]
Group: TypeAlias = Literal["identity", "parameters", "architecture", "layers", "context", "data", "licence", "memory"]


@dataclass(frozen=True)
class Column:
    """One column: how to read, sort and name it."""

    name: str
    group: Group
    kind: ColumnKind
    unit: str | None = None
    direction: Direction | None = None
    """Which way is better for most users; None where it depends."""

    @property
    def code(self) -> str:
        """Return the text code of its name in the catalogues."""
        return f"column.{self.name}"


_COLUMNS = (
    Column("id", "identity", "text"),
    Column("release", "identity", "text"),
    Column("developer", "identity", "text"),
    Column("variant", "identity", "text"),
    Column("reasoning", "identity", "text"),
    Column("released", "identity", "date", direction="higher"),
    Column("parameters", "parameters", "count"),
    Column("parameters_active", "parameters", "count"),
    Column("parameters_checkpoint", "parameters", "count"),
    Column("architecture", "architecture", "text"),
    Column("layers", "architecture", "count"),
    Column("hidden_size", "architecture", "count"),
    Column("intermediate_size", "architecture", "count"),
    Column("attention", "architecture", "text"),
    Column("attention_heads", "architecture", "count"),
    Column("kv_heads", "architecture", "count"),
    Column("head_dim", "architecture", "count"),
    Column("position", "architecture", "text"),
    Column("rope_theta", "architecture", "number"),
    Column("norm", "architecture", "text"),
    Column("activation", "architecture", "text"),
    Column("tied_embeddings", "architecture", "flag"),
    Column("vocabulary", "data", "count", "tokens"),
    Column("embedding_rows", "architecture", "count"),
    Column("experts", "architecture", "count"),
    Column("experts_active", "architecture", "count"),
    Column("expert_intermediate_size", "architecture", "count"),
    Column("sliding_window", "context", "count", "tokens"),
    Column("context_trained", "context", "count", "tokens", "higher"),
    Column("context_config", "context", "count", "tokens", "higher"),
    Column("context_advertised", "context", "count", "tokens", "higher"),
    Column("training_tokens", "data", "count", "tokens", "higher"),
    Column("languages_declared", "data", "count", direction="higher"),
    Column("licence", "licence", "text"),
    Column("tokenizer", "data", "text"),
    Column("tokenizer_algorithm", "data", "text"),
    Column("tokenizer_tool", "data", "text"),
    Column("kv_bytes_per_token", "memory", "count", "bytes", "lower"),
    Column("base_published", "identity", "flag", direction="higher"),
    Column("size", "identity", "text"),
    Column("active_label", "parameters", "text"),
    Column("base_id", "identity", "text"),
    Column("context_method", "context", "text"),
    Column("languages", "data", "list"),
    Column("training_data", "data", "text"),
    Column("knowledge_cutoff", "data", "date"),
    Column("image", "identity", "flag"),
    Column("tools", "identity", "flag"),
    Column("fill_in_middle", "identity", "flag"),
    Column("layer_types", "layers", "text"),
    Column("latent_attention", "layers", "text"),
    Column("linear_attention", "layers", "text"),
    Column("state_space", "layers", "text"),
    Column("indexer", "layers", "text"),
    Column("compressed_attention", "layers", "text"),
    Column("global_attention", "layers", "text"),
    Column("expert_layers", "layers", "count"),
    Column("shared_experts", "layers", "count"),
    Column("shared_expert_intermediate_size", "layers", "count"),
    Column("shared_kv_layers", "layers", "count"),
    Column("prediction_layers", "layers", "count"),
    Column("partial_rotary", "layers", "number"),
    Column("biases", "layers", "list"),
    Column("qk_norm", "layers", "flag"),
    Column("licence_revision", "licence", "text"),
    Column("parameters_active_without_embedding", "parameters", "count"),
    Column("vision_parameters", "parameters", "count"),
    Column("chat_template", "identity", "flag"),
    Column("training_composition", "data", "text"),
    Column("card_tags", "data", "list"),
    Column("mmlu_pro", "data", "number", "per cent", "higher"),
    Column("mmlu", "data", "number", "per cent", "higher"),
    Column("tokenizer_measured", "data", "text"),
    Column("characters_per_token_en", "data", "number", "characters", "higher"),
    Column("characters_per_token_zh", "data", "number", "characters", "higher"),
    Column("tuning_tools", "identity", "list"),
    Column("serving_engines", "identity", "list"),
)

COLUMNS: dict[str, Column] = {column.name: column for column in _COLUMNS}
"""Every column of the table, in export order."""
