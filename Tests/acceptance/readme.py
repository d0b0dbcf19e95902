"""Runs what the README shows: every `$` line of its console blocks, whose output must be as printed, and its Swift blocks, as
one program of a package outside the repository that depends on it by path and on nothing else.

    EINSUMC=path/to/einsumc python3 readme.py
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)

MANIFEST = """// swift-tools-version: 6.2
import PackageDescription
let package = Package(
  name: "Outside",
  dependencies: [.package(name: "einsumc", path: "{root}")],
  targets: [
    .executableTarget(name: "Outside", dependencies: [.product(name: "Einsum", package: "einsumc")])
  ])
"""


def commands(block):
    """The (command, expected output) pairs of a console block; `# ...` behind a command says that its output varies."""
    pairs = []
    for line in block.splitlines():
        if line.startswith("$ "):
            command, _, remark = line[2:].partition("  # ")
            pairs.append([command, "" if not remark else None])
        elif pairs and pairs[-1][1] is not None:
            pairs[-1][1] += line + "\n"
    return pairs


def check_command(command, expected):
    if command.startswith("tools/test") or command.startswith("git clone"):
        return None
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr[-2000:]}"
    if expected is not None and done.stdout.strip() != expected.strip():
        return f"printed\n{done.stdout}\nbut the README says\n{expected}"
    return None


def check_swift(blocks):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        sources = folder / "Sources" / "Outside"
        sources.mkdir(parents=True)
        (folder / "Package.swift").write_text(MANIFEST.format(root=ROOT))
        imports = sorted({line for block in blocks for line in block.splitlines() if line.startswith("import ")})
        bodies = ["do {\n" + "\n".join(l for l in block.splitlines() if not l.startswith("import ")) + "\n}" for block in blocks]
        (sources / "main.swift").write_text("\n".join(imports + bodies) + "\n")
        scratch = ROOT / ".build" / "outside"
        done = subprocess.run(
            ["swift", "run", "--package-path", str(folder), "--scratch-path", str(scratch)], capture_output=True, text=True)
        return None if done.returncode == 0 else f"exit {done.returncode}: {(done.stdout + done.stderr)[-3000:]}"


def main():
    text = (ROOT / "README.md").read_text()
    passed, failed = 0, 0
    swift = []
    for language, block in BLOCK.findall(text):
        if language == "swift" and "Package" not in block:
            swift.append(block)
        if language != "console":
            continue
        for command, expected in commands(block):
            why = check_command(command, expected)
            passed, failed = (passed + 1, failed) if why is None else (passed, failed + 1)
            if why is not None:
                print(f"README: {command}: {why}")
    if swift:
        why = check_swift(swift)
        passed, failed = (passed + 1, failed) if why is None else (passed, failed + 1)
        if why is not None:
            print(f"README, Swift: {why}")
    print(f"README: {passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
