"""The options of each tool that the next steps use, and where they were read; a test holds the commands to them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """A tool's options in the version that was read, and the page or source file where a person can check them."""

    name: str
    source: str
    options: frozenset[str]


OPTIONS: dict[str, Options] = {
    "hf": Options("Hugging Face Hub", "https://github.com/huggingface/huggingface_hub", frozenset({"--local-dir"})),
    "vllm": Options(
        "vLLM",
        "https://github.com/vllm-project/vllm/blob/4ba787ec9/vllm/engine/arg_utils.py",
        frozenset(
            {
                *("--max-model-len", "--tensor-parallel-size", "--pipeline-parallel-size", "--quantization"),
                *("--enable-auto-tool-choice", "--tool-call-parser", "--reasoning-parser"),
            }
        ),
    ),
    "sglang": Options(
        "SGLang",
        "https://github.com/sgl-project/sglang",
        frozenset({"--model-path", "--context-length", "--tp-size", "--quantization", "--tool-call-parser", "--reasoning-parser"}),
    ),
    "llama.cpp": Options(
        "llama.cpp",
        "https://github.com/ggml-org/llama.cpp/blob/0c1e57098/common/arg.cpp",
        frozenset({"--outfile", "--outtype", "-m", "-c", "-ngl", "-sm"}),
    ),
    "llama-factory": Options(
        "LLaMA-Factory",
        "https://github.com/hiyouga/LLaMA-Factory/tree/ff6d4d12eeb035d6ce06805a5733dd7b29f2ac30/examples",
        frozenset(
            {
                *("model_name_or_path", "stage", "do_train", "finetuning_type", "lora_rank", "lora_target", "quantization_bit"),
                *("quantization_method", "deepspeed", "dataset", "template", "cutoff_len", "output_dir", "per_device_train_batch_size"),
                *("gradient_accumulation_steps", "learning_rate", "num_train_epochs", "lr_scheduler_type", "warmup_ratio", "bf16"),
            }
        ),
    ),
    "ms-swift": Options(
        "ms-swift",
        "https://github.com/modelscope/ms-swift/blob/3602360a562313afbf2ef6065fdf61f271a2c5b9/docs/source_en/Instruction/Command-line-parameters.md",
        frozenset(
            {
                *("--model", "--use_hf", "--tuner_type", "--dataset", "--torch_dtype", "--max_length", "--lora_rank", "--lora_alpha"),
                *("--target_modules", "--quant_method", "--quant_bits", "--deepspeed", "--per_device_train_batch_size"),
                *("--gradient_accumulation_steps", "--learning_rate", "--num_train_epochs", "--output_dir"),
            }
        ),
    ),
}
"""By the id of the tool; ``hf`` downloads."""
