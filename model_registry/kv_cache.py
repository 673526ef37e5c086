"""What a sequence keeps on the device: a KV cache that grows with its tokens, and a state that does not.

Sources of the formulas: multi-head, grouped and multi-query attention keep two vectors of kv_heads * head_dim a layer and
token; latent attention one latent and one rotary key (DeepSeek-V2, arXiv 2405.04434, section 2.1.4); sparse attention keeps
every token and an index key beside it (DeepSeek-V3.2); compressed attention a window and one entry for every few tokens
(DeepSeek-V4). States: gated DeltaNet arXiv 2412.06464, Kimi delta attention arXiv 2510.26692, lightning attention arXiv
2501.08313, Mamba arXiv 2312.00752, Mamba-2 arXiv 2405.21060: the recurrent state in 32 bits, the inputs that the short
convolution still needs in 16. What has no formula here, or lacks a number, is refused by name.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from model_registry.architecture_schema import Architecture, CompressedAttention, LayerType
from model_registry.layer_parameters import MissingNumberError, layer_sequence, need
from model_registry.parameters import NotModelled
from model_registry.wiring_schema import Wiring

BYTES_16_BIT, BYTES_32_BIT = 2, 4
_EVERY_TOKEN: frozenset[LayerType] = frozenset({"full_attention", "sparse_attention", "attention_and_mamba"})
_WINDOWED: frozenset[LayerType] = frozenset({"sliding_attention", "chunked_attention"})
_WITH_STATE: frozenset[LayerType] = frozenset({"linear_attention", "mamba", "attention_and_mamba", "convolution"})
_NOTHING: frozenset[LayerType] = frozenset({"mlp", "experts"})


@dataclass(frozen=True)
class CacheTerm:
    """Equal layers of a cache, counted together."""

    elements: int
    """Numbers that one entry holds over these layers."""
    ratio: int = 1
    """Tokens that an entry stands for."""
    window: int | None = None
    """Most entries that are kept; None = all."""
    heads: int = 1
    """Devices over which an entry can be split: KV heads; one where every device needs the whole."""

    def kept(self, tokens: int) -> int:
        """Return how many entries a sequence keeps."""
        entries = -(-tokens // self.ratio)
        return entries if self.window is None else min(entries, self.window)


@dataclass(frozen=True)
class Cache:
    """What one sequence keeps on the device."""

    terms: tuple[CacheTerm, ...]
    state_bytes: int | NotModelled
    """Bytes that do not depend on the tokens, or what is missing to count them."""

    def kv_bytes(self, tokens: int, *, element_bytes: int = BYTES_16_BIT, devices: int = 1, windows: bool = True) -> int:
        """Return the bytes of the KV cache of one sequence on one of ``devices``, over which its heads are split, each head whole.

        ``windows=False``: a runtime that keeps every token in windowed layers too.
        """
        total = Fraction(0)
        for term in self.terms:
            kept = term.kept(tokens) if windows else -(-tokens // term.ratio)
            total += Fraction(term.elements * kept * -(-term.heads // devices), term.heads)
        return int(element_bytes * total)

    @property
    def bytes_per_token(self) -> int:
        """Return the bytes in 16 bits that one more token adds once every window is full, over whole entries."""
        return int(BYTES_16_BIT * sum(Fraction(term.elements, term.ratio) for term in self.terms if term.window is None))

    @cached_property
    def windowed(self) -> bool:
        """Tell whether some layers keep a window only."""
        return any(term.window is not None for term in self.terms)


def cache_of(a: Architecture, wiring: Wiring | None) -> Cache | NotModelled:
    """Return what one sequence keeps, or NotModelled with the missing number or the type without a formula.

    Windowed layers keep at most their window (the runtime must honour it). Without a wiring the code was not read, and a
    layer may keep more than its numbers tell.
    """
    if wiring is None:
        return NotModelled("model_type is not known" if a.model_type is None else f"no formula for model_type {a.model_type}")
    try:
        types = _types(a)
        terms = _compressed(a, a.compressed) if a.compressed else _terms(a, types)
        doubled = 2 if wiring.two_sub_layers else 1
        terms = tuple(CacheTerm(doubled * term.elements, term.ratio, term.window, term.heads) for term in terms)
        return Cache(terms, _states(a, types))
    except MissingNumberError as error:
        return NotModelled(str(error))


def _types(a: Architecture) -> Counter[LayerType]:
    """Return how many layers of each type there are."""
    layers = need(a, "layers")
    types = layer_sequence(a)
    if not types and not a.compressed and (a.attention == "hybrid" or a.kind == "hybrid" or a.sliding_window):
        message = "layer_types is not known"
        raise MissingNumberError(message)
    return Counter(types or ["full_attention"] * layers)


def _terms(a: Architecture, types: Counter[LayerType]) -> tuple[CacheTerm, ...]:
    """Return the terms of all layers that have keys and values of their own."""
    own = types
    if a.shared_kv_layers:
        sequence = layer_sequence(a) or ["full_attention"] * need(a, "layers")
        own = Counter(sequence[: len(sequence) - a.shared_kv_layers])
    if strange := set(types) - _EVERY_TOKEN - _WINDOWED - _WITH_STATE - _NOTHING:
        message = f"no cache formula for {min(strange)} layers"
        raise MissingNumberError(message)
    full, windowed = (sum(own[layer] for layer in group) for group in (_EVERY_TOKEN, _WINDOWED))
    terms = []
    if full:
        elements, heads = _vectors(a, full=True)
        terms.append(CacheTerm(full * elements, heads=heads))
    if windowed:
        elements, heads = _vectors(a, full=False)
        terms.append(CacheTerm(windowed * elements, window=need(a, "sliding_window"), heads=heads))
    if a.indexer:
        indexers = a.indexer.layers or types["sparse_attention"] or full
        terms.append(CacheTerm(indexers * a.indexer.head_dim))
    return tuple(terms)


def _vectors(a: Architecture, *, full: bool) -> tuple[int, int]:
    """Return the numbers that one token leaves in one layer, index keys apart, and the heads they belong to."""
    if a.mla and full:
        return a.mla.kv_rank + a.mla.rope_dim, 1
    heads = (a.global_kv_heads if full else None) or need(a, "kv_heads")
    dim = (a.global_head_dim if full else None) or need(a, "head_dim")
    return heads * (dim + (a.value_dim or dim)), heads


def _compressed(a: Architecture, block: CompressedAttention) -> tuple[CacheTerm, ...]:
    """Return the terms of compressed attention: a window of keys, and one entry for every ``ratio`` tokens.

    The one key-value head serves as key and value, so a token leaves one vector; indexed layers keep an index key with
    each entry.
    """
    dim = need(a, "head_dim")
    terms = [CacheTerm(need(a, "layers") * dim, window=need(a, "sliding_window"))]
    for ratio, layers in a.ratio_counts().items():
        if ratio:
            index_key = need(a.indexer, "head_dim") if ratio == block.indexed_ratio else 0
            terms.append(CacheTerm(layers * (dim + index_key), ratio=ratio))
    return tuple(terms)


def _states(a: Architecture, types: Counter[LayerType]) -> int | NotModelled:
    """Return the constant state of all layers (bytes)."""
    try:
        return sum(count * _state(a, layer) for layer, count in types.items() if layer in _WITH_STATE)
    except MissingNumberError as error:
        return NotModelled(str(error))


def _state(a: Architecture, layer: LayerType) -> int:
    """Return the constant state of one layer (bytes)."""
    if layer == "convolution":
        return (need(a, "convolution_kernel") - 1) * need(a, "hidden_size") * BYTES_16_BIT
    return _linear_state(a) if layer == "linear_attention" else _state_space_state(a)


def _linear_state(a: Architecture) -> int:
    linear = a.linear
    if linear is None:
        message = "the linear block is not known"
        raise MissingNumberError(message)
    heads, value_dim = need(linear, "value_heads"), need(linear, "value_dim")
    if linear.kind == "lightning":
        return heads * value_dim * value_dim * BYTES_32_BIT
    held_back = need(linear, "convolution") - 1
    if linear.kind == "KDA":
        return heads * value_dim * (value_dim * BYTES_32_BIT + 3 * held_back * BYTES_16_BIT)
    key_dim = need(linear, "key_dim")
    mixed = 2 * need(linear, "key_heads") * key_dim + heads * value_dim
    return heads * key_dim * value_dim * BYTES_32_BIT + held_back * mixed * BYTES_16_BIT


def _state_space_state(a: Architecture) -> int:
    block = a.state_space
    if block is None:
        message = "the state_space block is not known"
        raise MissingNumberError(message)
    inner, size = need(block, "inner_size"), need(block, "state_size")
    mixed = inner if block.kind == "Mamba-1" else inner + 2 * need(block, "groups") * size
    return inner * size * BYTES_32_BIT + (need(block, "convolution") - 1) * mixed * BYTES_16_BIT
